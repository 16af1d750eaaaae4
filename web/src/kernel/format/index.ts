export * from './dates'
export * from './money'
export * from './numbers'
export { type Formats, useFormats } from './use-formats'
