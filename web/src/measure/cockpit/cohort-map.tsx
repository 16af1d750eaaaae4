import type { Cohort } from '@/kernel/api'
import { mix, textOn } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { color, fontText, retentionScale, ScrollRegion } from '@/kernel/ui'

const HEAD = 24
const ROW = 34
const NAMES = 62
const SIZES = 46
const LEAST_CELL = 38
const MOST_CELL = 78

/** Shares above this are drawn in the darkest tone, so that the differences further on can be seen. */
const DARKEST = 0.6

interface CohortMapProps {
  cohorts: Cohort[]
  width: number
  nameOf: (cohort: string) => string
  periodName: (index: number) => string
}

/** Repurchase as a heat map: one row a cohort, one column a period since the first order. */
export const CohortMap = ({ cohorts, width, nameOf, periodName }: CohortMapProps) => {
  const t = useT()
  const format = useFormats()
  if (width === 0) return null
  const columns = Math.max(...cohorts.map(({ returned }) => returned.length))
  const left = NAMES + SIZES
  const cell = Math.min(MOST_CELL, Math.max(LEAST_CELL, (width - left) / columns))
  const [low, high] = retentionScale
  return (
    <ScrollRegion label={t('measure.cockpit.cohorts.label')} style={{ overflowX: 'auto' }}>
      <svg
        width={left + columns * cell}
        height={HEAD + cohorts.length * ROW}
        role="img"
        aria-label={t('measure.cockpit.cohorts.label')}
        fontFamily={fontText}
        fontSize="12"
        data-figure=""
        style={{ display: 'block' }}
      >
        <g fill={color.muted}>
          <text x={left - 10} y="14" textAnchor="end">
            {t('measure.cockpit.people')}
          </text>
          {Array.from({ length: columns }, (_, index) => periodName(index)).map((name, index) => (
            <text key={name} x={left + (index + 0.5) * cell} y="14" textAnchor="middle">
              {name}
            </text>
          ))}
        </g>
        {cohorts.map(({ cohort, people, returned }, row) => (
          <g key={cohort} transform={`translate(0 ${HEAD + row * ROW})`}>
            <text y="21" fill={color.secondary}>
              {nameOf(cohort)}
            </text>
            <text x={left - 10} y="21" textAnchor="end" fill={color.muted}>
              {format.compact(people)}
            </text>
            {returned.map((each, index) => {
              const share = people > 0 ? each / people : 0
              const ground = mix(low, high, Math.min(1, share / DARKEST))
              return (
                <g key={periodName(index)} transform={`translate(${left + index * cell} 0)`}>
                  <rect x="1" y="1" width={cell - 2} height={ROW - 2} rx="3" fill={ground} />
                  <text x={cell / 2} y="21" textAnchor="middle" fill={textOn(ground)}>
                    {format.share(Math.round(share * 100) / 100)}
                  </text>
                </g>
              )
            })}
          </g>
        ))}
      </svg>
    </ScrollRegion>
  )
}
