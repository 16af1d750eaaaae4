export {
  chosenDays,
  GLANCE,
  LONG,
  type PeriodChoice,
  type PeriodSearch,
  parsePeriodSearch,
  resolvePeriod,
  WHOLE,
} from './period'
export { PeriodPicker } from './period-picker'
export { usePeriod } from './use-period'
