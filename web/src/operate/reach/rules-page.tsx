import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, Loaded, Page, Refusal, useNotice } from '@/kernel/ui'
import { CapsEditor } from './caps-editor'
import { AllowancesPanel, SendersPanel } from './platform-panels'
import { PricesPanel } from './prices-panel'
import { type Rules, rulesQuery, saveRules } from './queries'
import { HoldoutsEditor, QuietEditor } from './quiet-editor'

const Editor = ({ rules, canWrite }: { rules: Rules; canWrite: boolean }) => {
  const t = useT()
  const notice = useNotice()
  const [draft, setDraft] = useState(rules)
  const saving = useMutation({
    mutationFn: () => saveRules(draft),
    onSuccess: () => notice.success(t('operate.reach.rules.saved')),
  })
  return (
    <>
      <CapsEditor
        caps={draft.caps ?? []}
        canWrite={canWrite}
        onChange={(caps) => setDraft({ ...draft, caps })}
      />
      <QuietEditor rules={draft} canWrite={canWrite} onChange={setDraft} />
      <HoldoutsEditor rules={draft} canWrite={canWrite} onChange={setDraft} />
      {saving.error ? <Refusal error={saving.error} /> : null}
      {canWrite ? (
        <div>
          <Button type="primary" loading={saving.isPending} onClick={() => saving.mutate()}>
            {t('operate.reach.rules.save')}
          </Button>
        </div>
      ) : null}
    </>
  )
}

/** What may be sent to whom and how often: the brand's own rules, and those of platforms. */
const RulesPage = () => {
  const t = useT()
  const canWrite = useCan('sending:write')
  const query = useQuery(rulesQuery)
  return (
    <Page title={t('operate.reach.rules.title')}>
      <Loaded query={query} height={320}>
        {(rules) => <Editor rules={rules} canWrite={canWrite} />}
      </Loaded>
      <AllowancesPanel canWrite={canWrite} />
      <SendersPanel canWrite={canWrite} />
      <PricesPanel canWrite={canWrite} />
    </Page>
  )
}

export default RulesPage
