import type { EventNames } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Button, Select } from '@/kernel/ui'
import { DeleteIcon, DownIcon, PlusIcon, UpIcon } from '@/kernel/ui/icons'
import styles from './funnel.module.css'
import { FEWEST_STEPS, MOST_STEPS } from './search'

interface StepsEditorProps {
  steps: string[]
  events: EventNames['items']
  onChange: (steps: string[]) => void
}

const swapped = (steps: string[], at: number) => {
  const next = [...steps]
  next.splice(at, 2, ...steps.slice(at, at + 2).reverse())
  return next
}

/** The events of the funnel in their order: choose, move, remove, add. */
export const StepsEditor = ({ steps, events, onChange }: StepsEditorProps) => {
  const t = useT()
  const format = useFormats()
  const options = events.map(({ name, people }) => ({
    value: name,
    label: name,
    people: t('measure.reports.people', { shown: format.compact(people) }),
  }))
  const unused = events.find(({ name }) => !steps.includes(name))?.name ?? events[0]?.name
  return (
    <div className={styles.editor}>
      <ol className={styles.steps}>
        {steps.map((step, index) => {
          const number = index + 1
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place; the same event may stand at two.
            <li key={index} className={styles.step}>
              <Select
                className={styles.event}
                showSearch
                value={step}
                options={options}
                optionRender={({ data }) => (
                  <span className={styles.option}>
                    {data.label}
                    <span>{data.people}</span>
                  </span>
                )}
                aria-label={t('measure.reports.funnel.step', { number })}
                onChange={(name: string) => onChange(steps.with(index, name))}
              />
              <Button
                type="text"
                icon={<UpIcon />}
                disabled={index === 0}
                aria-label={t('measure.reports.funnel.up', { number })}
                onClick={() => onChange(swapped(steps, index - 1))}
              />
              <Button
                type="text"
                icon={<DownIcon />}
                disabled={index === steps.length - 1}
                aria-label={t('measure.reports.funnel.down', { number })}
                onClick={() => onChange(swapped(steps, index))}
              />
              <Button
                type="text"
                icon={<DeleteIcon />}
                disabled={steps.length <= FEWEST_STEPS}
                aria-label={t('measure.reports.funnel.remove', { number })}
                onClick={() => onChange(steps.toSpliced(index, 1))}
              />
            </li>
          )
        })}
      </ol>
      {steps.length < MOST_STEPS && unused ? (
        <Button icon={<PlusIcon />} onClick={() => onChange([...steps, unused])}>
          {t('measure.reports.funnel.add')}
        </Button>
      ) : null}
    </div>
  )
}
