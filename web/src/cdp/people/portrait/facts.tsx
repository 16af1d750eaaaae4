import { Fragment, type ReactNode, useState } from 'react'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Button } from '@/kernel/ui'
import styles from './portrait.module.css'

interface Fact {
  name: string
  value: string
  at: string
}

interface FactsProps {
  facts: Fact[]
  empty: ReactNode
  /** Show so many until the rest is asked for. */
  most?: number
}

/** Names and values; since when, on hover. */
export const Facts = ({ facts, empty, most = Number.POSITIVE_INFINITY }: FactsProps) => {
  const t = useT()
  const [isWhole, setIsWhole] = useState(false)
  const format = useFormats()
  if (facts.length === 0) return <p className={styles.none}>{empty}</p>
  const shown = isWhole ? facts : facts.slice(0, most)
  return (
    <>
      <dl className={styles.facts}>
        {shown.map(({ name, value, at }) => (
          <Fragment key={`${name} ${value}`}>
            <dt>{name}</dt>
            <dd title={format.instant(at)}>{value}</dd>
          </Fragment>
        ))}
      </dl>
      {shown.length < facts.length ? (
        <Button className={styles.all} size="small" onClick={() => setIsWhole(true)}>
          {t('cdp.people.portrait.all', { count: facts.length })}
        </Button>
      ) : null}
    </>
  )
}
