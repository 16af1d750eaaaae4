import type { PersonRow } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { nameOf } from '../naming'
import styles from './identity.module.css'

interface PersonChoiceProps {
  people: PersonRow[]
  chosen: PersonRow | null
  onChoose: (person: PersonRow) => void
  isSearching: boolean
}

/** A few people, one of whom can be chosen; enough is shown to tell namesakes apart. */
export const PersonChoice = ({ people, chosen, onChoose, isSearching }: PersonChoiceProps) => {
  const t = useT()
  const format = useFormats()
  if (people.length === 0) return null
  return (
    <fieldset className={styles.people} aria-busy={isSearching}>
      <legend className="visually-hidden">{t('cdp.people.merge.choose')}</legend>
      {people.map((person) => (
        <label key={person.id} className={styles.person} data-chosen={chosen?.id === person.id || undefined}>
          <input
            type="radio"
            name="merge-with"
            checked={chosen?.id === person.id}
            onChange={() => onChoose(person)}
          />
          <span className={styles.personWords}>
            <span>{nameOf(person) ?? t('cdp.people.unnamed', { id: String(person.id) })}</span>
            <span className={styles.personSub}>
              {[
                ...person.identifiers.map(({ value }) => value),
                t('cdp.people.merge.orders', { count: person.order_count }),
                format.ago(person.last_seen_at),
              ].join(' · ')}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
