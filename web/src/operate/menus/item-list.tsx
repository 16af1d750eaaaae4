import { useQuery } from '@tanstack/react-query'
import { useT } from '@/kernel/i18n'
import { Button, Input, Select } from '@/kernel/ui'
import { CloseIcon, DownIcon, PlusIcon, UpIcon } from '@/kernel/ui/icons'
import { Field } from './field'
import styles from './menus.module.css'
import { formsQuery } from './queries'
import { type Item, type ItemKind, KINDS, newItem } from './types'

interface EditProps {
  item: Item
  onChange: (item: Item) => void
}

const FormPicker = ({ item, onChange }: EditProps) => {
  const t = useT()
  const { data } = useQuery(formsQuery)
  return (
    <Field label={t('operate.menus.kind.form')}>
      <Select
        value={item.form_id ?? undefined}
        options={data?.items.map(({ form_id: value, name }) => ({ value, label: name }))}
        onChange={(formId) => onChange({ ...item, form_id: formId })}
      />
    </Field>
  )
}

const Details = ({ item, onChange }: EditProps) => {
  const t = useT()
  const box = (name: 'url' | 'app_id' | 'page' | 'phone' | 'keyword') => (
    <Field label={t(`operate.menus.field.${name}`)}>
      <Input
        value={item[name] ?? ''}
        onChange={({ target }) => onChange({ ...item, [name]: target.value.trim() })}
      />
    </Field>
  )
  switch (item.kind ?? 'reply') {
    case 'reply':
      return (
        <Field label={t('operate.menus.field.text')}>
          <Input.TextArea
            value={item.text ?? ''}
            autoSize={{ minRows: 1, maxRows: 6 }}
            onChange={({ target }) => onChange({ ...item, text: target.value })}
          />
        </Field>
      )
    case 'url':
      return box('url')
    case 'phone':
      return box('phone')
    case 'keyword':
      return box('keyword')
    case 'mini_program':
      return (
        <div className={styles.pair}>
          {box('app_id')}
          {box('page')}
          {box('url')}
        </div>
      )
    case 'form':
      return <FormPicker item={item} onChange={onChange} />
    case 'menu':
      return <ItemList items={item.items ?? []} onChange={(items) => onChange({ ...item, items })} />
    default:
      return null
  }
}

const withKind = (item: Item, kind: ItemKind): Item =>
  kind === 'menu'
    ? { id: item.id, label: item.label, kind, items: item.items ?? [newItem()] }
    : { ...item, kind, items: [] }

interface ItemListProps {
  items: Item[]
  isTop?: boolean
  onChange: (items: Item[]) => void
}

/** Entries of one level, in their order. */
export const ItemList = ({ items, isTop = false, onChange }: ItemListProps) => {
  const t = useT()
  const put = (item: Item) => onChange(items.map((each) => (each.id === item.id ? item : each)))
  const move = (from: number, to: number) => {
    const next = [...items]
    const [taken] = next.splice(from, 1)
    if (taken) next.splice(to, 0, taken)
    onChange(next)
  }
  const kinds = isTop ? KINDS : KINDS.filter((kind) => kind !== 'menu')
  return (
    <div className={isTop ? styles.stack : styles.below}>
      {items.map((item, place) => (
        <div key={item.id} className={styles.item}>
          <div className={styles.line}>
            <Input
              value={item.label}
              maxLength={100}
              placeholder={t('operate.menus.label')}
              aria-label={t('operate.menus.label')}
              onChange={({ target }) => put({ ...item, label: target.value })}
            />
            <Select
              value={item.kind ?? 'reply'}
              aria-label={t('operate.menus.kind.label')}
              options={kinds.map((kind) => ({ value: kind, label: t(`operate.menus.kind.${kind}`) }))}
              onChange={(kind) => put(withKind(item, kind))}
            />
            <span className={styles.tools}>
              <Button
                type="text"
                size="small"
                icon={<UpIcon />}
                disabled={place === 0}
                aria-label={t('operate.menus.up')}
                onClick={() => move(place, place - 1)}
              />
              <Button
                type="text"
                size="small"
                icon={<DownIcon />}
                disabled={place === items.length - 1}
                aria-label={t('operate.menus.down')}
                onClick={() => move(place, place + 1)}
              />
              <Button
                type="text"
                size="small"
                icon={<CloseIcon />}
                aria-label={t('operate.menus.drop')}
                onClick={() => onChange(items.filter(({ id }) => id !== item.id))}
              />
            </span>
          </div>
          <Details item={item} onChange={put} />
        </div>
      ))}
      <div>
        <Button size="small" icon={<PlusIcon />} onClick={() => onChange([...items, newItem()])}>
          {t(isTop ? 'operate.menus.addItem' : 'operate.menus.addBelow')}
        </Button>
      </div>
    </div>
  )
}
