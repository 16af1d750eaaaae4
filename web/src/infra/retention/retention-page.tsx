import { useMutation, useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import {
  Button,
  DateTime,
  InputNumber,
  Loaded,
  Page,
  Panel,
  Refusal,
  Select,
  useConfirm,
  useNotice,
} from '@/kernel/ui'
import { type Kind, type Period, periodsQuery, previewQuery, refreshRetention, savePeriod } from './queries'
import styles from './retention.module.css'

const MOST_DAYS = 36_500

const Preview = ({ kind, days }: { kind: Kind; days: number }) => {
  const t = useT()
  const format = useFormats()
  const { data, error } = useQuery(previewQuery(kind, days))
  if (error) return <Refusal error={error} />
  if (!data) return <p className={styles.hint}>{t('infra.retention.counting')}</p>
  return (
    <p className={styles.hint} role="status">
      {data.items === 0
        ? t('infra.retention.nothing')
        : t('infra.retention.would', { count: data.items, shown: format.count(data.items) })}{' '}
      {data.oldest_at ? (
        <>
          {t('infra.retention.oldest')} <DateTime at={data.oldest_at} style="date" />
        </>
      ) : null}
    </p>
  )
}

const Row = ({ period }: { period: Period }) => {
  const t = useT()
  const notice = useNotice()
  const confirm = useConfirm()
  const canWrite = useCan('workspace:write')
  const { kind, days: kept, least_days: least } = period
  const [days, setDays] = useState(kept)
  const asked = useDeferredValue(days)
  const isFit = days === null || days >= least
  const saving = useMutation({
    mutationFn: () => savePeriod(kind, days),
    onSuccess: async () => {
      await refreshRetention()
      notice.success(t('infra.retention.saved'))
    },
  })
  // Keeping longer loses nothing; keeping for less time cannot be taken back.
  const isShorter = days !== null && (kept === null || days < kept)
  const save = () =>
    isShorter
      ? confirm({
          title: t('infra.retention.sure', { kind: t(`infra.retention.kind.${kind}`), days }),
          content: t('infra.retention.forGood'),
          verb: t('infra.retention.save'),
          isDangerous: true,
          act: async () => void (await saving.mutateAsync().catch(() => undefined)),
        })
      : saving.mutate()
  return (
    <li className={styles.row}>
      <div>
        <strong>{t(`infra.retention.kind.${kind}`)}</strong>
        <p className={styles.hint}>{t(`infra.retention.what.${kind}`)}</p>
      </div>
      <div className={styles.choice}>
        <Select
          className={styles.how}
          disabled={!canWrite}
          aria-label={t(`infra.retention.kind.${kind}`)}
          value={days === null ? 'ever' : 'days'}
          options={(['ever', 'days'] as const).map((value) => ({
            value,
            label: t(`infra.retention.how.${value}`),
          }))}
          onChange={(how) => setDays(how === 'ever' ? null : (kept ?? Math.max(least, 365)))}
        />
        {days === null ? null : (
          <InputNumber
            disabled={!canWrite}
            min={least}
            max={MOST_DAYS}
            value={days}
            suffix={t('infra.retention.unit')}
            aria-label={t('infra.retention.days')}
            onChange={(typed) => setDays(typed ?? least)}
          />
        )}
        {canWrite && days !== kept ? (
          <Button type="primary" disabled={!isFit} loading={saving.isPending} onClick={save}>
            {t('infra.retention.save')}
          </Button>
        ) : null}
      </div>
      <div className={styles.told}>
        {asked !== null && asked !== kept && asked >= least ? <Preview kind={kind} days={asked} /> : null}
        <Refusal error={saving.error} />
      </div>
    </li>
  )
}

/** How long each kind of data is kept, and what a shorter time would let go of. */
const RetentionPage = () => {
  const t = useT()
  const query = useQuery(periodsQuery)
  return (
    <Page title={t('infra.retention.title')}>
      <Panel title={t('infra.retention.title')} note={t('infra.retention.note')}>
        <Loaded query={query} height={240}>
          {(periods) => (
            <ul className={styles.rows}>
              {periods.map((period) => (
                <Row key={`${period.kind} ${period.days}`} period={period} />
              ))}
            </ul>
          )}
        </Loaded>
      </Panel>
    </Page>
  )
}

export default RetentionPage
