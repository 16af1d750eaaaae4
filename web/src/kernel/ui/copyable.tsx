import { Button } from 'antd'
import { useState } from 'react'
import { useT } from '@/kernel/i18n'
import styles from './copyable.module.css'
import { CheckIcon, CopyIcon } from './icons'
import { ScrollRegion } from './scroll-region'

interface CopyableProps {
  /** The text to show and to copy. */
  text: string
  label: string
}

/** A piece of code or a secret with a button that copies it. */
export const Copyable = ({ text, label }: CopyableProps) => {
  const t = useT()
  const [isCopied, setIsCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setIsCopied(true)
    setTimeout(() => setIsCopied(false), 2000)
  }
  return (
    <div className={styles.box}>
      <ScrollRegion className={styles.scroll} label={label}>
        <pre className={styles.text}>{text}</pre>
      </ScrollRegion>
      <Button
        className={styles.button}
        icon={isCopied ? <CheckIcon /> : <CopyIcon />}
        onClick={() => void copy()}
      >
        <span aria-live="polite">{isCopied ? t('kernel.ui.copied') : t('kernel.ui.copy')}</span>
      </Button>
    </div>
  )
}
