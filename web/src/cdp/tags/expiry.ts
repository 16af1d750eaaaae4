export const UNITS = { hours: 3_600, days: 86_400, weeks: 604_800 } as const
export type Unit = keyof typeof UNITS

/** A length of time in the largest unit that says it whole. */
export const inUnits = (seconds: number): { amount: number; unit: Unit } => {
  for (const unit of ['weeks', 'days', 'hours'] as const) {
    // Two weeks and more read well; seven days read better than a week.
    const isFit = seconds % UNITS[unit] === 0 && (unit !== 'weeks' || seconds >= 2 * UNITS.weeks)
    if (isFit) return { amount: seconds / UNITS[unit], unit }
  }
  return { amount: seconds / UNITS.hours, unit: 'hours' }
}
