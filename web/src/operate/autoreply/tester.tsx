import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Button, Input, InputNumber, Panel, Refusal, Select } from '@/kernel/ui'
import styles from './autoreply.module.css'
import { Bubble } from './bubble'
import { Field } from './field'
import { accountsQuery, type Question, tryOut } from './queries'
import type { Trial, TrialKind } from './types'
import { verdictName } from './words'

const KINDS: readonly TrialKind[] = ['message', 'followed', 'entered', 'comment', 'unanswered']
const ANY = 0

const Outcome = ({ trial }: { trial: Trial }) => {
  const t = useT()
  const { share } = useFormats()
  const nameOf = (ruleId: number) => trial.looked.find(({ rule_id: id }) => id === ruleId)?.name ?? ''
  const best = trial.guesses[0]
  return (
    <>
      {trial.folded ? (
        <div className={styles.folded}>{t('operate.autoreply.try.folded', { text: trial.folded })}</div>
      ) : null}
      {trial.fires === null ? (
        <p className={styles.hint}>{t('operate.autoreply.try.nothing')}</p>
      ) : (
        trial.parts.map((part, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name
          <Bubble key={place} part={part} />
        ))
      )}
      {best ? (
        <div className={styles.folded}>
          {t('operate.autoreply.try.guess', {
            name: nameOf(best.rule_id),
            share: share(best.confidence),
            needed: share(best.threshold),
          })}
        </div>
      ) : null}
      <ul className={styles.verdicts} aria-label={t('operate.autoreply.try.why')}>
        {trial.looked.map((looked) => (
          <li key={looked.rule_id} className={looked.verdict === 'fires' ? styles.fires : undefined}>
            <span>{looked.name}</span>
            <span>{verdictName(t, looked)}</span>
          </li>
        ))}
      </ul>
    </>
  )
}

/** What would happen: which rule answers, and why the others do not. Nothing is sent. */
export const Tester = () => {
  const t = useT()
  const accounts = useQuery(accountsQuery)
  const [asked, setAsked] = useState<Question>({
    kind: 'message',
    text: '',
    account_id: null,
    scene: '',
    adId: '',
    waited_minutes: 10,
  })
  const trying = useMutation({ mutationFn: tryOut })
  const put = (changes: Partial<Question>) => setAsked({ ...asked, ...changes })
  const hasText = asked.kind === 'message' || asked.kind === 'comment'
  const isArrival = asked.kind === 'followed' || asked.kind === 'entered'
  return (
    <Panel title={t('operate.autoreply.try.title')} note={t('operate.autoreply.try.note')}>
      <form
        className={styles.tester}
        onSubmit={(event) => {
          event.preventDefault()
          trying.mutate(asked)
        }}
      >
        <div className={styles.pair}>
          <Field label={t('operate.autoreply.try.kind')}>
            <Select
              value={asked.kind}
              options={KINDS.map((kind) => ({
                value: kind,
                label: t(`operate.autoreply.try.kinds.${kind}`),
              }))}
              onChange={(kind) => put({ kind })}
            />
          </Field>
          <Field label={t('operate.autoreply.try.account')}>
            <Select
              value={asked.account_id ?? ANY}
              options={[
                { value: ANY, label: t('operate.autoreply.try.anyAccount') },
                ...(accounts.data?.items ?? []).map(({ account_id: value, name }) => ({
                  value,
                  label: name,
                })),
              ]}
              onChange={(id) => put({ account_id: id === ANY ? null : id })}
            />
          </Field>
        </div>
        {hasText ? (
          <Input.TextArea
            value={asked.text}
            maxLength={2000}
            autoSize={{ minRows: 2, maxRows: 6 }}
            aria-label={t('operate.autoreply.try.text')}
            placeholder={t('operate.autoreply.try.text')}
            onChange={({ target }) => put({ text: target.value })}
            onPressEnter={(event) => {
              if (event.shiftKey || event.nativeEvent.isComposing) return
              event.preventDefault()
              trying.mutate(asked)
            }}
          />
        ) : null}
        {isArrival ? (
          <div className={styles.pair}>
            <Field label={t('operate.autoreply.try.scene')}>
              <Input value={asked.scene} onChange={({ target }) => put({ scene: target.value.trim() })} />
            </Field>
            <Field label={t('operate.autoreply.try.ad')}>
              <Input value={asked.adId} onChange={({ target }) => put({ adId: target.value.trim() })} />
            </Field>
          </div>
        ) : null}
        {asked.kind === 'unanswered' ? (
          <Field label={t('operate.autoreply.minutes')}>
            <InputNumber
              min={0}
              max={10_000}
              value={asked.waited_minutes}
              onChange={(minutes) => put({ waited_minutes: minutes ?? 0 })}
            />
          </Field>
        ) : null}
        <Button type="primary" htmlType="submit" loading={trying.isPending}>
          {t('operate.autoreply.try.ask')}
        </Button>
        <Refusal error={trying.error} />
        {trying.data ? <Outcome trial={trying.data} /> : null}
      </form>
    </Panel>
  )
}
