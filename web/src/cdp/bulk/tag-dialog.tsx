import { useQuery } from '@tanstack/react-query'
import dayjs, { type Dayjs } from 'dayjs'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { DatePicker, Form, FormDialog, Input, Select } from '@/kernel/ui'
import styles from './bulk.module.css'
import { type Action, type Doing, tagsQuery } from './queries'

export interface DialogProps {
  /** How many people, in words such as "412 people". */
  whom: string
  send: (doing: Doing) => Promise<Action>
  onSent: (action: Action) => void | Promise<void>
  onClose: () => void
}

interface Fields {
  tags: string[]
  until?: Dayjs | null
  reason?: string
}

const LASTING_DAYS = [7, 30, 90] as const

const useTagOptions = () => {
  const format = useFormats()
  const { data, isPending } = useQuery(tagsQuery)
  const options = data?.items.map(({ tag, label, people }) => ({
    value: tag,
    label: label || tag,
    people: format.count(people),
  }))
  return { options, isPending }
}

/** Which tags to put on, for how long and why; or which to take off. */
export const TagDialog = (props: DialogProps & { isOff: boolean }) => {
  const { whom, send, onSent, onClose, isOff } = props
  const t = useT()
  const { options, isPending } = useTagOptions()
  const toDoing = ({ tags, until, reason = '' }: Fields): Doing =>
    isOff
      ? { what: 'untag', tags, reason }
      : { what: 'tag', tags, reason, expires_at: until ? until.endOf('day').toISOString() : null }
  return (
    <FormDialog<Fields, Action>
      title={t(isOff ? 'cdp.bulk.untag.title' : 'cdp.bulk.tag.title', { whom })}
      verb={t(isOff ? 'cdp.bulk.untag.verb' : 'cdp.bulk.tag.verb')}
      initial={{ tags: [] }}
      send={(fields) => send(toDoing(fields))}
      onSent={onSent}
      onClose={onClose}
    >
      <Form.Item
        name="tags"
        label={t('cdp.bulk.tag.tags')}
        extra={isOff ? undefined : t('cdp.bulk.tag.hint')}
        rules={[{ required: true, type: 'array', min: 1, max: 20, message: t('cdp.bulk.tag.needed') }]}
      >
        <Select<string[], { value: string; label: string; people: string }>
          autoFocus
          mode={isOff ? 'multiple' : 'tags'}
          loading={isPending}
          tokenSeparators={[',', '，', ';', '；']}
          showSearch={{ optionFilterProp: 'label' }}
          options={options}
          optionRender={({ data, label }) => (
            <span className={styles.option}>
              {label}
              <span>{data.people}</span>
            </span>
          )}
        />
      </Form.Item>
      {isOff ? null : (
        <Form.Item name="until" label={t('cdp.bulk.tag.until')}>
          <DatePicker
            className={styles.wide}
            placeholder={t('cdp.bulk.tag.never')}
            disabledDate={(day) => day.isBefore(dayjs(), 'day')}
            presets={LASTING_DAYS.map((days) => ({
              label: t('cdp.bulk.tag.inDays', { count: days }),
              value: dayjs().add(days, 'day'),
            }))}
          />
        </Form.Item>
      )}
      <Form.Item name="reason" label={t('cdp.bulk.tag.reason')}>
        <Input maxLength={500} autoComplete="off" placeholder={t('cdp.bulk.tag.reasonPlaceholder')} />
      </Form.Item>
    </FormDialog>
  )
}
