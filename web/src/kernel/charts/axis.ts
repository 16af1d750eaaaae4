/** A straight scale: where an amount of the domain lies among the pixels of the range. */
export const linear =
  ([low, high]: readonly [number, number], [start, end]: readonly [number, number]) =>
  (value: number): number =>
    high === low ? start : start + ((value - low) / (high - low)) * (end - start)

const STEPS = [1, 2, 2.5, 5, 10]

/** Round amounts across a domain, about as many as asked for. */
export const ticks = (low: number, high: number, about: number): number[] => {
  if (high <= low) return [low]
  const rough = (high - low) / Math.max(1, about)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * (STEPS.find((each) => each * power >= rough) ?? 10)
  const first = Math.ceil(low / step)
  const count = Math.floor(high / step) - first + 1
  return Array.from({ length: count }, (_, index) => (first + index) * step)
}
