import type { Cohort } from '@/kernel/api'

/** What a buyer of the cohort has brought up to each period since the first order, in minor units. */
export const valuePerBuyer = ({ people, revenue_minor }: Cohort): number[] => {
  let total = 0
  return revenue_minor.map((minor) => {
    total += minor
    return people > 0 ? total / people : 0
  })
}
