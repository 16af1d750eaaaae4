import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Button, EmptyState, Input, Loaded, Modal, Refusal } from '@/kernel/ui'
import { type Extra, productExtra } from './extras'
import styles from './inbox.module.css'
import { type Product, productsQuery, putProduct } from './queries'

interface PickProps {
  onPick: (extra: Extra) => void
  onClose: () => void
}

const Details = ({ product, onDone }: { product: Product; onDone: (product: Product) => void }) => {
  const t = useT()
  const client = useQueryClient()
  const [url, setUrl] = useState(product.url ?? '')
  const [image, setImage] = useState(product.image_url ?? '')
  const saving = useMutation({
    mutationFn: () => putProduct({ ...product, url: url.trim(), image_url: image.trim() }),
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: ['inbox', 'products'] })
      onDone(saved)
    },
  })
  return (
    <div className={styles.stack}>
      <p>{t('operate.inbox.product.tell', { name: product.name ?? '' })}</p>
      <Input
        autoFocus
        value={url}
        placeholder="https://"
        aria-label={t('operate.inbox.product.url')}
        addonBefore={t('operate.inbox.product.url')}
        onChange={({ target }) => setUrl(target.value)}
      />
      <Input
        value={image}
        placeholder="https://"
        aria-label={t('operate.inbox.product.image')}
        addonBefore={t('operate.inbox.product.image')}
        onChange={({ target }) => setImage(target.value)}
      />
      <Refusal error={saving.error} />
      <div className={styles.ends}>
        <Button onClick={() => onDone(product)}>{t('operate.inbox.product.without')}</Button>
        <Button type="primary" loading={saving.isPending} onClick={() => saving.mutate()}>
          {t('operate.inbox.product.save')}
        </Button>
      </div>
    </div>
  )
}

/** Products that the brand sells, to show one in an answer. */
export const ProductDialog = ({ onPick, onClose }: PickProps) => {
  const t = useT()
  const format = useFormats()
  const [typed, setTyped] = useState('')
  const [asked, setAsked] = useState<Product | null>(null)
  const query = useQuery(productsQuery(useDeferredValue(typed.trim())))
  const pick = (product: Product) => {
    onPick(productExtra(product, format))
    onClose()
  }
  return (
    <Modal open title={t('operate.inbox.product.title')} footer={null} onCancel={onClose} width={520}>
      {asked ? (
        <Details product={asked} onDone={pick} />
      ) : (
        <div className={styles.stack}>
          <Input
            autoFocus
            allowClear
            type="search"
            value={typed}
            placeholder={t('operate.inbox.product.search')}
            aria-label={t('operate.inbox.product.search')}
            onChange={({ target }) => setTyped(target.value)}
          />
          <Loaded query={query} height={200}>
            {({ items }) =>
              items.length === 0 ? (
                <EmptyState title={t('operate.inbox.product.none')} />
              ) : (
                <ul className={styles.picks}>
                  {items.map((product) => (
                    <li key={product.product_id}>
                      <button
                        type="button"
                        className={styles.pick}
                        // Without an address a card leads nowhere: it is asked for once, and kept.
                        onClick={() => (product.url ? pick(product) : setAsked(product))}
                      >
                        <span className={styles.name}>{product.name}</span>
                        <span className={styles.when}>
                          {product.price_minor != null && product.currency
                            ? format.money(product.price_minor, product.currency)
                            : ''}
                        </span>
                      </button>
                    </li>
                  ))}
                </ul>
              )
            }
          </Loaded>
        </div>
      )}
    </Modal>
  )
}
