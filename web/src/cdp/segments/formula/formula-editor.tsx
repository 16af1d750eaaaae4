import { useMemo } from 'react'
import { useT } from '@/kernel/i18n'
import { Button, Select } from '@/kernel/ui'
import { DeleteIcon, PlusIcon } from '@/kernel/ui/icons'
import styles from '../builder/builder.module.css'
import { SelectorEditor } from '../builder/conditions/selector-editor'
import { BuilderContext, bareBuilder, useBuilder } from '../builder/context'
import { NumberInput } from '../builder/inputs/number-input'
import { Picker } from '../builder/inputs/picker'
import { SpanInput } from '../builder/inputs/span-input'
import { eventOf, type Vocabulary } from '../builder/vocabulary'
import { freshSelector, freshSpan } from '../rule/fresh'
import type { Words } from '../sentence/words'
import { sayPath } from './sentence'
import {
  AGGREGATES,
  type Aggregate,
  eventsOf,
  type Formula,
  needsNumbers,
  readsPath,
  withAggregate,
  withEvents,
} from './types'

const MOST_EVENTS = 8

interface PartProps {
  formula: Formula
  onChange: (formula: Formula) => void
}

/** What the chosen events say, and what their products do, as paths to choose from. */
const usePaths = (formula: Formula) => {
  const { vocabulary, words } = useBuilder()
  const isNumeric = needsNumbers(formula.of)
  const fits = ({ kind }: { kind: string }) => !isNumeric || kind === 'number' || kind === 'unknown'
  const found = new Map<string, string>()
  for (const { kind = 'track', name } of eventsOf(formula)) {
    const event = eventOf(vocabulary, kind, name)
    const own = event?.properties.filter(fits).map((each) => each.name) ?? []
    const products = event?.product_properties.filter(fits).map((each) => `products.${each.name}`) ?? []
    for (const path of [...own, ...products]) found.set(path, sayPath(words, path))
  }
  return [...found].map(([value, label]) => ({ value, label }))
}

const AggregateLine = ({ formula, onChange }: PartProps) => {
  const t = useT()
  const { of, path, limit } = formula
  const paths = usePaths(formula)
  return (
    <span className={styles.line}>
      <Select<Aggregate>
        className={styles.field}
        style={{ width: 190 }}
        value={of}
        aria-label={t('cdp.segments.formula.aggregate')}
        popupMatchSelectWidth={false}
        options={AGGREGATES.map((value) => ({
          value,
          label: t(`cdp.segments.formula.aggregates.${value}`),
        }))}
        onChange={(next) => onChange(withAggregate(formula, next))}
      />
      {of === 'top' ? (
        <NumberInput
          label={t('cdp.segments.formula.limit')}
          value={limit ?? Number.NaN}
          min={1}
          max={20}
          precision={0}
          width={76}
          onChange={(next) => onChange({ ...formula, limit: next })}
        />
      ) : null}
      {readsPath(of) ? (
        <Picker
          label={t('cdp.segments.build.property')}
          value={path ?? ''}
          isOpen
          width={190}
          choices={paths}
          onChange={(next) => onChange({ ...formula, path: next })}
        />
      ) : null}
    </span>
  )
}

const EventLines = ({ formula, onChange }: PartProps) => {
  const t = useT()
  const events = eventsOf(formula)
  return (
    <>
      {events.map((selector, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an event is its place; the same may stand twice with other filters.
        <div key={index} className={styles.line}>
          <span className={styles.word}>
            {t(index === 0 ? 'cdp.segments.formula.over' : 'cdp.segments.build.or')}
          </span>
          <SelectorEditor
            label={
              events.length > 1
                ? t('cdp.segments.formula.eventNumber', { number: index + 1 })
                : t('cdp.segments.build.event')
            }
            selector={selector}
            onChange={(next) => onChange(withEvents(formula, events.with(index, next)))}
          />
          {events.length > 1 ? (
            <Button
              type="text"
              icon={<DeleteIcon />}
              aria-label={t('cdp.segments.formula.removeEvent', { number: index + 1 })}
              onClick={() => onChange(withEvents(formula, events.toSpliced(index, 1)))}
            />
          ) : null}
        </div>
      ))}
      {events.length < MOST_EVENTS ? (
        <Button
          type="text"
          className={styles.addFilter}
          icon={<PlusIcon />}
          onClick={() => onChange(withEvents(formula, [...events, freshSelector()]))}
        >
          {t('cdp.segments.formula.addEvent')}
        </Button>
      ) : null}
    </>
  )
}

type When = 'ever' | 'within'

const WindowLine = ({ formula, onChange }: PartProps) => {
  const t = useT()
  const { window } = formula
  return (
    <span className={styles.line}>
      <Select<When>
        className={styles.field}
        style={{ width: 132 }}
        value={window ? 'within' : 'ever'}
        aria-label={t('cdp.segments.build.when')}
        options={(['ever', 'within'] as const).map((each) => ({
          value: each,
          label: t(`cdp.segments.build.whens.${each}`),
        }))}
        onChange={(when) => onChange({ ...formula, window: when === 'within' ? freshSpan(90) : null })}
      />
      {window ? (
        <SpanInput
          label={t('cdp.segments.build.span')}
          value={window}
          onChange={(span) => onChange({ ...formula, window: span })}
        />
      ) : null}
    </span>
  )
}

interface FormulaEditorProps extends PartProps {
  vocabulary: Vocabulary
  words: Words
}

/** How a trait is worked out: what of which events, and how far back. */
export const FormulaEditor = ({ vocabulary, words, ...part }: FormulaEditorProps) => {
  const t = useT()
  const builder = useMemo(() => bareBuilder(vocabulary, words), [vocabulary, words])
  return (
    <BuilderContext value={builder}>
      <fieldset className={styles.row}>
        <legend className="visually-hidden">{t('cdp.segments.formula.title')}</legend>
        <div className={styles.lines}>
          <AggregateLine {...part} />
          <EventLines {...part} />
          <WindowLine {...part} />
        </div>
      </fieldset>
    </BuilderContext>
  )
}
