import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { RfmReport } from '@/kernel/api'
import { useWidth } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { EmptyState, Loaded, Page, Panel, Segmented, type Twin } from '@/kernel/ui'
import { rfmQuery } from '../queries'
import { Bounds } from './bounds'
import { bandsOf, MEASURES, type RfmAxis, type RfmMeasure } from './figures'
import styles from './rfm.module.css'
import { RfmGrid } from './rfm-grid'
import { useBandText } from './use-band-text'

const useRfmTwin = (report: RfmReport): Twin => {
  const { cells, currency } = report
  const t = useT()
  const bandText = useBandText()
  const format = useFormats()
  const money = (value: unknown) => format.money(Number(value), currency)
  const count = (value: unknown) => format.count(Number(value))
  const texts = (axis: RfmAxis) =>
    new Map(bandsOf(report, axis).map((band) => [band.score, bandText(axis, band)]))
  const lastly = texts('recency')
  const often = texts('frequency')
  return {
    columns: [
      { key: 'recency', title: t('measure.reports.rfm.recency'), isNumber: true },
      { key: 'lastly', title: t('measure.reports.rfm.lastly') },
      { key: 'frequency', title: t('measure.reports.rfm.frequency'), isNumber: true },
      { key: 'often', title: t('measure.reports.rfm.often') },
      { key: 'people', title: t('measure.reports.rfm.by.people'), isNumber: true, format: count },
      { key: 'revenue', title: t('measure.reports.rfm.by.revenue'), isNumber: true, format: money },
    ],
    rows: cells.map(({ recency, frequency, people, revenue_minor }) => ({
      recency,
      lastly: lastly.get(recency),
      frequency,
      often: often.get(frequency),
      people,
      revenue: revenue_minor,
    })),
  }
}

const RfmPanel = ({ report }: { report: RfmReport }) => {
  const t = useT()
  const [measure, setMeasure] = useState<RfmMeasure>('people')
  const [place, width] = useWidth<HTMLDivElement>()
  const twin = useRfmTwin(report)
  const isEmpty = report.cells.every(({ people }) => people === 0)
  return (
    <Panel
      title={t('measure.reports.rfm.panel')}
      note={t('measure.reports.rfm.note')}
      twin={isEmpty ? undefined : twin}
      fileName="fanwheel-rfm"
    >
      {isEmpty ? (
        <EmptyState title={t('measure.reports.noBuyers')}>{t('measure.reports.noBuyersHint')}</EmptyState>
      ) : (
        <div className={styles.layout}>
          <div>
            <Segmented<RfmMeasure>
              aria-label={t('measure.reports.rfm.measure')}
              className={styles.measure}
              options={MEASURES.map((value) => ({ value, label: t(`measure.reports.rfm.by.${value}`) }))}
              value={measure}
              onChange={setMeasure}
            />
            <div ref={place}>
              {width > 0 ? <RfmGrid report={report} measure={measure} width={width} /> : null}
            </div>
          </div>
          <Bounds report={report} />
        </div>
      )}
    </Panel>
  )
}

/** Buyers by how lately and how often they bought. */
const RfmPage = () => {
  const t = useT()
  const query = useQuery(rfmQuery())
  return (
    <Page title={t('measure.reports.rfm.title')}>
      <Loaded query={query} height={420}>
        {(report) => <RfmPanel report={report} />}
      </Loaded>
    </Page>
  )
}

export default RfmPage
