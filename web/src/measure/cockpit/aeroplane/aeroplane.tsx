import { Link } from '@tanstack/react-router'
import type { FlowsReport, StageCount } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { color, fontText } from '@/kernel/ui'
import styles from './aeroplane.module.css'
import { CABIN_HEIGHT, CABIN_WIDTH, Cabin } from './cabin'
import { DomainLabel } from './domain-label'
import { peoplePerSeat } from './seats'

const WIDTH = 1160
const HEIGHT = 372
const MIDDLE = HEIGHT / 2
const CABIN_TOP = MIDDLE - CABIN_HEIGHT / 2
const FIRST_CABIN = 178
const CABIN_STEP = CABIN_WIDTH + 8

const FUSELAGE = `M172 ${MIDDLE - 62}H948C1032 ${MIDDLE - 62} 1096 ${MIDDLE - 34} 1140 ${MIDDLE}C1096 ${MIDDLE + 34} 1032 ${MIDDLE + 62} 948 ${MIDDLE + 62}H172C134 ${MIDDLE + 62} 112 ${MIDDLE + 36} 112 ${MIDDLE}S134 ${MIDDLE - 62} 172 ${MIDDLE - 62}Z`
const NOSE = `M1008 ${MIDDLE - 41}C1060 ${MIDDLE - 30} 1092 ${MIDDLE - 14} 1112 ${MIDDLE}C1092 ${MIDDLE + 14} 1060 ${MIDDLE + 30} 1008 ${MIDDLE + 41}C1018 ${MIDDLE + 16} 1018 ${MIDDLE - 16} 1008 ${MIDDLE - 41}Z`
const WING = `M742 ${MIDDLE - 62}L536 14Q531 8 523 8H470Q462 8 466 15L556 ${MIDDLE - 62}Z`
const ENGINE = 'M600 52h52q17 0 21 11q-4 11-21 11h-40Z'
const TAIL = `M196 ${MIDDLE - 62}L134 56Q130 50 122 50H98Q90 50 94 57L142 ${MIDDLE - 54}Z`

interface AeroplaneProps {
  stages: StageCount[]
  flows: FlowsReport
}

/** The brand's traffic as an aeroplane in plan: fuselage private, wings public and commercial. */
export const Aeroplane = ({ stages, flows }: AeroplaneProps) => {
  const t = useT()
  const format = useFormats()
  const perSeat = peoplePerSeat(stages[0]?.people ?? 0)
  const mirror = `matrix(1 0 0 -1 0 ${HEIGHT})`
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing that holds links has no element of its own.
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      className={styles.plane}
      role="group"
      aria-label={t('measure.cockpit.plane.title')}
      data-figure=""
    >
      <g>
        <Link
          to="/people"
          search={{ domain: 'public' }}
          className={styles.part}
          aria-label={t('kernel.domain.public')}
        >
          <path d={ENGINE} fill="#fff" stroke={color.public} />
          <path className={styles.shape} d={WING} fill="#E3EEFA" stroke={color.public} />
        </Link>
        <Link
          to="/people"
          search={{ domain: 'commercial' }}
          className={styles.part}
          aria-label={t('kernel.domain.commercial')}
        >
          <g transform={mirror}>
            <path d={ENGINE} fill="#fff" stroke={color.commercial} />
            <path className={styles.shape} d={WING} fill="#FBEEDA" stroke={color.commercial} />
          </g>
        </Link>
        <Link to="/ingest" className={styles.part} aria-label={t('measure.cockpit.plane.tail')}>
          <path className={styles.shape} d={TAIL} fill="#E9EEF0" stroke={color.uncertain} />
          <path
            className={styles.shape}
            d={TAIL}
            transform={mirror}
            fill="#E9EEF0"
            stroke={color.uncertain}
          />
          <text x="86" y="46" fontFamily={fontText} fontSize="12" fill={color.secondary}>
            {t('measure.cockpit.plane.tools')}
          </text>
        </Link>
        <path d={FUSELAGE} fill="#fff" stroke={color.primary} strokeWidth="1.75" />
        {stages.map((stage, index) => (
          <Cabin
            key={stage.stage}
            stage={stage}
            x={FIRST_CABIN + index * CABIN_STEP}
            y={CABIN_TOP}
            perSeat={perSeat}
          />
        ))}
        <Link to="/settings/account" className={styles.part} aria-label={t('measure.cockpit.plane.nose')}>
          <path className={styles.shape} d={NOSE} fill={color.rail} stroke={color.rail} />
        </Link>
        <DomainLabel domain="public" flows={flows} x={452} y={40} anchor="end" />
        <DomainLabel domain="commercial" flows={flows} x={452} y={HEIGHT - 62} anchor="end" />
        <DomainLabel domain="private" flows={flows} x={WIDTH - 8} y={40} anchor="end" />
        <text
          x={WIDTH - 8}
          y={HEIGHT - 14}
          textAnchor="end"
          fontFamily={fontText}
          fontSize="12"
          fill={color.muted}
        >
          {t('measure.cockpit.plane.seat', {
            count: Math.round(perSeat),
            shown: format.compact(Math.round(perSeat)),
          })}
        </text>
      </g>
    </svg>
  )
}
