import { api } from '@/kernel/api'
import { useMe } from '@/kernel/auth'
import { LOCALES, type Locale, setLocale, useLocale, useT } from '@/kernel/i18n'
import { Segmented } from '@/kernel/ui'

const NAMES: Readonly<Record<Locale, string>> = { en: 'EN', 'zh-CN': '中文' }

/** English or Chinese, kept in the browser and, when signed in, with the account. */
export const LanguageSwitch = () => {
  const t = useT()
  const locale = useLocale()
  const isSignedIn = useMe() !== null
  const choose = async (next: Locale) => {
    await setLocale(next)
    if (isSignedIn) await api.PATCH('/api/auth/me', { body: { locale: next } })
  }
  return (
    <Segmented<Locale>
      aria-label={t('app.shell.language')}
      value={locale}
      options={LOCALES.map((each) => ({ value: each, label: <span lang={each}>{NAMES[each]}</span> }))}
      onChange={(next) => void choose(next)}
    />
  )
}
