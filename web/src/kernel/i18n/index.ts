import i18next, { type InitOptions } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { hasChosenLocale, isLocale, type Locale, preferredLocale, storeLocale } from './locale'
import { type Phrasebook, speakBy } from './said'

export { isLocale, LOCALES, type Locale } from './locale'

type Catalogue = Record<string, unknown>
let loadCatalogue: (locale: Locale) => Promise<Catalogue>
/** Where forms keep the names of fields that the server refuses, beside those of the phrasebook. */
const LABELS = 'channels.field'

/** What the server's English is said by; English needs nothing. */
const loadPhrasebook = async (locale: Locale): Promise<Phrasebook | null> =>
  locale === 'zh-CN' ? (await import('./server/zh-CN.json')).default : null

const show = async (locale: Locale) => {
  const phrasebook = loadPhrasebook(locale)
  if (!i18next.hasResourceBundle(locale, 'translation')) {
    i18next.addResourceBundle(locale, 'translation', await loadCatalogue(locale))
  }
  await i18next.changeLanguage(locale)
  speakBy(await phrasebook, (name) => {
    const key = `${LABELS}.${name}`
    return i18next.exists(key) ? i18next.t(key as never) : undefined
  })
  document.documentElement.lang = locale
}

/** Start in the reader's language; catalogues other than English come in on demand. */
export const startI18n = async (load: (locale: Locale) => Promise<Catalogue>) => {
  loadCatalogue = load
  const options: InitOptions = {
    fallbackLng: 'en',
    resources: {},
    interpolation: { escapeValue: false },
  }
  await i18next.use(initReactI18next).init(options)
  await show(preferredLocale())
}

/** Change the language now and for the next visit. */
export const setLocale = async (locale: Locale) => {
  storeLocale(locale)
  await show(locale)
}

/** Take over the account's language, unless another was chosen in this browser. */
export const adoptLocale = async (locale: string | null) => {
  if (isLocale(locale) && !hasChosenLocale()) await show(locale)
}

export { I18nProvider, useLocale, useT, useWord } from './provider'
export { said } from './said'
