import { useT } from '@/kernel/i18n'
import { Select } from '@/kernel/ui'
import { freshSpan, freshTest, measureOps } from '../../rule/fresh'
import { type EventLeaf, isMomentMeasure, MEASURES, type Measure, needsPath } from '../../rule/types'
import styles from '../builder.module.css'
import { useBuilder } from '../context'
import { MomentInput } from '../inputs/moment-input'
import { Picker } from '../inputs/picker'
import { SpanInput } from '../inputs/span-input'
import { TestEditor } from '../inputs/test-editor'
import { eventOf } from '../vocabulary'
import { SelectorEditor } from './selector-editor'

interface EditorProps {
  leaf: EventLeaf
  onChange: (leaf: EventLeaf) => void
}

/** The same condition asked of another measure, with a test that fits it. */
const measured = (leaf: EventLeaf, measure: Measure): EventLeaf => {
  const wasMoment = isMomentMeasure(leaf.measure ?? 'count')
  const isMoment = isMomentMeasure(measure)
  const test = wasMoment === isMoment ? leaf.test : freshTest(isMoment ? 'within_last' : 'at_least', 'number')
  return { ...leaf, measure, test, of: needsPath(measure) ? (leaf.of ?? '') : undefined }
}

const MeasureEditor = ({ leaf, onChange }: EditorProps) => {
  const t = useT()
  const { vocabulary, words } = useBuilder()
  const { event, measure = 'count', of = '', test } = leaf
  const properties = eventOf(vocabulary, event.kind ?? 'track', event.name)?.properties ?? []
  const isMoment = isMomentMeasure(measure)
  return (
    <span className={styles.line}>
      <Select<Measure>
        className={styles.field}
        style={{ width: 132 }}
        value={measure}
        aria-label={t('cdp.segments.build.measure')}
        options={MEASURES.map((each) => ({ value: each, label: t(`cdp.segments.build.measures.${each}`) }))}
        onChange={(next) => onChange(measured(leaf, next))}
      />
      {needsPath(measure) ? (
        <Picker
          label={t('cdp.segments.build.numberAt')}
          value={of}
          isOpen
          width={150}
          choices={properties
            .filter(({ kind }) => kind === 'number' || kind === 'unknown')
            .map(({ name }) => ({ value: name, label: words.word('cdp.segments.words.property', name) }))}
          onChange={(next) => onChange({ ...leaf, of: next })}
        />
      ) : null}
      <TestEditor
        test={test}
        ops={measureOps(measure)}
        known={{ name: '', kind: isMoment ? 'moment' : 'number', values: [] }}
        unit={measure === 'count' ? t('cdp.segments.build.times') : undefined}
        onChange={(next) => onChange({ ...leaf, test: next })}
      />
    </span>
  )
}

type When = 'ever' | 'within' | 'period'

const whenOf = ({ within, period }: EventLeaf): When => {
  if (within) return 'within'
  return period ? 'period' : 'ever'
}

const timed = (leaf: EventLeaf, when: When): EventLeaf => ({
  ...leaf,
  within: when === 'within' ? freshSpan() : undefined,
  period: when === 'period' ? {} : undefined,
})

const WhenEditor = ({ leaf, onChange }: EditorProps) => {
  const t = useT()
  const { within, period } = leaf
  return (
    <span className={styles.line}>
      <Select<When>
        className={styles.field}
        style={{ width: 132 }}
        value={whenOf(leaf)}
        aria-label={t('cdp.segments.build.when')}
        options={(['ever', 'within', 'period'] as const).map((each) => ({
          value: each,
          label: t(`cdp.segments.build.whens.${each}`),
        }))}
        onChange={(next) => onChange(timed(leaf, next))}
      />
      {within ? (
        <SpanInput
          label={t('cdp.segments.build.span')}
          value={within}
          onChange={(span) => onChange({ ...leaf, within: span })}
        />
      ) : null}
      {period ? (
        <span className={styles.pair}>
          <MomentInput
            label={t('cdp.segments.build.begin')}
            value={period.begin}
            isOptional
            onChange={(begin) => onChange({ ...leaf, period: { ...period, begin } })}
          />
          <MomentInput
            label={t('cdp.segments.build.end')}
            value={period.end}
            isOptional
            onChange={(end) => onChange({ ...leaf, period: { ...period, end } })}
          />
        </span>
      ) : null}
    </span>
  )
}

/** What somebody did: which events, how many or how much, and when. */
export const EventEditor = ({ leaf, onChange }: EditorProps) => {
  const t = useT()
  return (
    <div className={styles.lines}>
      <div className={styles.line}>
        <SelectorEditor
          label={t('cdp.segments.build.event')}
          selector={leaf.event}
          onChange={(event) => onChange({ ...leaf, event })}
        />
      </div>
      <MeasureEditor leaf={leaf} onChange={onChange} />
      <WhenEditor leaf={leaf} onChange={onChange} />
    </div>
  )
}
