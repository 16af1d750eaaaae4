import { useQuery } from '@tanstack/react-query'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { InputNumber, Panel, Select } from '@/kernel/ui'
import styles from '../broadcasts.module.css'
import { listsQuery, templatesQuery } from '../queries'
import { type Experiment, METRICS, OTHERWISES } from '../types'
import { Field } from './field'
import { Option } from './option'
import type { PartProps } from './use-draft'

const FIRST_TEST: Required<Experiment> = { share: 0.2, metric: 'clicked', max_hours: 24, otherwise: 'best' }
const FIRST_HOLDOUT = 0.1
const NO_LIST = 0

interface ProofPanelProps extends PartProps {
  /** How many people it is about, where that is known. */
  people: number | undefined
}

interface PercentProps {
  value: number
  most: number
  onChange: (share: number) => void
}

const Percent = ({ value, most, onChange }: PercentProps) => (
  <InputNumber
    min={1}
    max={most}
    precision={0}
    suffix="%"
    changeOnWheel={false}
    value={Math.round(value * 100)}
    onChange={(percent) => percent && onChange(percent / 100)}
  />
)

interface TestFieldsProps {
  test: Experiment
  variants: number
  people: number | undefined
  onChange: (test: Experiment) => void
}

const TestFields = ({ test, variants, people, onChange }: TestFieldsProps) => {
  const t = useT()
  const format = useFormats()
  const { share, metric, max_hours: hours, otherwise } = { ...FIRST_TEST, ...test }
  const sampled = people === undefined ? null : Math.round(people * share)
  const hint =
    sampled === null
      ? null
      : t('operate.broadcasts.edit.sharePeople', {
          shown: format.count(sampled),
          each: format.count(Math.floor(sampled / Math.max(1, variants))),
        })
  return (
    <>
      <div className={styles.pair}>
        <Field label={t('operate.broadcasts.edit.share')} hint={hint}>
          <Percent value={share} most={90} onChange={(value) => onChange({ ...test, share: value })} />
        </Field>
        <Field label={t('operate.broadcasts.edit.metric')}>
          <Select
            value={metric}
            options={METRICS.map((value) => ({
              value,
              label: t(`operate.broadcasts.edit.metrics.${value}`),
            }))}
            onChange={(value) => onChange({ ...test, metric: value })}
          />
        </Field>
      </div>
      <div className={styles.pair}>
        <Field label={t('operate.broadcasts.edit.maxHours')}>
          <InputNumber
            min={1}
            max={168}
            precision={0}
            suffix={t('operate.broadcasts.edit.hours')}
            changeOnWheel={false}
            value={hours}
            onChange={(value) => value && onChange({ ...test, max_hours: value })}
          />
        </Field>
        <Field label={t('operate.broadcasts.edit.otherwise')}>
          <Select
            value={otherwise}
            options={OTHERWISES.map((value) => ({
              value,
              label: t(`operate.broadcasts.edit.otherwises.${value}`),
            }))}
            onChange={(value) => onChange({ ...test, otherwise: value })}
          />
        </Field>
      </div>
    </>
  )
}

const Seeds = ({ draft: { seed_list_id: listId }, put }: PartProps) => {
  const t = useT()
  const lists = useQuery(listsQuery)
  return (
    <div className={styles.pair}>
      <Field label={t('operate.broadcasts.edit.seeds')} hint={t('operate.broadcasts.edit.seedsHint')}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          value={listId ?? NO_LIST}
          options={[
            { value: NO_LIST, label: t('operate.broadcasts.edit.noSeeds') },
            ...(lists.data?.items ?? []).map(({ list_id: value, name }) => ({ value, label: name })),
          ]}
          onChange={(id) => put({ seed_list_id: id === NO_LIST ? null : id })}
        />
      </Field>
    </div>
  )
}

/** How it is found out what works: variants against each other, all of it against nothing. */
export const ProofPanel = ({ draft, put, people }: ProofPanelProps) => {
  const t = useT()
  const templates = useQuery(templatesQuery)
  const { experiment: test, holdout_share: held, routes } = draft
  const first = templates.data?.items.find(({ template_id: id }) => id === routes[0]?.template_id)
  const variants = first?.variants ?? 0
  const testHint =
    variants > 1 ? t('operate.broadcasts.edit.testHint') : t('operate.broadcasts.edit.testNone')
  return (
    <Panel title={t('operate.broadcasts.edit.proof')} note={t('operate.broadcasts.edit.proofNote')}>
      <div className={styles.fields}>
        <Option
          title={t('operate.broadcasts.edit.test')}
          hint={testHint}
          isOn={test !== null}
          isDisabled={variants < 2 && test === null}
          onChange={(isOn) => put({ experiment: isOn ? FIRST_TEST : null })}
        >
          {test ? (
            <TestFields
              test={test}
              variants={variants}
              people={people}
              onChange={(next) => put({ experiment: next })}
            />
          ) : null}
        </Option>
        <Option
          title={t('operate.broadcasts.edit.holdout')}
          hint={
            held > 0 ? t('operate.broadcasts.edit.holdoutHint') : t('operate.broadcasts.edit.holdoutNone')
          }
          isOn={held > 0}
          onChange={(isOn) => put({ holdout_share: isOn ? FIRST_HOLDOUT : 0 })}
        >
          <div className={styles.pair}>
            <Field label={t('operate.broadcasts.edit.holdoutShare')}>
              <Percent value={held} most={50} onChange={(share) => put({ holdout_share: share })} />
            </Field>
          </div>
        </Option>
        <Seeds draft={draft} put={put} />
      </div>
    </Panel>
  )
}
