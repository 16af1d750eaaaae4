import type { TFunction } from 'i18next'
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { isLocale, type Locale } from './locale'

interface Translator {
  t: TFunction
  locale: Locale
  word: (prefix: string, value: string) => string
}

const Context = createContext<Translator | null>(null)

/** Follows the language once for the whole app, so that a table's thousand cells need not. */
export const I18nProvider = ({ children }: { children: ReactNode }) => {
  const { t, i18n } = useTranslation()
  const { language } = i18n
  const translator = useMemo(
    () => ({
      t,
      locale: isLocale(language) ? language : 'en',
      word: (prefix: string, value: string) => {
        const key = `${prefix}.${value}`
        return i18n.exists(key) ? t(key as never) : value
      },
    }),
    [t, i18n, language],
  )
  return <Context value={translator}>{children}</Context>
}

const useTranslator = (): Translator => {
  const translator = useContext(Context)
  if (!translator) throw new Error('I18nProvider is missing.')
  return translator
}

/** The language on screen. */
export const useLocale = (): Locale => useTranslator().locale

/** Text by its key, which is the folder path of who says it. */
export const useT = (): TFunction => useTranslator().t

/** Words for values that come from data, where an unknown one is shown as it is. */
export const useWord = () => useTranslator().word
