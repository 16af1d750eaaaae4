import { Segmented } from 'antd'
import { LOCALES, type Locale, setLocale, useLocale, useT } from '@/kernel/i18n'

const NAMES: Readonly<Record<Locale, string>> = { en: 'EN', 'zh-CN': '中文' }

interface LanguageSwitchProps {
  /** Called after the language has changed, to keep the choice elsewhere too. */
  onChosen?: (locale: Locale) => void
}

/** English or Chinese, kept in the browser. */
export const LanguageSwitch = ({ onChosen }: LanguageSwitchProps) => {
  const t = useT()
  const choose = async (next: Locale) => {
    await setLocale(next)
    onChosen?.(next)
  }
  return (
    <Segmented<Locale>
      aria-label={t('kernel.ui.language')}
      value={useLocale()}
      options={LOCALES.map((each) => ({ value: each, label: <span lang={each}>{NAMES[each]}</span> }))}
      onChange={(next) => void choose(next)}
    />
  )
}
