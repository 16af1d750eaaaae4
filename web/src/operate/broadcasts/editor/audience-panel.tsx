import { useQuery } from '@tanstack/react-query'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Panel, Select } from '@/kernel/ui'
import styles from '../broadcasts.module.css'
import { listsQuery, segmentsQuery } from '../queries'
import type { Source } from '../types'
import { sourceKey, sourceOf } from '../view'
import { Field } from './field'
import type { PartProps } from './use-draft'

const useSources = () => {
  const t = useT()
  const format = useFormats()
  const segments = useQuery(segmentsQuery)
  const lists = useQuery(listsQuery)
  const label = (name: string, people: number) => `${name} (${format.count(people)})`
  return [
    {
      label: t('operate.broadcasts.edit.segment'),
      options: (segments.data?.items ?? []).map(({ segment_id: id, name, size }) => ({
        value: sourceKey({ segment_id: id }),
        label: label(name, size),
      })),
    },
    {
      label: t('operate.broadcasts.edit.list'),
      options: (lists.data?.items ?? []).map(({ list_id: id, name, size }) => ({
        value: sourceKey({ list_id: id }),
        label: label(name, size),
      })),
    },
  ].filter(({ options }) => options.length > 0)
}

const chosen = ({ segment_id: segment, list_id: list }: Source): string | undefined =>
  segment || list ? sourceKey({ segment_id: segment, list_id: list }) : undefined

/** Whose people get it, and who of them does not. */
export const AudiencePanel = ({ draft, put }: PartProps) => {
  const t = useT()
  const sources = useSources()
  const { audience } = draft
  return (
    <Panel title={t('operate.broadcasts.edit.who')} note={t('operate.broadcasts.edit.whoNote')}>
      <div className={styles.pair}>
        <Field label={t('operate.broadcasts.edit.from')}>
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            placeholder={t('operate.broadcasts.edit.chooseSource')}
            value={chosen(audience)}
            options={sources}
            onChange={(key: string) =>
              put({
                audience: { segment_id: null, list_id: null, ...sourceOf(key), without: audience.without },
              })
            }
          />
        </Field>
        <Field label={t('operate.broadcasts.edit.except')}>
          <Select
            mode="multiple"
            showSearch={{ optionFilterProp: 'label' }}
            placeholder={t('operate.broadcasts.edit.exceptNone')}
            value={(audience.without ?? []).map(sourceKey)}
            options={sources}
            onChange={(keys: string[]) => put({ audience: { ...audience, without: keys.map(sourceOf) } })}
          />
        </Field>
      </div>
    </Panel>
  )
}
