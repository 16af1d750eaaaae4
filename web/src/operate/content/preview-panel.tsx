import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useEffect, useState } from 'react'
import { useT, useWord } from '@/kernel/i18n'
import { Alert, Panel, Segmented, Select, Switch } from '@/kernel/ui'
import { Checks } from './checks'
import { type ClientName, clientOf, clientsOf, type Device } from './clients'
import styles from './content.module.css'
import { MailFrame } from './mail-frame'
import { findPeopleQuery, previewQuery } from './queries'
import type { Content, Part } from './view'

const PAUSE_MS = 400

/** A value once it has rested for a moment. */
const useRested = <Value,>(value: Value): Value => {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [value])
  return rested
}

interface AsProps {
  person: number | null
  onChange: (person: number | null) => void
}

const As = ({ person, onChange }: AsProps) => {
  const t = useT()
  const [q, setQ] = useState('')
  const { data = [] } = useQuery(findPeopleQuery(useDeferredValue(q)))
  return (
    <Select
      showSearch={{ filterOption: false, onSearch: setQ }}
      allowClear
      className={styles.as}
      value={person ?? undefined}
      onChange={(value) => onChange(value ?? null)}
      options={data}
      placeholder={t('operate.content.preview.nobody')}
      notFoundContent={t('operate.content.preview.find')}
      aria-label={t('operate.content.preview.as')}
    />
  )
}

const Bubble = ({ part }: { part: Part }) => {
  if (part.type === 'text') return <p className={styles.bubble}>{part.text}</p>
  if (part.type === 'media')
    return part.url ? <img src={part.url} alt={part.text} className={styles.bubbleImage} /> : null
  if (part.type !== 'card') return <p className={styles.bubble}>{part.type}</p>
  return (
    <div className={styles.bubble}>
      {part.image_url ? <img src={part.image_url} alt="" className={styles.bubbleImage} /> : null}
      <strong>{part.title}</strong>
      <p>{part.text}</p>
      {part.url ? <span className={styles.hint}>{part.url}</span> : null}
    </div>
  )
}

type Way = Device | 'plain'
const WAYS = ['desktop', 'mobile', 'plain'] as const

/** The client that is shown on each device. */
type Clients = Record<Device, ClientName>

interface ShownProps {
  parts: Part[]
  way: Way
  clients: Clients
  isDark: boolean
}

const Shown = ({ parts, way, clients, isDark }: ShownProps) => {
  const [first] = parts
  if (!first) return null
  if (first.type !== 'email')
    return (
      <div className={styles.chat} data-dark={isDark || undefined}>
        {parts.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name than their place.
          <Bubble key={index} part={part} />
        ))}
      </div>
    )
  return (
    <>
      <p className={styles.subject}>
        <strong>{first.subject}</strong> <span className={styles.hint}>{first.preheader}</span>
      </p>
      {way === 'plain' ? (
        <pre className={styles.plain}>{first.text}</pre>
      ) : (
        <MailFrame html={first.html} client={clients[way]} isDark={isDark} />
      )}
    </>
  )
}

interface AtProps {
  device: Device
  clients: Clients
  isDark: boolean
  onChange: (clients: Clients) => void
}

/** The mail client, how wide it is, and what it makes of the dark. */
const At = ({ device, clients, isDark, onChange }: AtProps) => {
  const t = useT()
  const chosen = clients[device]
  return (
    <>
      <Select
        className={styles.client}
        value={chosen}
        onChange={(client) => onChange({ ...clients, [device]: client })}
        options={clientsOf(device).map((value) => ({
          value,
          label: `${t(`operate.content.preview.clients.${value}`)} · ${clientOf(value).width} px`,
        }))}
        aria-label={t('operate.content.preview.client')}
      />
      {isDark ? (
        <span className={styles.hint}>{t(`operate.content.preview.inDark.${clientOf(chosen).dark}`)}</span>
      ) : null}
    </>
  )
}

const REFUSALS = ['unknown_variable', 'failed', 'empty', 'unreadable'] as const
const isRefusal = (code: string): code is (typeof REFUSALS)[number] =>
  (REFUSALS as readonly string[]).includes(code)

interface PreviewPanelProps {
  channel: string
  content: Content
  variant: string
  language: string
}

/** What is said, as it is written: in each mail client, in the dark, as plain text, to anybody. */
export const PreviewPanel = ({ channel, content, variant, language }: PreviewPanelProps) => {
  const t = useT()
  const word = useWord()
  const [way, setWay] = useState<Way>('desktop')
  const [clients, setClients] = useState<Clients>({ desktop: 'browser', mobile: 'iphone' })
  const [isDark, setIsDark] = useState(false)
  const [person, setPerson] = useState<number | null>(null)
  const rested = useRested(content)
  const query = useQuery(previewQuery({ channel, content: rested, variant, language, person_id: person }))
  const isMail = channel === 'email'
  const { refusal, detail, size_bytes: size = 0 } = query.data ?? {}
  const names = Array.isArray(detail?.names) ? detail.names.join(', ') : ''
  const note = size > 0 ? t('operate.content.preview.size', { kb: Math.ceil(size / 1024) }) : undefined
  return (
    <>
      <Panel title={t('operate.content.preview.title')} note={note}>
        <div className={styles.row}>
          {isMail ? (
            <Segmented
              value={way}
              onChange={setWay}
              options={WAYS.map((each) => ({ value: each, label: t(`operate.content.preview.${each}`) }))}
            />
          ) : null}
          <As person={person} onChange={setPerson} />
          <span className={styles.switch}>
            <Switch
              size="small"
              checked={isDark}
              onChange={setIsDark}
              aria-label={t('operate.content.preview.dark')}
            />
            {t('operate.content.preview.dark')}
          </span>
          {isMail && way !== 'plain' ? (
            <At device={way} clients={clients} isDark={isDark} onChange={setClients} />
          ) : null}
        </div>
        {refusal ? (
          <Alert
            type="warning"
            title={
              isRefusal(refusal)
                ? t(`operate.content.preview.refusal.${refusal}`, { names })
                : t('operate.content.preview.refusal.other')
            }
          />
        ) : null}
        {query.error ? (
          <Alert
            type="warning"
            title={t('operate.content.preview.unfinished', { reason: query.error.message })}
          />
        ) : null}
        <Shown parts={(query.data?.parts ?? []) as Part[]} way={way} clients={clients} isDark={isDark} />
        {isMail && way !== 'plain' ? (
          <p className={styles.hint}>{t('operate.content.preview.outside')}</p>
        ) : null}
      </Panel>
      <Panel title={t('operate.content.checks.title')} note={word('operate.content.channels', channel)}>
        {query.data ? <Checks issues={query.data.issues} /> : null}
      </Panel>
    </>
  )
}
