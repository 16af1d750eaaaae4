import { useT } from '@/kernel/i18n'
import { Button, Dropdown } from '@/kernel/ui'
import { DeleteIcon, PlusIcon } from '@/kernel/ui/icons'
import { propertyOps } from '../../rule/fresh'
import type { Filter, Product, Property } from '../../rule/types'
import styles from '../builder.module.css'
import { useBuilder } from '../context'
import { Picker } from '../inputs/picker'
import { TestEditor } from '../inputs/test-editor'
import { type Known, type KnownEvent, knownOf } from '../vocabulary'

const MOST_FILTERS = 20
const MOST_TESTS = 10

const freshProperty = (): Property => ({ type: 'property', path: '', test: { op: 'is', value: '' } })

interface PropertyEditorProps {
  property: Property
  known: Known[]
  onChange: (property: Property) => void
  onRemove?: () => void
}

const PropertyEditor = ({ property, known, onChange, onRemove }: PropertyEditorProps) => {
  const t = useT()
  const { words } = useBuilder()
  const { path, test } = property
  const own = knownOf(known, path)
  return (
    <span className={styles.line}>
      <Picker
        label={t('cdp.segments.build.property')}
        value={path}
        isOpen
        width={150}
        choices={known.map(({ name }) => ({
          value: name,
          label: words.word('cdp.segments.words.property', name),
        }))}
        onChange={(next) => onChange({ ...property, path: next })}
      />
      <TestEditor
        test={test}
        ops={propertyOps(own.kind)}
        known={own}
        onChange={(next) => onChange({ ...property, test: next })}
      />
      {onRemove ? (
        <Button
          type="text"
          icon={<DeleteIcon />}
          aria-label={t('cdp.segments.build.removeFilter')}
          onClick={onRemove}
        />
      ) : null}
    </span>
  )
}

interface ProductEditorProps {
  product: Product
  known: Known[]
  onChange: (product: Product | null) => void
}

const ProductEditor = ({ product, known, onChange }: ProductEditorProps) => {
  const t = useT()
  const { where } = product
  const remove = (index: number) =>
    onChange(where.length > 1 ? { ...product, where: where.toSpliced(index, 1) } : null)
  return (
    <fieldset className={styles.product}>
      <legend>{t('cdp.segments.build.product')}</legend>
      {where.map((property, index) => (
        <PropertyEditor
          // biome-ignore lint/suspicious/noArrayIndexKey: a test of a product is its place.
          key={index}
          property={property}
          known={known}
          onChange={(next) => onChange({ ...product, where: where.with(index, next) })}
          onRemove={() => remove(index)}
        />
      ))}
      {where.length < MOST_TESTS ? (
        <Button
          type="text"
          icon={<PlusIcon />}
          onClick={() => onChange({ ...product, where: [...where, freshProperty()] })}
        >
          {t('cdp.segments.build.addProductTest')}
        </Button>
      ) : null}
    </fieldset>
  )
}

interface FiltersEditorProps {
  where: Filter[]
  event: KnownEvent | undefined
  onChange: (where: Filter[]) => void
}

/** Which events count: what their properties and products have to be. */
export const FiltersEditor = ({ where, event, onChange }: FiltersEditorProps) => {
  const t = useT()
  const change = (index: number, next: Filter | null) =>
    onChange(next ? where.with(index, next) : where.toSpliced(index, 1))
  const add = (filter: Filter) => onChange([...where, filter])
  const items = [
    {
      key: 'property',
      label: t('cdp.segments.build.addProperty'),
      onClick: () => add(freshProperty()),
    },
    {
      key: 'product',
      label: t('cdp.segments.build.addProduct'),
      onClick: () => add({ type: 'product', where: [freshProperty()] }),
    },
  ]
  return (
    <>
      {where.map((filter, index) =>
        filter.type === 'product' ? (
          <ProductEditor
            // biome-ignore lint/suspicious/noArrayIndexKey: a filter is its place.
            key={index}
            product={filter}
            known={event?.product_properties ?? []}
            onChange={(next) => change(index, next)}
          />
        ) : (
          <PropertyEditor
            // biome-ignore lint/suspicious/noArrayIndexKey: a filter is its place.
            key={index}
            property={filter}
            known={event?.properties ?? []}
            onChange={(next) => change(index, next)}
            onRemove={() => change(index, null)}
          />
        ),
      )}
      {where.length < MOST_FILTERS ? (
        <Dropdown menu={{ items }} trigger={['click']}>
          <Button type="text" icon={<PlusIcon />} aria-haspopup="menu" className={styles.addFilter}>
            {t('cdp.segments.build.addFilter')}
          </Button>
        </Dropdown>
      ) : null}
    </>
  )
}
