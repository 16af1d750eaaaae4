import { useT } from '@/kernel/i18n'
import { Switch } from '@/kernel/ui'
import styles from './tags.module.css'
import { useRuleTools } from './tools'
import type { RuleBody } from './view'

/** A rule in a form: null is none; one that is being written may not be whole yet. */
export interface RuleValue {
  rule: RuleBody | null
  isWhole: boolean
}

interface RuleSwitchProps {
  /** A form hands both in. */
  value?: RuleValue | null
  onChange?: (value: RuleValue | null) => void
  showsGaps: boolean
  error?: unknown
}

/** Whether a rule gives the tag, and which. */
export const RuleSwitch = ({ value, onChange = () => undefined, showsGaps, error }: RuleSwitchProps) => {
  const t = useT()
  const { RuleInput } = useRuleTools()
  const isOn = Boolean(value)
  return (
    <div className={styles.ruled}>
      <span className={styles.line}>
        <Switch
          checked={isOn}
          aria-label={t('cdp.tags.form.rule')}
          onChange={(on) => onChange(on ? { rule: null, isWhole: false } : null)}
        />
        <span className={styles.muted}>{t(isOn ? 'cdp.tags.form.ruleOn' : 'cdp.tags.form.ruleOff')}</span>
      </span>
      {value ? (
        <RuleInput
          initial={value.rule}
          onChange={(rule, isWhole) => onChange({ rule, isWhole })}
          showsGaps={showsGaps}
          error={error}
        />
      ) : null}
    </div>
  )
}
