import { useQuery } from '@tanstack/react-query'
import { useT } from '@/kernel/i18n'
import { domainColor, Loaded, Panel, STAGES, stageColor, type Twin } from '@/kernel/ui'
import { type Bar, Bars } from '../preview/bars'
import { compositionQuery, vocabularyQuery } from '../queries'
import styles from '../segments.module.css'
import { useWords } from '../use-words'
import { type Part, partsOf } from './composition'

const MOST_SOURCES = 8

const KINDS = ['stage', 'domain', 'source'] as const

const fillOf = (part: Part): string | undefined => {
  if (part.by === 'stage') return stageColor[part.name]
  return part.by === 'domain' ? domainColor[part.name] : undefined
}

const usePartName = () => {
  const t = useT()
  const { names } = useWords()
  return (part: Part): string => {
    if (part.by === 'stage') return t(`kernel.stage.${part.name}`)
    return part.by === 'domain' ? t(`kernel.domain.${part.name}`) : (names.source(part.name) ?? part.name)
  }
}

/** The bars of one kind of parts; of sources only the largest that have anybody. */
const barsOf = (kind: Part['by'], all: (Bar & { part: Part })[]): Bar[] => {
  const bars = all.filter(({ part }) => part.by === kind)
  if (kind !== 'source') return bars
  return bars
    .filter(({ value }) => value > 0)
    .sort((one, other) => other.value - one.value)
    .slice(0, MOST_SOURCES)
}

interface CompositionPanelProps {
  segmentId: number
  size: number
}

const Parts = ({ parts, counts, size }: { parts: Part[]; counts: number[]; size: number }) => {
  const t = useT()
  const nameOf = usePartName()
  const all = parts.map((part, index) => ({
    part,
    key: part.name,
    label: nameOf(part),
    value: counts[index] ?? 0,
    fill: fillOf(part),
  }))
  return KINDS.map((kind) => (
    <div key={kind} className={styles.part}>
      <h3 className={styles.subtitle}>{t(`cdp.segments.composition.by.${kind}`)}</h3>
      <Bars most={size} bars={barsOf(kind, all)} />
    </div>
  ))
}

/** How far the people of a segment have come, and from where. */
export const CompositionPanel = ({ segmentId, size }: CompositionPanelProps) => {
  const t = useT()
  const nameOf = usePartName()
  const vocabulary = useQuery(vocabularyQuery)
  const sources = vocabulary.data?.sources.map(({ slug }) => slug) ?? []
  const parts = partsOf(STAGES, sources)
  const query = useQuery({
    ...compositionQuery(segmentId, size, parts),
    enabled: vocabulary.data !== undefined,
  })
  const twin: Twin = {
    columns: [
      { key: 'by', title: t('cdp.segments.composition.kind') },
      { key: 'name', title: t('cdp.segments.composition.part') },
      { key: 'people', title: t('cdp.segments.column.size'), isNumber: true },
    ],
    rows: parts.map((part, index) => ({
      by: t(`cdp.segments.composition.by.${part.by}`),
      name: nameOf(part),
      people: query.data?.[index] ?? 0,
    })),
  }
  return (
    <Panel
      title={t('cdp.segments.composition.title')}
      note={t('cdp.segments.composition.note')}
      twin={query.data ? twin : undefined}
      fileName="fanwheel-segment-composition"
    >
      <Loaded query={query} height={260}>
        {(counts) => <Parts parts={parts} counts={counts} size={size} />}
      </Loaded>
    </Panel>
  )
}
