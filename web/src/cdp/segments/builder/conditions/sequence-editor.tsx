import { useT } from '@/kernel/i18n'
import { Button, Checkbox } from '@/kernel/ui'
import { DeleteIcon, DownIcon, PlusIcon, UpIcon } from '@/kernel/ui/icons'
import { freshSelector, freshSpan } from '../../rule/fresh'
import type { SequenceLeaf } from '../../rule/types'
import styles from '../builder.module.css'
import { SpanInput } from '../inputs/span-input'
import { SelectorEditor } from './selector-editor'

const FEWEST = 2
const MOST = 8

interface EditorProps {
  leaf: SequenceLeaf
  onChange: (leaf: SequenceLeaf) => void
}

const Steps = ({ leaf, onChange }: EditorProps) => {
  const t = useT()
  const { steps } = leaf
  const put = (next: SequenceLeaf['steps']) => onChange({ ...leaf, steps: next })
  const swap = (at: number) => {
    const [one, other] = [steps[at], steps[at + 1]]
    if (one && other) put(steps.with(at, other).with(at + 1, one))
  }
  return (
    <>
      <ol className={styles.steps}>
        {steps.map((step, index) => {
          const number = index + 1
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place; the same event may stand at two.
            <li key={index}>
              <div className={styles.line}>
                <SelectorEditor
                  label={t('cdp.segments.build.step', { number })}
                  selector={step}
                  onChange={(next) => put(steps.with(index, next))}
                />
                <span className={styles.tools}>
                  <Button
                    type="text"
                    icon={<UpIcon />}
                    disabled={index === 0}
                    aria-label={t('cdp.segments.build.stepUp', { number })}
                    onClick={() => swap(index - 1)}
                  />
                  <Button
                    type="text"
                    icon={<DownIcon />}
                    disabled={index === steps.length - 1}
                    aria-label={t('cdp.segments.build.stepDown', { number })}
                    onClick={() => swap(index)}
                  />
                  <Button
                    type="text"
                    icon={<DeleteIcon />}
                    disabled={steps.length <= FEWEST}
                    aria-label={t('cdp.segments.build.stepRemove', { number })}
                    onClick={() => put(steps.toSpliced(index, 1))}
                  />
                </span>
              </div>
            </li>
          )
        })}
      </ol>
      {steps.length < MOST ? (
        <Button type="text" icon={<PlusIcon />} onClick={() => put([...steps, freshSelector()])}>
          {t('cdp.segments.build.addStep')}
        </Button>
      ) : null}
    </>
  )
}

/** One thing after the other, in how much time, and how lately. */
export const SequenceEditor = ({ leaf, onChange }: EditorProps) => {
  const t = useT()
  const { within, completed } = leaf
  return (
    <div className={styles.lines}>
      <Steps leaf={leaf} onChange={onChange} />
      <span className={styles.line}>
        <span className={styles.word}>{t('cdp.segments.build.allWithin')}</span>
        <SpanInput
          label={t('cdp.segments.build.span')}
          value={within}
          onChange={(span) => onChange({ ...leaf, within: span })}
        />
      </span>
      <span className={styles.line}>
        <Checkbox
          checked={completed !== undefined}
          onChange={({ target }) =>
            onChange({ ...leaf, completed: target.checked ? freshSpan() : undefined })
          }
        >
          {t('cdp.segments.build.completed')}
        </Checkbox>
        {completed ? (
          <SpanInput
            label={t('cdp.segments.build.completedSpan')}
            value={completed}
            onChange={(span) => onChange({ ...leaf, completed: span })}
          />
        ) : null}
      </span>
    </div>
  )
}
