import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Button, Checkbox, Input } from '@/kernel/ui'
import { CloseIcon, PlusIcon } from '@/kernel/ui/icons'
import styles from './autoreply.module.css'
import type { Span } from './types'

const DAYS = [1, 2, 3, 4, 5, 6, 7]

interface SpanFieldsProps {
  spans: Span[]
  onChange: (spans: Span[]) => void
}

/** At which times of which days a rule holds; one that ends before it begins goes over midnight. */
export const SpanFields = ({ spans, onChange }: SpanFieldsProps) => {
  const t = useT()
  const { locale } = useFormats()
  const name = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' })
  // The first of January 2024 was a Monday.
  const days = DAYS.map((value) => ({ value, label: name.format(Date.UTC(2024, 0, value)) }))
  const put = (at: number, changes: Partial<Span>) =>
    onChange(spans.map((span, index) => (index === at ? { ...span, ...changes } : span)))
  return (
    <fieldset className={styles.times}>
      <legend>{t('operate.autoreply.span.label')}</legend>
      {spans.map((span, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: spans have no other name than their place.
        <div key={index} className={styles.span}>
          <Checkbox.Group
            value={span.days}
            options={days}
            onChange={(chosen) => put(index, { days: [...(chosen as number[])].sort() })}
          />
          <span className={styles.spans}>
            <Input
              type="time"
              className={styles.clock}
              value={span.begins}
              aria-label={t('operate.autoreply.span.begins')}
              onChange={({ target }) => put(index, { begins: target.value })}
            />
            –
            <Input
              type="time"
              className={styles.clock}
              value={span.ends}
              aria-label={t('operate.autoreply.span.ends')}
              onChange={({ target }) => put(index, { ends: target.value })}
            />
            {span.ends < span.begins ? (
              <span className={styles.hint}>{t('operate.autoreply.span.nextDay')}</span>
            ) : null}
            <Button
              type="text"
              icon={<CloseIcon />}
              aria-label={t('operate.autoreply.span.drop')}
              onClick={() => onChange(spans.filter((_, other) => other !== index))}
            />
          </span>
        </div>
      ))}
      <Button
        size="small"
        icon={<PlusIcon />}
        onClick={() => onChange([...spans, { days: [1, 2, 3, 4, 5], begins: '09:00', ends: '18:00' }])}
      >
        {t('operate.autoreply.span.add')}
      </Button>
    </fieldset>
  )
}
