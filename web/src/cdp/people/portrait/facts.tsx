import { Fragment, type ReactNode } from 'react'
import { useFormats } from '@/kernel/format'
import styles from './portrait.module.css'

interface Fact {
  name: string
  value: string
  at: string
}

interface FactsProps {
  facts: Fact[]
  empty: ReactNode
}

/** Names and values; since when, on hover. */
export const Facts = ({ facts, empty }: FactsProps) => {
  const format = useFormats()
  if (facts.length === 0) return <p className={styles.none}>{empty}</p>
  return (
    <dl className={styles.facts}>
      {facts.map(({ name, value, at }) => (
        <Fragment key={`${name} ${value}`}>
          <dt>{name}</dt>
          <dd title={format.instant(at)}>{value}</dd>
        </Fragment>
      ))}
    </dl>
  )
}
