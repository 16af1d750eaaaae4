import { useT } from '@/kernel/i18n'
import { Input, Panel, Segmented } from '@/kernel/ui'
import styles from '../broadcasts.module.css'
import { PURPOSES } from '../types'
import { Field } from './field'
import type { PartProps } from './use-draft'

/** What it is called among colleagues, and what it is for. */
export const AboutPanel = ({ draft: { name, purpose }, put }: PartProps) => {
  const t = useT()
  return (
    <Panel title={t('operate.broadcasts.edit.about')}>
      <div className={styles.pair}>
        <Field label={t('operate.broadcasts.edit.name')} hint={t('operate.broadcasts.edit.nameHint')}>
          <Input
            value={name}
            maxLength={200}
            status={name.trim() === '' ? 'error' : undefined}
            onChange={({ target }) => put({ name: target.value })}
          />
        </Field>
        <div className={styles.field}>
          <span>{t('operate.broadcasts.edit.purpose')}</span>
          <Segmented
            block
            value={purpose}
            options={PURPOSES.map((value) => ({ value, label: t(`operate.broadcasts.purposes.${value}`) }))}
            onChange={(value) => put({ purpose: value })}
            aria-label={t('operate.broadcasts.edit.purpose')}
          />
          <span className={styles.hint}>{t(`operate.broadcasts.edit.purposeHint.${purpose}`)}</span>
        </div>
      </div>
    </Panel>
  )
}
