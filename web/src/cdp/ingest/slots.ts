export interface Counted {
  accepted: number
  rejected: number
  duplicate: number
}

export interface Slot extends Counted {
  /** When the slot begins, in Unix milliseconds. */
  from: number
}

const MINUTE = 60_000
const MOST_SLOTS = 60

/** How many minutes one bar covers, so that a span has at most sixty. */
export const slotMinutes = (minutes: number): number => Math.max(1, Math.ceil(minutes / MOST_SLOTS))

/** Counters by the minute, gathered into bars of equal length up to now; empty ones included. */
export const toSlots = (
  series: readonly (Counted & { minute: string })[],
  minutes: number,
  now: number,
): Slot[] => {
  const width = slotMinutes(minutes) * MINUTE
  const last = Math.floor(now / width) * width
  const count = Math.ceil((minutes * MINUTE) / width)
  const slots = Array.from({ length: count }, (_, index) => ({
    from: last - (count - 1 - index) * width,
    accepted: 0,
    rejected: 0,
    duplicate: 0,
  }))
  const first = slots[0]?.from ?? last
  for (const each of series) {
    const slot = slots[Math.floor((Date.parse(each.minute) - first) / width)]
    if (!slot) continue
    slot.accepted += each.accepted
    slot.rejected += each.rejected
    slot.duplicate += each.duplicate
  }
  return slots
}
