import { useT } from '@/kernel/i18n'
import type { TemplateItem } from './view'

/** Whether a template is a draft, published, or published with changes since, in words. */
export const StateText = ({ template }: { template: TemplateItem }) => {
  const t = useT()
  const number = template.published_number ?? 0
  if (template.archived_at) return <span>{t('operate.content.state.archived')}</span>
  if (!template.published_id) return <span>{t('operate.content.state.draft')}</span>
  const state = template.is_changed ? 'changed' : 'published'
  return <span>{t(`operate.content.state.${state}`, { number })}</span>
}
