export * from './dates'
export * from './money'
export * from './numbers'
export { type Formats, FormatsProvider, useFormats } from './use-formats'
