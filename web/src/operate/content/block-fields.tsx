import { useT } from '@/kernel/i18n'
import { Button, Checkbox, InputNumber, Segmented, Select } from '@/kernel/ui'
import { BlockList } from './block-list'
import styles from './content.module.css'
import { PictureField } from './picture-field'
import { type Block, INNER_TYPES, type InnerBlock, newBlock, replaced } from './view'
import { PlainField, WordsField } from './words-field'

interface FieldsProps<Kind extends Block['type']> {
  block: Extract<Block, { type: Kind }>
  onChange: (block: Extract<Block, { type: Kind }>) => void
}

interface AlignProps {
  value: 'left' | 'center' | 'right'
  onChange: (value: 'left' | 'center' | 'right') => void
}

const Align = ({ value, onChange }: AlignProps) => {
  const t = useT()
  const sides = ['left', 'center', 'right'] as const
  return (
    <Segmented
      value={value}
      onChange={onChange}
      aria-label={t('operate.content.field.align')}
      options={sides.map((side) => ({ value: side, label: t(`operate.content.field.${side}`) }))}
    />
  )
}

const TextFields = ({ block, onChange }: FieldsProps<'text'>) => {
  const t = useT()
  const sizes = ['small', 'normal', 'large'] as const
  return (
    <>
      <WordsField
        label={t('operate.content.field.text')}
        hint={t('operate.content.field.markdown')}
        rows={3}
        value={block.text}
        onChange={(text) => onChange({ ...block, text })}
      />
      <div className={styles.row}>
        <Align value={block.align} onChange={(align) => onChange({ ...block, align })} />
        <Select
          value={block.size}
          onChange={(size) => onChange({ ...block, size })}
          aria-label={t('operate.content.field.size')}
          className={styles.small}
          options={[
            ...sizes.map((size) => ({ value: size, label: t(`operate.content.field.${size}`) })),
            { value: 'title' as const, label: t('operate.content.field.titleSize') },
          ]}
        />
      </div>
    </>
  )
}

const ImageFields = ({ block, onChange }: FieldsProps<'image'>) => {
  const t = useT()
  return (
    <>
      <PictureField
        url={block.url}
        onChange={(url, item) =>
          onChange({
            ...block,
            url,
            media_id: item?.media_id ?? null,
            size_bytes: item?.size_bytes ?? null,
            alt: block.alt || item?.alt || '',
          })
        }
      />
      <WordsField
        label={t('operate.content.field.alt')}
        hint={t('operate.content.field.altHint')}
        value={block.alt}
        onChange={(alt) => onChange({ ...block, alt })}
      />
      <WordsField
        label={t('operate.content.field.link')}
        value={block.link}
        onChange={(link) => onChange({ ...block, link })}
      />
      <PlainField label={t('operate.content.field.width')}>
        {(id) => (
          <InputNumber
            id={id}
            min={5}
            max={100}
            value={block.width}
            onChange={(width) => onChange({ ...block, width: width ?? 100 })}
          />
        )}
      </PlainField>
    </>
  )
}

const ButtonFields = ({ block, onChange }: FieldsProps<'button'>) => {
  const t = useT()
  return (
    <>
      <WordsField
        label={t('operate.content.field.label')}
        value={block.label}
        onChange={(label) => onChange({ ...block, label })}
      />
      <WordsField
        label={t('operate.content.field.url')}
        placeholder="https://"
        value={block.url}
        onChange={(url) => onChange({ ...block, url })}
      />
      <Align value={block.align} onChange={(align) => onChange({ ...block, align })} />
    </>
  )
}

const ProductsFields = ({ block, onChange }: FieldsProps<'products'>) => {
  const t = useT()
  return (
    <>
      <p className={styles.hint}>{t('operate.content.field.products')}</p>
      <PlainField label={t('operate.content.field.most')}>
        {(id) => (
          <InputNumber
            id={id}
            min={1}
            max={20}
            value={block.most}
            onChange={(most) => onChange({ ...block, most: most ?? 4 })}
          />
        )}
      </PlainField>
      <WordsField
        label={t('operate.content.field.label')}
        value={block.label}
        onChange={(label) => onChange({ ...block, label })}
      />
    </>
  )
}

const CouponFields = ({ block, onChange }: FieldsProps<'coupon'>) => {
  const t = useT()
  const fields = [
    ['title', t('operate.content.field.couponTitle')],
    ['code', t('operate.content.field.code')],
    ['text', t('operate.content.field.couponText')],
    ['label', t('operate.content.field.label')],
    ['url', t('operate.content.field.url')],
  ] as const
  return fields.map(([name, label]) => (
    <WordsField
      key={name}
      label={label}
      value={block[name]}
      onChange={(text) => onChange({ ...block, [name]: text })}
    />
  ))
}

const DividerFields = ({ block, onChange }: FieldsProps<'divider'>) => {
  const t = useT()
  return (
    <div className={styles.row}>
      <Checkbox
        checked={block.is_blank}
        onChange={({ target }) => onChange({ ...block, is_blank: target.checked })}
      >
        {t('operate.content.field.isBlank')}
      </Checkbox>
      {block.is_blank ? (
        <InputNumber
          aria-label={t('operate.content.field.height')}
          min={0}
          max={200}
          value={block.height}
          onChange={(height) => onChange({ ...block, height: height ?? 16 })}
        />
      ) : null}
    </div>
  )
}

const FooterFields = ({ block, onChange }: FieldsProps<'footer'>) => {
  const t = useT()
  const fields = [
    ['text', t('operate.content.field.footerText')],
    ['unsubscribe', t('operate.content.field.unsubscribe')],
    ['preferences', t('operate.content.field.preferences')],
  ] as const
  return fields.map(([name, label]) => (
    <WordsField
      key={name}
      label={label}
      value={block[name]}
      onChange={(text) => onChange({ ...block, [name]: text })}
    />
  ))
}

const ColumnsFields = ({ block, onChange }: FieldsProps<'columns'>) => {
  const t = useT()
  const set = (columns: InnerBlock[][]) => onChange({ ...block, columns })
  return (
    <>
      {block.columns.map((column, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other name than their place.
        <fieldset key={index} className={styles.column}>
          <legend>{t('operate.content.field.column', { number: index + 1 })}</legend>
          <BlockList
            blocks={column}
            types={INNER_TYPES}
            onChange={(blocks) => set(replaced(block.columns, index, blocks as InnerBlock[]))}
          />
        </fieldset>
      ))}
      {block.columns.length < 4 ? (
        <Button onClick={() => set([...block.columns, [newBlock('text') as InnerBlock]])}>
          {t('operate.content.field.addColumn')}
        </Button>
      ) : null}
    </>
  )
}

/** What can be said of a block, by its type. */
export const BlockFields = ({ block, onChange }: { block: Block; onChange: (block: Block) => void }) => {
  switch (block.type) {
    case 'text':
      return <TextFields block={block} onChange={onChange} />
    case 'image':
      return <ImageFields block={block} onChange={onChange} />
    case 'button':
      return <ButtonFields block={block} onChange={onChange} />
    case 'products':
      return <ProductsFields block={block} onChange={onChange} />
    case 'coupon':
      return <CouponFields block={block} onChange={onChange} />
    case 'divider':
      return <DividerFields block={block} onChange={onChange} />
    case 'columns':
      return <ColumnsFields block={block} onChange={onChange} />
    case 'footer':
      return <FooterFields block={block} onChange={onChange} />
  }
}
