import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useLocale, useT, useWord } from '@/kernel/i18n'
import {
  Button,
  Checkbox,
  type Column,
  DataTable,
  DateTime,
  EmptyState,
  Form,
  FormDialog,
  Input,
  Loaded,
  Page,
  Panel,
  Select,
  useNarrow,
} from '@/kernel/ui'
import { PlusIcon, SearchIcon } from '@/kernel/ui/icons'
import styles from './content.module.css'
import { addTemplate, forgetTemplates, type NewTemplate, templatesQuery } from './queries'
import { StateText } from './state-text'
import { CHANNELS, LANGUAGES, type Template, type TemplateItem } from './view'

const useColumns = (): Column<TemplateItem>[] => {
  const t = useT()
  const word = useWord()
  const isNarrow = useNarrow()
  return [
    {
      key: 'name',
      title: t('operate.content.column.name'),
      render: (template) => (
        <span className={styles.stacked}>
          <Link to="/templates/$templateId" params={{ templateId: String(template.template_id) }}>
            {template.name}
          </Link>
          <span className={styles.hint}>
            {isNarrow ? (
              <>
                {word('operate.content.channels', template.channel)} · <StateText template={template} />
              </>
            ) : (
              [template.folder, ...template.labels].filter(Boolean).join(' · ')
            )}
          </span>
        </span>
      ),
    },
    {
      key: 'channel',
      title: t('operate.content.column.channel'),
      width: 160,
      isWideOnly: true,
      render: ({ channel }) => word('operate.content.channels', channel),
    },
    {
      key: 'state',
      title: t('operate.content.column.state'),
      width: 280,
      isWideOnly: true,
      render: (template) => <StateText template={template} />,
    },
    {
      key: 'languages',
      title: t('operate.content.column.languages'),
      width: 190,
      isWideOnly: true,
      render: ({ languages }) => languages.map((each) => word('operate.content.languages', each)).join(', '),
    },
    {
      key: 'updated',
      title: t('operate.content.column.updated'),
      width: 130,
      isWideOnly: true,
      render: ({ updated_at: at }) => <DateTime at={at} style="ago" />,
    },
  ]
}

const useChannels = () => {
  const word = useWord()
  return CHANNELS.map((value) => ({ value, label: word('operate.content.channels', value) }))
}

const NewDialog = ({ onClose }: { onClose: () => void }) => {
  const t = useT()
  const word = useWord()
  const locale = useLocale()
  const navigate = useNavigate()
  const channels = useChannels()
  return (
    <FormDialog<NewTemplate, Template>
      title={t('operate.content.new')}
      verb={t('operate.content.create')}
      initial={{ channel: 'email', language: locale, folder: '' }}
      send={addTemplate}
      onSent={async ({ template_id: id }) => {
        await forgetTemplates()
        void navigate({ to: '/templates/$templateId', params: { templateId: String(id) } })
      }}
      onClose={onClose}
    >
      <Form.Item name="name" label={t('operate.content.name')} rules={[{ required: true, whitespace: true }]}>
        <Input maxLength={200} autoFocus />
      </Form.Item>
      <Form.Item name="channel" label={t('operate.content.channel')}>
        <Select options={channels} />
      </Form.Item>
      <Form.Item name="language" label={t('operate.content.language')}>
        <Select
          options={LANGUAGES.map((value) => ({ value, label: word('operate.content.languages', value) }))}
        />
      </Form.Item>
      <Form.Item name="folder" label={t('operate.content.folder')}>
        <Input maxLength={100} placeholder={t('operate.content.folderHint')} />
      </Form.Item>
    </FormDialog>
  )
}

const List = ({ items }: { items: TemplateItem[] }) => {
  const t = useT()
  const columns = useColumns()
  const channels = useChannels()
  const [text, setText] = useState('')
  const [channel, setChannel] = useState<string>()
  const sought = text.trim().toLowerCase()
  const rows = items.filter(
    (each) =>
      (!channel || each.channel === channel) &&
      `${each.name} ${each.folder} ${each.labels.join(' ')}`.toLowerCase().includes(sought),
  )
  return (
    <section className={styles.list} aria-label={t('operate.content.title')}>
      <search className={styles.find}>
        <Input
          className={styles.search}
          prefix={<SearchIcon aria-hidden="true" />}
          value={text}
          onChange={({ target }) => setText(target.value)}
          placeholder={t('operate.content.search')}
          aria-label={t('operate.content.search')}
          allowClear
        />
        <Select
          className={styles.as}
          allowClear
          value={channel}
          onChange={setChannel}
          options={channels}
          placeholder={t('operate.content.anyChannel')}
          aria-label={t('operate.content.channel')}
        />
        <span role="status" className={styles.hint}>
          {t('operate.content.total', { count: rows.length })}
        </span>
      </search>
      <DataTable
        label={t('operate.content.title')}
        columns={columns}
        rows={rows}
        rowKey={({ template_id: id }) => id}
        rowHeight={56}
        empty={<EmptyState title={t('operate.content.noMatch')} />}
      />
    </section>
  )
}

/** Every template: on which channel, in which languages, and whether it is published. */
const TemplatesPage = () => {
  const t = useT()
  const canWrite = useCan('content:write')
  const [isNew, setIsNew] = useState(false)
  const [isArchived, setIsArchived] = useState(false)
  const query = useQuery(templatesQuery(isArchived))
  const tools = (
    <>
      <Checkbox checked={isArchived} onChange={({ target }) => setIsArchived(target.checked)}>
        {t('operate.content.showArchived')}
      </Checkbox>
      {canWrite ? (
        <Button type="primary" icon={<PlusIcon />} onClick={() => setIsNew(true)}>
          {t('operate.content.new')}
        </Button>
      ) : null}
    </>
  )
  return (
    <Page title={t('operate.content.title')} note={t('operate.content.note')} tools={tools}>
      <Loaded query={query} height={320}>
        {({ items }) =>
          items.length === 0 && !isArchived ? (
            <Panel title={t('operate.content.title')}>
              <EmptyState title={t('operate.content.empty')}>{t('operate.content.emptyHint')}</EmptyState>
            </Panel>
          ) : (
            <List items={items} />
          )
        }
      </Loaded>
      {isNew ? <NewDialog onClose={() => setIsNew(false)} /> : null}
    </Page>
  )
}

export default TemplatesPage
