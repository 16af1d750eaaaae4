import 'i18next'
import type en from './en'

declare module 'i18next' {
  interface CustomTypeOptions {
    /** Keys are typed from the English catalogue: a wrong one does not compile. */
    resources: { translation: typeof en }
  }
}
