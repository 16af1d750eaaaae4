import { useT } from '@/kernel/i18n'
import { TAG_COLORS, tagColor } from '@/kernel/ui'
import styles from './tags.module.css'

interface ColorPickerProps {
  /** A form hands both in. */
  value?: string | null
  onChange?: (color: string) => void
}

/** The color of a tag: a row of dots, each with its name for those who cannot tell them apart. */
export const ColorPicker = ({ value, onChange = () => undefined }: ColorPickerProps) => {
  const t = useT()
  const chosen = value ?? 'slate'
  return (
    <div className={styles.colors} role="radiogroup" aria-label={t('cdp.tags.form.color')}>
      {TAG_COLORS.map((color) => (
        <label key={color} className={styles.color} title={t(`cdp.tags.color.${color}`)}>
          <input
            type="radio"
            name="tag-color"
            className="visually-hidden"
            value={color}
            checked={chosen === color}
            aria-label={t(`cdp.tags.color.${color}`)}
            onChange={() => onChange(color)}
          />
          <span className={styles.swatch} style={{ background: tagColor[color] }} />
        </label>
      ))}
    </div>
  )
}
