import { useFormats } from '@/kernel/format'
import { said, useT } from '@/kernel/i18n'
import { useTraitName } from '@/kernel/traits'
import { ScrollRegion } from '@/kernel/ui'
import type { ImportReport } from './queries'
import styles from './traits.module.css'

const MOST_SHOWN = 100

interface ImportReportProps {
  report: ImportReport
  isDone: boolean
}

/** What a file brings or has brought, and each cell that was refused with the reason. */
export const ImportReportView = ({ report, isDone }: ImportReportProps) => {
  const t = useT()
  const format = useFormats()
  const nameOf = useTraitName()
  const figures = [
    ['rows', report.rows],
    ['matched', report.matched],
    ['unmatched', report.unmatched],
    ['created', report.created],
    ['changed', report.changed],
    ['refused', report.refused_count],
  ] as const
  const names = report.traits.map((name) => nameOf({ name, label: '' }))
  return (
    <section aria-label={t('cdp.traits.import.report')}>
      <h3 className={styles.subtitle}>
        {t(isDone ? 'cdp.traits.import.report' : 'cdp.traits.import.trial')}
      </h3>
      <dl className={styles.figures}>
        {figures.map(([key, value]) => (
          <div key={key}>
            <dt>{t(`cdp.traits.import.figure.${key}`)}</dt>
            <dd>{format.count(value)}</dd>
          </div>
        ))}
      </dl>
      {names.length > 0 ? (
        <p className={styles.muted}>
          {t('cdp.traits.import.traits', { names: names.join(t('cdp.traits.listSeparator')) })}
        </p>
      ) : null}
      {report.refused.length > 0 ? (
        <>
          <h3 className={styles.subtitle}>{t('cdp.traits.import.refused')}</h3>
          <ScrollRegion className={styles.refused} label={t('cdp.traits.import.refused')}>
            <table className={styles.refusals}>
              <thead>
                <tr>
                  <th scope="col">{t('cdp.traits.import.row')}</th>
                  <th scope="col">{t('cdp.traits.import.column')}</th>
                  <th scope="col">{t('cdp.traits.import.why')}</th>
                </tr>
              </thead>
              <tbody>
                {report.refused.slice(0, MOST_SHOWN).map(({ row, column, message }) => (
                  <tr key={`${row} ${column}`}>
                    <td>{row}</td>
                    <td>{column}</td>
                    <td>{said(message)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollRegion>
        </>
      ) : null}
    </section>
  )
}
