import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import { Loaded, Readout, ReadoutStrip } from '@/kernel/ui'
import styles from '../broadcasts.module.css'
import { reportQuery } from '../queries'
import { SetupPanel } from '../setup-panel'
import type { Broadcast, Report as Figures } from '../types'
import { rate } from '../view'
import { FiguresPanel } from './figures-panel'
import { LiftPanel } from './lift-panel'
import { type Chosen, PeopleDrawer } from './people-drawer'
import { ProgressPanel } from './progress-panel'
import { ReasonsPanel } from './reasons-panel'
import { SeriesPanel } from './series-panel'
import { WinnerPanel } from './winner-panel'

type Deed = 'opened_clean' | 'clicked_clean' | 'converted'

const Strip = ({ figures: { progress, cost, by_variant: rows } }: { figures: Figures }) => {
  const t = useT()
  const format = useFormats()
  const total = (key: Deed | 'sent') => rows.reduce((sum, row) => sum + row[key], 0)
  const shown = (key: Deed, label: string) => {
    const share = rate(total(key), total('sent'))
    return (
      <Readout
        label={label}
        value={format.count(total(key))}
        note={share === null ? undefined : format.share(share)}
      />
    )
  }
  return (
    <ReadoutStrip label={t('operate.broadcasts.report.title')}>
      <Readout
        label={t('operate.broadcasts.report.sent')}
        value={format.count(progress.sent)}
        note={t('operate.broadcasts.check.of', { shown: format.count(progress.audience) })}
      />
      {shown('opened_clean', t('operate.broadcasts.report.column.opened'))}
      {shown('clicked_clean', t('operate.broadcasts.report.column.clicked'))}
      {shown('converted', t('operate.broadcasts.report.column.converted'))}
      <Readout
        label={t('operate.broadcasts.report.cost')}
        value={format.money(cost.amount, cost.currency)}
        note={cost.amount === 0 ? t('operate.broadcasts.report.noCost') : undefined}
      />
    </ReadoutStrip>
  )
}

interface ReportProps {
  broadcast: Broadcast
  onPreview: (templateId: number) => void
}

/** What became of a broadcast that was started: live while it runs. */
export const Report = ({ broadcast, onPreview }: ReportProps) => {
  const word = useWord()
  const canMeasure = useCan('measure:read')
  const canSeePeople = useCan('people:read')
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const { broadcast_id: id, state, routes } = broadcast
  const query = useQuery(reportQuery(id, state))
  const choose = canSeePeople ? setChosen : undefined
  const nameOfRoute = (place: number) =>
    `${place + 1}. ${word('operate.broadcasts.channels', routes[place]?.channel ?? '')}`
  return (
    <Loaded query={query} height={480}>
      {(figures) => (
        <>
          <Strip figures={figures} />
          <ProgressPanel broadcast={broadcast} progress={figures.progress} onChoose={choose} />
          {figures.experiment ? <WinnerPanel broadcast={broadcast} race={figures.experiment} /> : null}
          <FiguresPanel figures={figures} nameOfRoute={nameOfRoute} />
          <div className={styles.split}>
            <ReasonsPanel reasons={figures.why_not} audience={figures.progress.audience} onChoose={choose} />
            {canMeasure ? <LiftPanel broadcast={broadcast} /> : null}
          </div>
          <div className={styles.split}>
            <SeriesPanel series={figures.series} />
            <SetupPanel broadcast={broadcast} onPreview={onPreview} />
          </div>
          {chosen ? <PeopleDrawer id={id} chosen={chosen} onClose={() => setChosen(null)} /> : null}
        </>
      )}
    </Loaded>
  )
}
