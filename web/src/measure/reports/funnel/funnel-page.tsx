import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { EventNames, FunnelReport, Period } from '@/kernel/api'
import { useWidth } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { PeriodPicker, usePeriod } from '@/kernel/period'
import { EmptyState, Loaded, Page, Panel, Select, type Twin } from '@/kernel/ui'
import { eventNamesQuery, funnelQuery } from '../queries'
import { defaultSteps } from './default-steps'
import styles from './funnel.module.css'
import { FunnelFigure } from './funnel-figure'
import { type FunnelSearch, USUAL_WINDOW, WINDOWS } from './search'
import { StepsEditor } from './steps-editor'

const useFunnelTwin = (steps: FunnelReport['steps']): Twin => {
  const t = useT()
  const format = useFormats()
  const count = (value: unknown) => format.count(Number(value))
  const share = (value: unknown) => format.share(Number(value))
  return {
    columns: [
      { key: 'name', title: t('measure.reports.funnel.event') },
      { key: 'people', title: t('measure.reports.funnel.people'), isNumber: true, format: count },
      { key: 'previous', title: t('measure.reports.funnel.previous'), isNumber: true, format: share },
      { key: 'first', title: t('measure.reports.funnel.first'), isNumber: true, format: share },
    ],
    rows: steps.map(({ name, people, of_first, of_previous }) => ({
      name,
      people,
      previous: of_previous,
      first: of_first,
    })),
  }
}

interface FunnelPanelProps {
  steps: string[]
  windowDays: number
  period: Period
}

const FunnelPanel = ({ steps, windowDays, period }: FunnelPanelProps) => {
  const t = useT()
  const [place, width] = useWidth<HTMLDivElement>()
  const query = useQuery(funnelQuery(steps, windowDays, period))
  const found = query.data?.steps ?? []
  const twin = useFunnelTwin(found)
  return (
    <Panel
      title={t('measure.reports.funnel.title')}
      note={t('measure.reports.funnel.note', { count: windowDays })}
      twin={found.length > 0 ? twin : undefined}
      fileName="fanwheel-funnel"
    >
      <div ref={place}>
        <Loaded query={query} height={300}>
          {(report) =>
            report.steps[0]?.people === 0 ? (
              <EmptyState title={t('measure.reports.funnel.empty')}>
                {t('measure.reports.funnel.emptyHint')}
              </EmptyState>
            ) : (
              <FunnelFigure steps={report.steps} width={width} />
            )
          }
        </Loaded>
      </div>
    </Panel>
  )
}

interface BuilderProps {
  names: EventNames
  search: FunnelSearch
  period: Period
  onChange: (search: FunnelSearch) => void
}

const Builder = ({ names, search, period, onChange }: BuilderProps) => {
  const t = useT()
  const steps = search.steps ?? defaultSteps(names)
  const windowDays = search.window ?? USUAL_WINDOW
  if (names.items.length === 0) {
    return (
      <Panel title={t('measure.reports.funnel.title')}>
        <EmptyState title={t('measure.reports.funnel.noEvents')}>
          {t('measure.reports.funnel.noEventsHint')}
        </EmptyState>
      </Panel>
    )
  }
  return (
    <div className={styles.grid}>
      <Panel title={t('measure.reports.funnel.steps')} note={t('measure.reports.funnel.stepsNote')}>
        <StepsEditor
          steps={steps}
          events={names.items}
          onChange={(next) => onChange({ ...search, steps: next })}
        />
        <div className={styles.window}>
          <span id="funnel-window">{t('measure.reports.funnel.window')}</span>
          <Select<number>
            aria-labelledby="funnel-window"
            value={windowDays}
            options={WINDOWS.map((value) => ({ value, label: t('measure.reports.days', { count: value }) }))}
            onChange={(window) => onChange({ ...search, window })}
          />
        </div>
      </Panel>
      {steps.length > 1 ? (
        <FunnelPanel steps={steps} windowDays={windowDays} period={period} />
      ) : (
        <Panel title={t('measure.reports.funnel.title')}>
          <EmptyState title={t('measure.reports.funnel.oneStep')} />
        </Panel>
      )}
    </div>
  )
}

/** How many people go from one event to the next. */
const FunnelPage = () => {
  const t = useT()
  const format = useFormats()
  const navigate = useNavigate()
  const search = useSearch({ from: '/shell/reports/funnel' })
  const [period, periodSearch, choosePeriod] = usePeriod()
  const names = useQuery(eventNamesQuery())
  return (
    <Page
      title={t('measure.reports.funnel.title')}
      note={t('measure.reports.period', { from: format.day(period.from), to: format.day(period.to) })}
      tools={<PeriodPicker value={periodSearch} onChange={choosePeriod} />}
    >
      <Loaded query={names} height={300}>
        {(data) => (
          <Builder
            names={data}
            search={search}
            period={period}
            onChange={(next) => void navigate({ to: '/reports/funnel', search: next, replace: true })}
          />
        )}
      </Loaded>
    </Page>
  )
}

export default FunnelPage
