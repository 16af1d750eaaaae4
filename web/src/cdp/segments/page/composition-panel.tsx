import { useQueries } from '@tanstack/react-query'
import { useT } from '@/kernel/i18n'
import { domainColor, Loading, Panel, STAGES, stageColor } from '@/kernel/ui'
import { Bars } from '../preview/bars'
import { compositionQuery } from '../queries'
import { DOMAINS } from '../rule/types'
import styles from '../segments.module.css'

interface CompositionPanelProps {
  segmentId: number
  size: number
}

/** How far the people of a segment have come, and from where. */
export const CompositionPanel = ({ segmentId, size }: CompositionPanelProps) => {
  const t = useT()
  const stages = useQueries({ queries: STAGES.map((stage) => compositionQuery(segmentId, { stage })) })
  const domains = useQueries({ queries: DOMAINS.map((domain) => compositionQuery(segmentId, { domain })) })
  const isPending = [...stages, ...domains].some((query) => query.isPending)
  return (
    <Panel title={t('cdp.segments.composition.title')}>
      {isPending ? (
        <Loading rows={6} />
      ) : (
        <>
          <h3 className={styles.subtitle}>{t('cdp.segments.composition.stages')}</h3>
          <Bars
            most={size}
            bars={STAGES.map((stage, index) => ({
              key: stage,
              label: t(`kernel.stage.${stage}`),
              value: stages[index]?.data ?? 0,
              fill: stageColor[stage],
            }))}
          />
          <h3 className={styles.subtitle}>{t('cdp.segments.composition.domains')}</h3>
          <p className={styles.hint}>{t('cdp.segments.composition.domainsNote')}</p>
          <Bars
            most={size}
            bars={DOMAINS.map((domain, index) => ({
              key: domain,
              label: t(`kernel.domain.${domain}`),
              value: domains[index]?.data ?? 0,
              fill: domainColor[domain],
            }))}
          />
        </>
      )}
    </Panel>
  )
}
