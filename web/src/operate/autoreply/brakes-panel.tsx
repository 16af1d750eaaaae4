import { useMutation, useQuery } from '@tanstack/react-query'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, DateTime, EmptyState, InputNumber, Loaded, Panel, Refusal, useNotice } from '@/kernel/ui'
import styles from './autoreply.module.css'
import { Field } from './field'
import { brakesQuery, refreshReplies, releaseBrake, saveLimits } from './queries'
import type { Brake, BrakeLimits } from './types'

const LIMITS = ['answers', 'window_s', 'same_text', 'rest_minutes'] as const

const Limits = ({ limits }: { limits: BrakeLimits }) => {
  const t = useT()
  const canWrite = useCan('replies:write')
  const saving = useMutation({ mutationFn: saveLimits, onSuccess: refreshReplies })
  return (
    <Panel title={t('operate.autoreply.brakes.limits')} note={t('operate.autoreply.brakes.limitsNote')}>
      <div className={styles.pair}>
        {LIMITS.map((name) => (
          <Field key={name} label={t(`operate.autoreply.brakes.${name}`)}>
            <InputNumber
              min={1}
              max={3600}
              disabled={!canWrite}
              value={limits[name] ?? 0}
              changeOnWheel={false}
              onBlur={({ target }) => {
                const value = Number(target.value)
                if (value && value !== limits[name]) saving.mutate({ ...limits, [name]: value })
              }}
            />
          </Field>
        ))}
      </div>
      <Refusal error={saving.error} />
    </Panel>
  )
}

const BrakeRow = ({ brake }: { brake: Brake }) => {
  const t = useT()
  const notice = useNotice()
  const canWrite = useCan('replies:write')
  const isOn = brake.released_at === null && new Date(brake.until) > new Date()
  const release = async () => {
    await releaseBrake(brake.brake_id)
    await refreshReplies()
    notice.success(t('operate.autoreply.brakes.released'))
  }
  return (
    <li className={styles.row}>
      <span aria-hidden="true">{isOn ? '⏸' : ''}</span>
      <div>
        <div className={styles.head}>
          {brake.person_id === null ? (
            <span>{t('operate.autoreply.brakes.erased')}</span>
          ) : (
            <a className={styles.name} href={`/people/${brake.person_id}`}>
              {brake.name || t('operate.autoreply.brakes.unnamed', { id: brake.person_id })}
            </a>
          )}
          <span className={styles.kind}>{t(`operate.autoreply.brakes.reason.${brake.reason}`)}</span>
        </div>
        <p className={styles.summary}>
          <DateTime at={brake.braked_at} /> – <DateTime at={brake.until} />
        </p>
      </div>
      <span />
      <div className={styles.tools}>
        {isOn && canWrite ? (
          <Button size="small" onClick={release}>
            {t('operate.autoreply.brakes.release')}
          </Button>
        ) : null}
      </div>
    </li>
  )
}

/** Conversations in which nothing answers by itself for a while, because the other side seems to be a machine. */
export const BrakesPanel = () => {
  const t = useT()
  const query = useQuery(brakesQuery)
  return (
    <Loaded query={query} height={240}>
      {({ items, limits }) => (
        <div className={styles.editor}>
          <Panel title={t('operate.autoreply.tab.brakes')} note={t('operate.autoreply.brakes.note')} flush>
            {items.length === 0 ? (
              <EmptyState title={t('operate.autoreply.brakes.empty')} />
            ) : (
              <ul className={styles.rows}>
                {items.map((brake) => (
                  <BrakeRow key={brake.brake_id} brake={brake} />
                ))}
              </ul>
            )}
          </Panel>
          <Limits limits={limits} />
        </div>
      )}
    </Loaded>
  )
}
