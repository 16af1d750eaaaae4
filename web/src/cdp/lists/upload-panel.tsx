import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Alert, Button, FileDrop, Panel, Refusal, Select, useNotice } from '@/kernel/ui'
import { columnsOfFile } from './header'
import styles from './lists.module.css'
import {
  KINDS,
  type Kind,
  type Matching,
  refreshLists,
  type Upload,
  unmatchedAddress,
  uploadFile,
  uploadsQuery,
} from './queries'

const MOST_BYTES = 8 * 2 ** 20

/** What became of the rows of a file. */
export const Report = ({ upload, canRead }: { upload: Upload; canRead: boolean }) => {
  const t = useT()
  const format = useFormats()
  const { row_count: rows, matched, added, unmatched, has_report: hasReport } = upload
  const number = (count: number) => ({ count, shown: format.count(count) })
  return (
    <div className={styles.report}>
      <p className={styles.file}>
        <span className={styles.name}>{upload.file_name}</span>
        <span className={styles.beside}>{format.ago(upload.uploaded_at)}</span>
      </p>
      <p className={styles.beside}>
        {t('cdp.lists.upload.matched', { ...number(matched), rows: format.count(rows) })}
        {' · '}
        {t('cdp.lists.upload.added', number(added))}
      </p>
      {unmatched > 0 ? (
        <p className={styles.beside}>
          {t('cdp.lists.upload.unmatched', number(unmatched))}
          {hasReport && canRead ? (
            <>
              {' · '}
              <a href={unmatchedAddress(upload)} download>
                {t('cdp.lists.upload.download')}
              </a>
            </>
          ) : null}
        </p>
      ) : null}
    </div>
  )
}

interface ByHandProps {
  columns: string[]
  isPending: boolean
  onSend: (matching: Matching) => void
}

/** Which column to match by, where its name does not tell. */
const ByHand = ({ columns, isPending, onSend }: ByHandProps) => {
  const t = useT()
  const [column, setColumn] = useState<string | undefined>(columns[0])
  const [kind, setKind] = useState<Kind>('any')
  return (
    <div className={styles.byHand}>
      <Select
        value={column}
        aria-label={t('cdp.lists.upload.column')}
        options={columns.map((value) => ({ value, label: value }))}
        onChange={setColumn}
      />
      <Select<Kind>
        value={kind}
        aria-label={t('cdp.lists.upload.kind')}
        options={KINDS.map((value) => ({ value, label: t(`cdp.lists.kind.${value}`) }))}
        onChange={setKind}
      />
      <Button type="primary" loading={isPending} onClick={() => onSend({ column, kind })}>
        {t('cdp.lists.upload.again')}
      </Button>
    </div>
  )
}

const Past = ({ listId, canRead }: { listId: number; canRead: boolean }) => {
  const t = useT()
  const { data } = useQuery(uploadsQuery(listId))
  const items = data?.items ?? []
  const [isAll, setIsAll] = useState(false)
  const shown = isAll ? items : items.slice(0, 3)
  return (
    <>
      {shown.map((upload) => (
        <Report key={upload.upload_id} upload={upload} canRead={canRead} />
      ))}
      {items.length > shown.length ? (
        <Button type="link" className={styles.plainLink} onClick={() => setIsAll(true)}>
          {t('cdp.lists.upload.all', { count: items.length })}
        </Button>
      ) : null}
    </>
  )
}

interface UploadPanelProps {
  listId: number
  canWrite: boolean
  canRead: boolean
}

/** A file whose rows name people, and what became of the files before it. */
export const UploadPanel = ({ listId, canWrite, canRead }: UploadPanelProps) => {
  const t = useT()
  const notice = useNotice()
  const [file, setFile] = useState<File | null>(null)
  const [columns, setColumns] = useState<string[]>([])
  const sending = useMutation({
    mutationFn: ({ chosen, matching }: { chosen: File; matching?: Matching }) => {
      if (chosen.size > MOST_BYTES)
        throw new ApiError(413, {
          message: t('cdp.lists.upload.large'),
          hint: t('cdp.lists.upload.largeHint'),
        })
      return uploadFile(listId, chosen, matching)
    },
    onSuccess: async ({ added }) => {
      setFile(null)
      await refreshLists()
      notice.success(t('cdp.lists.upload.done', { count: added }))
    },
  })
  const take = (chosen: File) => {
    setFile(chosen)
    setColumns([])
    sending.mutate({ chosen })
    void columnsOfFile(chosen).then(setColumns, () => setColumns([]))
  }
  const isUnclear =
    sending.error instanceof ApiError && sending.error.code === 'bad_list_file' && columns.length > 0
  return (
    <Panel title={t('cdp.lists.upload.title')} note={t('cdp.lists.upload.note')}>
      <div className={styles.stack}>
        {canWrite ? (
          <FileDrop
            label={t(sending.isPending ? 'cdp.lists.upload.pending' : 'cdp.lists.upload.choose')}
            hint={t('cdp.lists.upload.hint')}
            accept=".csv,.txt,text/csv,text/plain"
            file={sending.isPending ? null : file}
            onFile={take}
            isDisabled={sending.isPending}
          />
        ) : null}
        {isUnclear ? (
          <Alert role="alert" type="warning" title={t('cdp.lists.upload.unclear')} />
        ) : (
          <Refusal error={sending.error} />
        )}
        {isUnclear && file ? (
          <ByHand
            key={file.name}
            columns={columns}
            isPending={sending.isPending}
            onSend={(matching) => sending.mutate({ chosen: file, matching })}
          />
        ) : null}
        <Past listId={listId} canRead={canRead} />
      </div>
    </Panel>
  )
}
