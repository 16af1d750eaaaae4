export { type PeriodSearch, parsePeriodSearch, resolvePeriod } from './period'
export { PeriodPicker } from './period-picker'
export { usePeriod } from './use-period'
