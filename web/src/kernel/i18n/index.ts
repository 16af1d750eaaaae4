import i18next, { type InitOptions } from 'i18next'
import { useCallback } from 'react'
import { initReactI18next, useTranslation } from 'react-i18next'
import { hasChosenLocale, isLocale, type Locale, preferredLocale, storeLocale } from './locale'

export { isLocale, LOCALES, type Locale } from './locale'

type Catalogue = Record<string, unknown>
let loadCatalogue: (locale: Locale) => Promise<Catalogue>

const show = async (locale: Locale) => {
  if (!i18next.hasResourceBundle(locale, 'translation')) {
    i18next.addResourceBundle(locale, 'translation', await loadCatalogue(locale))
  }
  await i18next.changeLanguage(locale)
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

/** The language on screen. */
export const useLocale = (): Locale => {
  const { i18n } = useTranslation()
  return isLocale(i18n.language) ? i18n.language : 'en'
}

/** Text by its key, which is the folder path of who says it. */
export const useT = () => {
  const { t } = useTranslation()
  return t
}

/** Words for values that come from data, where an unknown one is shown as it is. */
export const useWord = () => {
  const { t, i18n } = useTranslation()
  return useCallback(
    (prefix: string, value: string): string => {
      const key = `${prefix}.${value}`
      return i18n.exists(key) ? t(key as never) : value
    },
    [t, i18n],
  )
}
