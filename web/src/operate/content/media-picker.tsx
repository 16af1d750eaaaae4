import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, EmptyState, FileDrop, Input, Loaded, Modal, useNotice } from '@/kernel/ui'
import { DeleteIcon } from '@/kernel/ui/icons'
import styles from './content.module.css'
import { deleteMedia, fetchMedia, forgetMedia, mediaQuery, uploadMedia } from './queries'
import type { MediaItem } from './view'

interface MediaPickerProps {
  onPick: (item: MediaItem) => void
  onClose: () => void
}

const Adding = ({ onAdded }: { onAdded: (item: MediaItem) => void }) => {
  const t = useT()
  const notice = useNotice()
  const [url, setUrl] = useState('')
  const adding = useMutation({
    mutationFn: (from: File | string) => (typeof from === 'string' ? fetchMedia(from) : uploadMedia(from)),
    onSuccess: async (item) => {
      await forgetMedia()
      onAdded(item)
    },
    onError: (error) => void notice.error(error.message || t('kernel.ui.failed')),
  })
  return (
    <div className={styles.adding}>
      <FileDrop
        label={t('operate.content.media.upload')}
        hint={t('operate.content.media.hint')}
        accept=".png,.jpg,.jpeg,.gif,.webp,image/*"
        file={null}
        onFile={adding.mutate}
        isDisabled={adding.isPending}
      />
      <Input.Search
        value={url}
        onChange={({ target }) => setUrl(target.value)}
        placeholder={t('operate.content.media.fetch')}
        aria-label={t('operate.content.media.fetch')}
        enterButton={t('operate.content.media.fetchVerb')}
        loading={adding.isPending}
        onSearch={(text) => text.trim() && adding.mutate(text.trim())}
      />
    </div>
  )
}

const Tile = ({ item, onPick }: { item: MediaItem; onPick: (item: MediaItem) => void }) => {
  const t = useT()
  const notice = useNotice()
  const canWrite = useCan('content:write')
  const deleting = useMutation({
    mutationFn: () => deleteMedia(item.media_id),
    onSuccess: async () => {
      await forgetMedia()
      void notice.success(t('operate.content.media.deleted', { name: item.name }))
    },
    onError: (error) => void notice.error(error.message || t('kernel.ui.failed')),
  })
  return (
    <li className={styles.tile}>
      <button type="button" onClick={() => onPick(item)} title={t('operate.content.media.use')}>
        <img src={item.path} alt={item.alt || item.name} loading="lazy" />
        <span className={styles.tileName}>{item.name}</span>
        <span className={styles.hint}>
          {t('operate.content.media.sides', { width: item.width ?? 0, height: item.height ?? 0 })}
        </span>
      </button>
      {canWrite ? (
        <Button
          size="small"
          type="text"
          icon={<DeleteIcon aria-hidden="true" />}
          aria-label={t('operate.content.media.delete', { name: item.name })}
          loading={deleting.isPending}
          onClick={() => deleting.mutate()}
        />
      ) : null}
    </li>
  )
}

/** The library's pictures, to choose one or add one. */
export const MediaPicker = ({ onPick, onClose }: MediaPickerProps) => {
  const t = useT()
  const [q, setQ] = useState('')
  const query = useInfiniteQuery(mediaQuery(q.trim()))
  return (
    <Modal open title={t('operate.content.media.title')} footer={null} width={760} onCancel={onClose}>
      <Adding onAdded={onPick} />
      <Input
        value={q}
        onChange={({ target }) => setQ(target.value)}
        placeholder={t('operate.content.media.search')}
        aria-label={t('operate.content.media.search')}
        allowClear
      />
      <Loaded query={query} height={200}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items)
          return items.length === 0 ? (
            <EmptyState title={t('operate.content.media.empty')} />
          ) : (
            <ul className={styles.tiles}>
              {items.map((item) => (
                <Tile key={item.media_id} item={item} onPick={onPick} />
              ))}
            </ul>
          )
        }}
      </Loaded>
      {query.hasNextPage ? (
        <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('operate.content.media.more')}
        </Button>
      ) : null}
    </Modal>
  )
}
