import { useState } from 'react'
import { useT } from '@/kernel/i18n'
import { Button } from '@/kernel/ui'
import styles from './content.module.css'
import { MediaPicker } from './media-picker'
import type { MediaItem } from './view'
import { WordsField } from './words-field'

interface PictureFieldProps {
  url: string
  /** Takes an address, and the file of the library where it is one. */
  onChange: (url: string, item?: MediaItem) => void
}

/** A picture: from the library, or at an address. */
export const PictureField = ({ url, onChange }: PictureFieldProps) => {
  const t = useT()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <div className={styles.picture}>
      {url.startsWith('/media/') ? <img src={url} alt="" className={styles.thumb} /> : null}
      <div className={styles.grow}>
        <WordsField
          label={t('operate.content.field.picture')}
          value={url}
          onChange={(text) => onChange(text)}
        />
        <Button onClick={() => setIsOpen(true)}>{t('operate.content.media.choose')}</Button>
      </div>
      {isOpen ? (
        <MediaPicker
          onClose={() => setIsOpen(false)}
          onPick={(item) => {
            setIsOpen(false)
            onChange(item.path, item)
          }}
        />
      ) : null}
    </div>
  )
}
