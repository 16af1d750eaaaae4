import type { Locale } from '@/kernel/i18n'
import en from './en'

type Catalogue = Record<string, unknown>

/** English is always at hand as the fallback; Chinese comes in when it is wanted. */
export const loadCatalogue = async (locale: Locale): Promise<Catalogue> =>
  locale === 'zh-CN' ? (await import('./zh-CN')).default : en
