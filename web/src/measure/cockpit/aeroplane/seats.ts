export const ROWS = 4
export const COLUMNS = 10
export const SEATS = ROWS * COLUMNS

/** How many people one seat stands for, when everybody who ever came fills the first cabin. */
export const peoplePerSeat = (everybody: number): number => Math.max(1, everybody / SEATS)

/** How full each seat of a cabin is, 0 to 1; the last one may be filled in part. */
export const seatFills = (people: number, perSeat: number): number[] => {
  const taken = people / perSeat
  return Array.from({ length: SEATS }, (_, seat) => Math.min(1, Math.max(0, taken - seat)))
}
