import { useState } from 'react'
import { useT } from '@/kernel/i18n'
import { MenuIcon } from '@/kernel/ui/icons'
import styles from './menus.module.css'
import type { Definition, Item, Surface } from './types'

const isMenu = (item: Item) => item.kind === 'menu'
const leaves = (items: Item[]) => items.flatMap((item) => (isMenu(item) ? (item.items ?? []) : [item]))

/** A bar of buttons at the foot, from which sub-menus rise. */
const Bar = ({ items, most, tone }: { items: Item[]; most: number; tone: 'wechat' | 'douyin' }) => {
  const [open, setOpen] = useState<string | null>(items.find(isMenu)?.id ?? null)
  const shown = items.slice(0, most)
  return (
    <div className={`${styles.bar} ${styles[tone]}`}>
      {shown.map((item) => (
        <div key={item.id} className={styles.barItem}>
          {isMenu(item) && open === item.id ? (
            <ul className={styles.rise}>
              {(item.items ?? []).slice(0, 5).map((below) => (
                <li key={below.id}>{below.label}</li>
              ))}
            </ul>
          ) : null}
          <button type="button" onClick={() => setOpen(open === item.id ? null : item.id)}>
            {isMenu(item) ? '≡ ' : ''}
            {item.label}
          </button>
        </div>
      ))}
    </div>
  )
}

const Bubble = ({ text }: { text?: string | undefined }) =>
  text ? <p className={styles.bubble}>{text}</p> : null

const Whatsapp = ({ definition }: { definition: Definition }) => (
  <>
    <div className={styles.bubble}>
      {definition.title ? <strong>{definition.title}</strong> : null}
      <span>{definition.greeting}</span>
      <span className={styles.listButton}>☰ {definition.button}</span>
    </div>
    <div className={styles.sheet}>
      {definition.items
        .filter((item) => !isMenu(item))
        .map((item) => (
          <span key={item.id} className={styles.sheetRow}>
            {item.label}
          </span>
        ))}
      {definition.items.filter(isMenu).map((item) => (
        <div key={item.id}>
          <small>{item.label}</small>
          {(item.items ?? []).map((below) => (
            <span key={below.id} className={styles.sheetRow}>
              {below.label}
            </span>
          ))}
        </div>
      ))}
    </div>
  </>
)

const Chips = ({
  labels,
  className,
}: {
  labels: { id: string; label: string }[]
  className?: string | undefined
}) => (
  <div className={className}>
    {labels.map(({ id, label }) => (
      <span key={id} className={styles.chip}>
        {label}
      </span>
    ))}
  </div>
)

const Line = ({ definition }: { definition: Definition }) => {
  const t = useT()
  const columns = definition.items.length > 3 || definition.items.length === 3 ? 3 : definition.items.length
  return (
    <>
      <div className={styles.grid} style={{ gridTemplateColumns: `repeat(${columns || 1}, 1fr)` }}>
        {definition.items.slice(0, 6).map((item) => (
          <span key={item.id}>{item.label}</span>
        ))}
      </div>
      <div className={styles.chatBar}>{definition.button || t('operate.menus.title')} ▾</div>
    </>
  )
}

const Foot = ({ surface, definition }: { surface: Surface; definition: Definition }) => {
  switch (surface) {
    case 'wechat_oa':
      return <Bar items={definition.items} most={3} tone="wechat" />
    case 'douyin':
      return (
        <Bar items={definition.items.filter(({ kind }) => kind !== 'mini_program')} most={3} tone="douyin" />
      )
    case 'telegram':
      return (
        <div className={styles.keyboard}>
          {definition.items.map(({ id, label }) => (
            <span key={id}>{label}</span>
          ))}
        </div>
      )
    case 'line':
      return <Line definition={definition} />
    case 'tiktok':
      return (
        <Chips
          className={styles.prompts}
          labels={leaves(definition.items)
            .filter(({ kind }) => kind !== 'mini_program')
            .slice(0, 6)}
        />
      )
    case 'webchat':
      return <Chips className={styles.chips} labels={definition.items} />
    default:
      return null
  }
}

/** A menu as people see it on a platform. */
export const Faces = ({ surface, definition }: { surface: Surface; definition: Definition }) => {
  const t = useT()
  if (surface === 'email') {
    const links = leaves(definition.items).filter(({ kind }) => kind === 'url' || kind === 'phone')
    return (
      <div className={styles.mail}>
        <div className={styles.mailBody} aria-hidden="true" />
        <p>
          {links.map(({ id, label }) => (
            <span key={id} className={styles.link}>
              {label}
            </span>
          ))}
        </p>
      </div>
    )
  }
  return (
    <div className={`${styles.phone} ${styles[`on_${surface}`]}`}>
      <header>
        <MenuIcon aria-hidden="true" />
        {t(`operate.menus.surface.${surface}`)}
      </header>
      <div className={styles.chat}>
        {surface === 'whatsapp' ? (
          <Whatsapp definition={definition} />
        ) : (
          <Bubble text={definition.greeting} />
        )}
      </div>
      <Foot surface={surface} definition={definition} />
    </div>
  )
}
