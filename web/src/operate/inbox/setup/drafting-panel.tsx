import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Alert, Button, Input, Loaded, Panel, Refusal, Select, Switch, useNotice } from '@/kernel/ui'
import { draftingQuery } from '../canned-queries'
import type { Drafting } from '../queries'
import { checkDrafting, putDrafting, traitsQuery } from './queries'
import styles from './setup.module.css'

const NAME = 'name'

const Fields = ({ known, canWrite }: { known: Drafting; canWrite: boolean }) => {
  const t = useT()
  const notice = useNotice()
  const client = useQueryClient()
  const { data: traits } = useQuery({ ...traitsQuery, enabled: useCan('traits:read') })
  const [form, setForm] = useState(known)
  const [key, setKey] = useState<string | null>(null)
  const put = (change: Partial<Drafting>) => setForm({ ...form, ...change })
  const saving = useMutation({
    mutationFn: () => {
      const { has_key: _, ...body } = form
      return putDrafting({ ...body, base_url: form.base_url.trim(), model: form.model.trim(), key })
    },
    onSuccess: async (saved) => {
      setForm(saved)
      setKey(null)
      notice.success(t('operate.inbox.setup.saved'))
      await client.invalidateQueries({ queryKey: draftingQuery.queryKey })
    },
  })
  const trying = useMutation({ mutationFn: checkDrafting })
  const field = (name: 'base_url' | 'model', placeholder: string) => (
    <span className={styles.field}>
      {t(`operate.inbox.setup.draft.${name}`)}
      <Input
        aria-label={t(`operate.inbox.setup.draft.${name}`)}
        value={form[name]}
        disabled={!canWrite}
        placeholder={placeholder}
        onChange={({ target }) => put({ [name]: target.value })}
      />
    </span>
  )
  return (
    <div className={styles.stack}>
      <span className={styles.tools}>
        <Switch
          checked={form.is_on}
          disabled={!canWrite}
          aria-label={t('operate.inbox.setup.draft.on')}
          onChange={(is_on) => put({ is_on })}
        />
        {t('operate.inbox.setup.draft.on')}
      </span>
      {field('base_url', t('operate.inbox.setup.draft.base_urlExample'))}
      {field('model', '')}
      <span className={styles.field}>
        {t('operate.inbox.setup.draft.key')}
        <Input.Password
          aria-label={t('operate.inbox.setup.draft.key')}
          autoComplete="off"
          value={key ?? ''}
          disabled={!canWrite}
          placeholder={form.has_key && key === null ? t('operate.inbox.setup.draft.kept') : ''}
          onChange={({ target }) => setKey(target.value)}
        />
      </span>
      <span className={styles.field}>
        {t('operate.inbox.setup.draft.traits')}
        <Select
          mode="tags"
          disabled={!canWrite}
          aria-label={t('operate.inbox.setup.draft.traits')}
          value={form.traits}
          onChange={(chosen: string[]) => put({ traits: chosen })}
          options={[
            { value: NAME, label: t('operate.inbox.setup.draft.name') },
            ...(traits?.items ?? []).map(({ name, label }) => ({ value: name, label: label || name })),
          ]}
        />
        <span className={styles.hint}>{t('operate.inbox.setup.draft.traitsHint')}</span>
      </span>
      <span className={styles.field}>
        {t('operate.inbox.setup.draft.instructions')}
        <Input.TextArea
          aria-label={t('operate.inbox.setup.draft.instructions')}
          rows={3}
          maxLength={4000}
          disabled={!canWrite}
          value={form.instructions}
          placeholder={t('operate.inbox.setup.draft.instructionsHint')}
          onChange={({ target }) => put({ instructions: target.value })}
        />
      </span>
      <Refusal error={saving.error ?? trying.error} />
      {trying.data ? (
        <Alert
          type="success"
          showIcon
          title={t('operate.inbox.setup.draft.answered', { text: trying.data.text })}
        />
      ) : null}
      {canWrite ? (
        <span className={styles.tools}>
          <Button type="primary" loading={saving.isPending} onClick={() => saving.mutate()}>
            {t('operate.inbox.setup.save')}
          </Button>
          <Button loading={trying.isPending} disabled={!known.base_url} onClick={() => trying.mutate()}>
            {t('operate.inbox.setup.draft.try')}
          </Button>
        </span>
      ) : null}
    </div>
  )
}

/** By which endpoint answers are drafted, and what of a person may leave. */
export const DraftingPanel = () => {
  const t = useT()
  const canWrite = useCan('accounts:write')
  const query = useQuery(draftingQuery)
  return (
    <Panel title={t('operate.inbox.setup.draft.title')} note={t('operate.inbox.setup.draft.note')}>
      <Loaded query={query} height={200}>
        {(known) => <Fields known={known} canWrite={canWrite} />}
      </Loaded>
    </Panel>
  )
}
