import { Link } from '@tanstack/react-router'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Nothing, TagChip } from '@/kernel/ui'
import { inUnits } from './expiry'
import { TagMenu } from './tag-menu'
import styles from './tags.module.css'
import { useRuleTools } from './tools'
import type { RuleBody, TagItem } from './view'

export interface TagActions {
  canWrite: boolean
  onEdit: (item: TagItem) => void
  onRename: (item: TagItem) => void
}

/** How a tag comes and goes: by hand or by its rule, and when it falls off. */
const Told = ({ item }: { item: TagItem }) => {
  const t = useT()
  const { say } = useRuleTools()
  const { rule, expires_after_s: seconds, keeps_after_exit: keeps, status, is_defined: isDefined } = item
  const expiry = seconds === null ? null : inUnits(seconds)
  const sentence = rule ? say(rule as unknown as RuleBody) : null
  return (
    <span className={styles.told}>
      {sentence ? (
        <span className={styles.sentence} title={sentence}>
          {sentence}
        </span>
      ) : (
        <span className={styles.muted}>{t(isDefined ? 'cdp.tags.byHand' : 'cdp.tags.undefined')}</span>
      )}
      {expiry || (rule && keeps) || status !== 'ready' ? (
        <span className={styles.notes}>
          {status !== 'ready' ? (
            <span className={styles.status} data-status={status}>
              {t(`cdp.tags.status.${status}`)}
            </span>
          ) : null}
          {rule && keeps ? <span>{t('cdp.tags.keeps')}</span> : null}
          {expiry ? (
            <span>
              {t('cdp.tags.expires', {
                span: t(`cdp.tags.span.${expiry.unit}`, { count: expiry.amount }),
              })}
            </span>
          ) : null}
        </span>
      ) : null}
    </span>
  )
}

/** One tag: what it is called, who has it, how it comes and goes. */
export const TagRow = ({ item, actions }: { item: TagItem; actions: TagActions }) => {
  const t = useT()
  const format = useFormats()
  const { tag, label, description, color, people } = item
  const beside = [label ? tag : '', description].filter(Boolean).join(' · ')
  return (
    <li className={styles.row}>
      <span className={styles.who}>
        {actions.canWrite ? (
          <button type="button" className={styles.open} onClick={() => actions.onEdit(item)}>
            <TagChip name={label || tag} color={color} />
          </button>
        ) : (
          <TagChip name={label || tag} color={color} />
        )}
        {beside ? (
          <span className={styles.beside} title={beside}>
            {beside}
          </span>
        ) : null}
      </span>
      <span className={styles.people}>
        {people > 0 ? (
          <Link to="/people" search={{ tag }}>
            {t('cdp.tags.people', { count: people, shown: format.count(people) })}
          </Link>
        ) : (
          <Nothing />
        )}
      </span>
      <Told item={item} />
      <span className={styles.menu}>
        {actions.canWrite ? (
          <TagMenu item={item} onEdit={() => actions.onEdit(item)} onRename={() => actions.onRename(item)} />
        ) : null}
      </span>
    </li>
  )
}
