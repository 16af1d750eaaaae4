import { useT } from '@/kernel/i18n'
import { Select } from '@/kernel/ui'
import { EVENT_KINDS, type EventKind, type Selector } from '../../rule/types'
import styles from '../builder.module.css'
import { useBuilder } from '../context'
import { Picker } from '../inputs/picker'
import { eventOf } from '../vocabulary'
import { FiltersEditor } from './filters-editor'

interface SelectorEditorProps {
  selector: Selector
  label: string
  onChange: (selector: Selector) => void
}

/** Events of a kind and name, with filters. */
export const SelectorEditor = ({ selector, label, onChange }: SelectorEditorProps) => {
  const t = useT()
  const { vocabulary, words } = useBuilder()
  const { kind = 'track', name, where = [] } = selector
  const choices = vocabulary.events
    .filter((event) => event.kind === kind)
    .map((event) => {
      const said = words.word('cdp.segments.words.event', event.name)
      return {
        value: event.name,
        label: said === event.name ? said : `${said} · ${event.name}`,
        note: words.format.count(event.event_count),
      }
    })
  return (
    <>
      <span className={styles.pair}>
        <Select<EventKind>
          className={styles.field}
          style={{ width: 92 }}
          value={kind}
          aria-label={t('cdp.segments.build.kindOf', { name: label })}
          options={EVENT_KINDS.map((each) => ({ value: each, label: t(`cdp.segments.build.kind.${each}`) }))}
          onChange={(next) => onChange({ ...selector, kind: next, name: '' })}
        />
        <Picker
          label={label}
          value={name}
          isOpen
          width={216}
          choices={choices}
          onChange={(next) => onChange({ ...selector, name: next })}
        />
      </span>
      <FiltersEditor
        where={where}
        event={eventOf(vocabulary, kind, name)}
        onChange={(next) => onChange({ ...selector, where: next.length > 0 ? next : undefined })}
      />
    </>
  )
}
