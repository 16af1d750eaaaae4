const partsIn = (timeZone: string, instant: Date) =>
  Object.fromEntries(
    new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  ) as Record<string, string>

/** What clocks and calendars of a time zone show at an instant: 2026-11-01T00:00:00. */
export const toWall = (instant: string, timeZone: string): string => {
  const { year, month, day, hour, minute, second } = partsIn(timeZone, new Date(instant))
  return `${year}-${month}-${day}T${hour}:${minute}:${second}`
}

const offsetMs = (instant: number, timeZone: string): number =>
  Date.parse(`${toWall(new Date(instant).toISOString(), timeZone)}Z`) - instant

/** The instant at which clocks of a time zone show a time; of two, the earlier. */
export const fromWall = (wall: string, timeZone: string): string => {
  const asUtc = Date.parse(`${wall}Z`)
  const early = asUtc - offsetMs(asUtc - 86_400_000, timeZone)
  const late = asUtc - offsetMs(asUtc + 86_400_000, timeZone)
  const fits = (instant: number) => toWall(new Date(instant).toISOString(), timeZone) === wall
  const instant = [early, late].filter(fits).sort((one, other) => one - other)[0] ?? late
  return new Date(instant).toISOString()
}
