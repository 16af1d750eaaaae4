import { useMutation, useQuery } from '@tanstack/react-query'
import dayjs from 'dayjs'
import { useMemo, useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { AutoComplete, Button, DatePicker, Form, Input, Popover, Refusal, TagChip } from '@/kernel/ui'
import { PlusIcon } from '@/kernel/ui/icons'
import { forgetPeople } from '../queries'
import styles from './portrait.module.css'
import { changeTags, tagDefsQuery } from './queries'

interface Fields {
  tag: string
  until: dayjs.Dayjs | null
  reason: string
}

const EMPTY: Fields = { tag: '', until: null, reason: '' }

/** The tags that the person does not wear, group by group. */
const useChoices = (worn: readonly string[], typed: string) => {
  const t = useT()
  const { data } = useQuery({ ...tagDefsQuery, enabled: useCan('segments:read') })
  return useMemo(() => {
    const sought = typed.trim().toLowerCase()
    const open = (data?.items ?? []).filter(
      ({ tag, label, rule }) =>
        !worn.includes(tag) && rule === null && `${tag} ${label}`.toLowerCase().includes(sought),
    )
    const group = (id: number | null, label: string) => ({
      label,
      options: open
        .filter(({ group_id: own }) => own === id)
        .slice(0, 50)
        .map(({ tag, label: said, color }) => ({
          value: tag,
          label: <TagChip name={said || tag} color={color} />,
        })),
    })
    return [
      ...(data?.groups ?? []).map(({ group_id: id, name }) => group(id, name)),
      group(null, t('cdp.people.tags.noGroup')),
    ].filter(({ options }) => options.length > 0)
  }, [data, worn, typed, t])
}

interface TagAdderProps {
  personId: number
  /** Tags that are there already. */
  worn: string[]
}

const Content = ({ personId, worn, onDone }: TagAdderProps & { onDone: () => void }) => {
  const t = useT()
  const [form] = Form.useForm<Fields>()
  const typed = Form.useWatch('tag', form) ?? ''
  const options = useChoices(worn, typed)
  const give = useMutation({
    mutationFn: ({ tag, until, reason }: Fields) =>
      changeTags(personId, {
        add: [{ tag: tag.trim(), expires_at: until ? until.endOf('day').toISOString() : null, reason }],
      }),
    onSuccess: async () => {
      onDone()
      await forgetPeople()
    },
  })
  return (
    <Form<Fields>
      form={form}
      layout="vertical"
      requiredMark={false}
      className={styles.tagForm}
      initialValues={EMPTY}
      onFinish={(fields) => give.mutate(fields)}
    >
      <Form.Item
        name="tag"
        label={t('cdp.people.tags.tag')}
        rules={[{ required: true, whitespace: true, message: t('cdp.people.tags.lacks') }]}
      >
        <AutoComplete options={options} autoFocus placeholder={t('cdp.people.tags.choose')} />
      </Form.Item>
      <Form.Item name="reason" label={t('cdp.people.tags.reason')}>
        <Input maxLength={500} autoComplete="off" />
      </Form.Item>
      <Form.Item name="until" label={t('cdp.people.tags.end')}>
        <DatePicker
          className={styles.traitInput}
          disabledDate={(day) => day.isBefore(dayjs(), 'day')}
          placeholder={t('cdp.people.tags.endDefault')}
        />
      </Form.Item>
      <Refusal error={give.error} />
      <Button type="primary" htmlType="submit" loading={give.isPending}>
        {t('cdp.people.tags.give')}
      </Button>
    </Form>
  )
}

/** Give a tag: which, why, and until when. */
export const TagAdder = (props: TagAdderProps) => {
  const t = useT()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Popover
      open={isOpen}
      trigger={['click']}
      placement="bottomLeft"
      destroyOnHidden
      onOpenChange={setIsOpen}
      content={<Content {...props} onDone={() => setIsOpen(false)} />}
    >
      <Button size="small" icon={<PlusIcon />} aria-haspopup="dialog" aria-expanded={isOpen}>
        {t('cdp.people.tags.add')}
      </Button>
    </Popover>
  )
}
