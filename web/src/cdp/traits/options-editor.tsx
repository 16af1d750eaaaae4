import { useT } from '@/kernel/i18n'
import { Button, Input } from '@/kernel/ui'
import { DeleteIcon, DownIcon, PlusIcon, UpIcon } from '@/kernel/ui/icons'
import styles from './traits.module.css'
import type { TraitOption } from './view'

const MOST_OPTIONS = 200

interface OptionsEditorProps {
  /** A form hands both in. */
  value?: TraitOption[]
  onChange?: (options: TraitOption[]) => void
}

/** The values a trait can have, in their order, each with the words that people read. */
export const OptionsEditor = ({ value: options = [], onChange = () => undefined }: OptionsEditorProps) => {
  const t = useT()
  const put = (index: number, change: Partial<TraitOption>) =>
    onChange(options.map((option, at) => (at === index ? { ...option, ...change } : option)))
  const swap = (at: number) => {
    const [one, other] = [options[at], options[at + 1]]
    if (one && other) onChange(options.with(at, other).with(at + 1, one))
  }
  return (
    <div className={styles.options}>
      {options.length > 0 ? (
        <div className={styles.optionHead} aria-hidden="true">
          <span>{t('cdp.traits.form.optionValue')}</span>
          <span>{t('cdp.traits.form.optionLabel')}</span>
        </div>
      ) : null}
      {options.map((option, index) => {
        const number = index + 1
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: an option is its place while its value is written.
          <div key={index} className={styles.option}>
            <Input
              value={option.value}
              maxLength={100}
              aria-label={t('cdp.traits.form.optionValueOf', { number })}
              onChange={({ target }) => put(index, { value: target.value })}
            />
            <Input
              value={option.label}
              maxLength={100}
              placeholder={option.value}
              aria-label={t('cdp.traits.form.optionLabelOf', { number })}
              onChange={({ target }) => put(index, { label: target.value })}
            />
            <span className={styles.optionTools}>
              <Button
                type="text"
                icon={<UpIcon />}
                disabled={index === 0}
                aria-label={t('cdp.traits.form.optionUp', { number })}
                onClick={() => swap(index - 1)}
              />
              <Button
                type="text"
                icon={<DownIcon />}
                disabled={index === options.length - 1}
                aria-label={t('cdp.traits.form.optionDown', { number })}
                onClick={() => swap(index)}
              />
              <Button
                type="text"
                icon={<DeleteIcon />}
                aria-label={t('cdp.traits.form.optionRemove', { number })}
                onClick={() => onChange(options.toSpliced(index, 1))}
              />
            </span>
          </div>
        )
      })}
      {options.length < MOST_OPTIONS ? (
        <Button
          type="text"
          icon={<PlusIcon />}
          className={styles.addOption}
          onClick={() => onChange([...options, { value: '', label: '' }])}
        >
          {t('cdp.traits.form.optionAdd')}
        </Button>
      ) : null}
    </div>
  )
}
