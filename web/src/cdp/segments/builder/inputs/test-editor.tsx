import { currencyExponent, fromMinor } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Select } from '@/kernel/ui'
import { freshTest } from '../../rule/fresh'
import type { Op, Test } from '../../rule/types'
import styles from '../builder.module.css'
import type { Known } from '../vocabulary'
import { MomentInput } from './moment-input'
import { NumberInput } from './number-input'
import { ScalarInput } from './scalar-input'
import { SpanInput } from './span-input'
import { ValuesInput } from './values-input'

interface TestEditorProps {
  test: Test
  ops: Op[]
  known: Known
  onChange: (test: Test) => void
  /** The currency in whose minor units the numbers are. */
  currency?: string
  /** Shown after the operator's value, such as "times". */
  unit?: string
}

type OperandProps = Omit<TestEditorProps, 'ops'>

/** A number of whole units for a value in minor ones. */
const useMoney = (currency: string | undefined) => {
  const factor = currency ? 10 ** currencyExponent(currency) : 1
  return {
    shown: (value: number) => (currency ? fromMinor(value, currency) : value),
    stored: (value: number) => (currency ? Math.round(value * factor) : value),
  }
}

const Numbers = ({ test, onChange, currency, unit }: OperandProps) => {
  const t = useT()
  const { shown, stored } = useMoney(currency)
  const common = { suffix: unit, prefix: currency, width: unit || currency ? 136 : 108 }
  if (test.op === 'between') {
    return (
      <span className={styles.pair}>
        <NumberInput
          {...common}
          label={t('cdp.segments.build.low')}
          value={shown(test.low)}
          onChange={(low) => onChange({ ...test, low: stored(low) })}
        />
        <NumberInput
          {...common}
          label={t('cdp.segments.build.high')}
          value={shown(test.high)}
          onChange={(high) => onChange({ ...test, high: stored(high) })}
        />
      </span>
    )
  }
  if (!('value' in test) || typeof test.value !== 'number') return null
  return (
    <NumberInput
      {...common}
      label={t('cdp.segments.build.number')}
      value={shown(test.value)}
      onChange={(value) => onChange({ ...test, value: stored(value) } as Test)}
    />
  )
}

const Operand = (props: OperandProps) => {
  const { test, known, onChange } = props
  const t = useT()
  switch (test.op) {
    case 'exists':
    case 'missing':
      return null
    case 'is':
      return known.kind === 'number' && typeof test.value === 'number' ? (
        <Numbers {...props} />
      ) : (
        <ScalarInput
          label={t('cdp.segments.build.value')}
          value={test.value}
          known={known}
          onChange={(value) => onChange({ op: 'is', value })}
        />
      )
    case 'contains':
    case 'starts_with':
      return (
        <ScalarInput
          label={t('cdp.segments.build.text')}
          value={test.value}
          known={{ ...known, kind: 'text' }}
          onChange={(value) => onChange({ op: test.op, value: String(value) })}
        />
      )
    case 'one_of':
      return (
        <ValuesInput
          label={t('cdp.segments.build.values')}
          values={test.values}
          known={known}
          onChange={(values) => onChange({ op: 'one_of', values })}
        />
      )
    case 'before':
    case 'after':
      return (
        <MomentInput
          label={t('cdp.segments.build.moment')}
          value={test.at}
          onChange={(at) => onChange({ op: test.op, at: at ?? '' })}
        />
      )
    case 'anniversary':
      return (
        <NumberInput
          label={t('cdp.segments.build.daysAhead')}
          value={test.days}
          min={0}
          max={365}
          precision={0}
          suffix={t('cdp.segments.build.unit.days')}
          width={120}
          onChange={(days) => onChange({ op: 'anniversary', days })}
        />
      )
    case 'within_last':
    case 'longer_ago':
    case 'exactly_ago':
    case 'within_next':
      return (
        <SpanInput
          label={t('cdp.segments.build.span')}
          value={test.span}
          onChange={(span) => onChange({ op: test.op, span })}
        />
      )
    default:
      return <Numbers {...props} />
  }
}

/** What a value is asked: the operator, and what it is compared with. */
export const TestEditor = ({ test, ops, onChange, ...rest }: TestEditorProps) => {
  const t = useT()
  const offered = ops.includes(test.op) ? ops : [...ops, test.op]
  return (
    <span className={styles.pair}>
      <Select<Op>
        className={styles.field}
        style={{ width: 148 }}
        value={test.op}
        aria-label={t('cdp.segments.build.operator')}
        popupMatchSelectWidth={false}
        options={offered.map((op) => ({ value: op, label: t(`cdp.segments.build.op.${op}`) }))}
        onChange={(op) => onChange(freshTest(op, rest.known.kind, test))}
      />
      <Operand test={test} onChange={onChange} {...rest} />
    </span>
  )
}
