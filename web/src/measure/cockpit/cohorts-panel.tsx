import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Cohort } from '@/kernel/api'
import { useWidth } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { EmptyState, Loaded, Panel, Segmented, type Twin } from '@/kernel/ui'
import { CohortMap } from './cohort-map'
import { cohortsQuery, type Grain } from './queries'

const MOST_COHORTS = { month: 12, week: 13 } as const

const useCohortTwin = (
  cohorts: Cohort[],
  nameOf: (cohort: string) => string,
  periodName: (index: number) => string,
): Twin => {
  const t = useT()
  const format = useFormats()
  const longest = Math.max(0, ...cohorts.map(({ returned }) => returned.length))
  return {
    columns: [
      { key: 'cohort', title: t('measure.cockpit.cohorts.cohort') },
      {
        key: 'people',
        title: t('measure.cockpit.people'),
        isNumber: true,
        format: (value) => format.count(Number(value)),
      },
      ...Array.from({ length: longest }, (_, index) => ({
        key: `at${index}`,
        title: periodName(index),
        isNumber: true,
        format: (value: unknown) => format.share(Number(value)),
      })),
    ],
    rows: cohorts.map(({ cohort, people, returned }) => ({
      cohort: nameOf(cohort),
      people,
      ...Object.fromEntries(
        returned.map((each, index) => [`at${index}`, people > 0 ? Number((each / people).toFixed(4)) : null]),
      ),
    })),
  }
}

/** Who bought again, by the month or week of the first order. */
export const CohortsPanel = ({ className }: { className?: string }) => {
  const t = useT()
  const format = useFormats()
  const [grain, setGrain] = useState<Grain>('month')
  const [place, width] = useWidth<HTMLDivElement>()
  const query = useQuery(cohortsQuery(grain))
  const shownGrain = query.data?.grain ?? grain
  const cohorts = (query.data?.cohorts ?? []).slice(-MOST_COHORTS[shownGrain])
  const nameOf = (cohort: string) => (cohort.length === 7 ? format.month(cohort) : format.day(cohort))
  const periodName = (index: number) => t(`measure.cockpit.cohorts.${shownGrain}`, { index })
  const twin = useCohortTwin(cohorts, nameOf, periodName)
  const grains = (['month', 'week'] as const).map((each) => ({
    value: each,
    label: t(`measure.cockpit.cohorts.by.${each}`),
  }))
  return (
    <Panel
      title={t('measure.cockpit.cohorts.title')}
      note={t('measure.cockpit.cohorts.note')}
      actions={
        <Segmented<Grain>
          aria-label={t('measure.cockpit.cohorts.grain')}
          size="small"
          options={grains}
          value={grain}
          onChange={setGrain}
        />
      }
      twin={cohorts.length > 0 ? twin : undefined}
      fileName={`fanwheel-cohorts-${shownGrain}`}
      className={className}
    >
      <div ref={place}>
        <Loaded query={query} height={260}>
          {() =>
            cohorts.length === 0 ? (
              <EmptyState title={t('measure.cockpit.cohorts.empty')} />
            ) : (
              <CohortMap
                cohorts={cohorts}
                width={width}
                nameOf={nameOf}
                periodName={(index) => String(index)}
              />
            )
          }
        </Loaded>
      </div>
    </Panel>
  )
}
