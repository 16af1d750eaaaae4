import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useT } from '@/kernel/i18n'
import { useValueText } from '@/kernel/traits'
import { Loading, Refusal } from '@/kernel/ui'
import { sampleQuery } from './queries'
import { useTraitTools } from './tools'
import styles from './traits.module.css'
import type { Formula, TraitType } from './view'

const TYPING_PAUSE_MS = 400

const useSettled = (text: string): string => {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}

interface SamplePanelProps {
  formula: Formula
  type: TraitType
  unit: string
}

/** What a formula gives for a few people, worked out anew whenever its writer pauses. */
export const SamplePanel = ({ formula, type, unit }: SamplePanelProps) => {
  const t = useT()
  const valueText = useValueText()
  const { isWhole } = useTraitTools()
  const text = JSON.stringify(formula)
  const settled = useSettled(text)
  const canAsk = isWhole(formula) && settled === text
  const { data, error, isPlaceholderData } = useQuery({
    ...sampleQuery(settled, type),
    enabled: canAsk,
    placeholderData: keepPreviousData,
  })
  return (
    <section className={styles.sample} aria-label={t('cdp.traits.sample.title')}>
      <h3 className={styles.subtitle}>{t('cdp.traits.sample.title')}</h3>
      {!isWhole(formula) ? <p className={styles.muted}>{t('cdp.traits.sample.unfinished')}</p> : null}
      {error && isWhole(formula) ? <Refusal error={error} /> : null}
      {!data && !error && isWhole(formula) ? <Loading rows={3} /> : null}
      {data && !error && isWhole(formula) ? (
        data.sample.length === 0 ? (
          <p className={styles.muted}>{t('cdp.traits.sample.empty')}</p>
        ) : (
          <ul className={styles.sampled} data-old={isPlaceholderData || !canAsk}>
            {data.sample.map(({ person_id: id, display_name: name, value }) => (
              <li key={id}>
                <Link to="/people/$personId" params={{ personId: String(id) }} target="_blank">
                  {name || t('cdp.traits.sample.unnamed', { id: String(id) })}
                </Link>
                <span>{valueText(value, { type, unit, options: [] })}</span>
              </li>
            ))}
          </ul>
        )
      ) : null}
    </section>
  )
}
