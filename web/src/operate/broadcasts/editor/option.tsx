import { type ReactNode, useId } from 'react'
import { Switch } from '@/kernel/ui'
import styles from '../broadcasts.module.css'

interface OptionProps {
  title: string
  hint: string
  isOn: boolean
  isDisabled?: boolean
  onChange: (isOn: boolean) => void
  /** What is asked once it is on. */
  children?: ReactNode
}

/** Something that can be left off, and what it asks for when it is on. */
export const Option = ({ title, hint, isOn, isDisabled = false, onChange, children }: OptionProps) => {
  const id = useId()
  return (
    <div className={styles.fields}>
      <div className={styles.switch}>
        <Switch size="small" checked={isOn} disabled={isDisabled} onChange={onChange} aria-labelledby={id} />
        <div>
          <strong id={id}>{title}</strong>
          <span className={styles.hint}>{hint}</span>
        </div>
      </div>
      {isOn && children ? <div className={styles.under}>{children}</div> : null}
    </div>
  )
}
