import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, InputNumber, Loaded, Modal, Radio, Refusal, useNotice } from '@/kernel/ui'
import styles from './broadcasts.module.css'
import { Field } from './editor/field'
import { refreshBroadcasts, saveSettings, settingsQuery } from './queries'
import type { Settings } from './types'

const USUAL = 1_000
type Rule = 'above' | 'always' | 'never'

const ruleOf = ({ approval_above: above }: Settings): Rule =>
  above === null ? 'never' : above === 0 ? 'always' : 'above'

interface FieldsProps {
  settings: Settings
  onClose: () => void
}

const Fields = ({ settings, onClose }: FieldsProps) => {
  const t = useT()
  const notice = useNotice()
  const canWrite = useCan('workspace:write')
  const [rule, setRule] = useState<Rule>(ruleOf(settings))
  const [above, setAbove] = useState(settings.approval_above || USUAL)
  const saving = useMutation({
    mutationFn: () =>
      saveSettings({ approval_above: rule === 'never' ? null : rule === 'always' ? 0 : above }),
    onSuccess: async () => {
      await refreshBroadcasts()
      void notice.success(t('operate.broadcasts.done.settings'))
      onClose()
    },
  })
  return (
    <form
      className={styles.fields}
      onSubmit={(event) => {
        event.preventDefault()
        saving.mutate()
      }}
    >
      <p className={styles.hint}>{t('operate.broadcasts.review.needs')}</p>
      <Radio.Group
        vertical
        disabled={!canWrite}
        value={rule}
        aria-label={t('operate.broadcasts.review.settings')}
        options={[
          { value: 'above', label: t('operate.broadcasts.review.needsAbove') },
          { value: 'always', label: t('operate.broadcasts.review.needsAlways') },
          { value: 'never', label: t('operate.broadcasts.review.needsNever') },
        ]}
        onChange={({ target }) => setRule(target.value)}
      />
      <Field label={t('operate.broadcasts.review.above')}>
        <InputNumber
          min={1}
          max={1_000_000_000}
          precision={0}
          changeOnWheel={false}
          disabled={!canWrite || rule !== 'above'}
          value={above}
          onChange={(value) => setAbove(value ?? USUAL)}
        />
      </Field>
      <Refusal error={saving.error} />
      {canWrite ? (
        <div>
          <Button type="primary" htmlType="submit" loading={saving.isPending}>
            {t('operate.broadcasts.review.save')}
          </Button>
        </div>
      ) : (
        <p className={styles.hint}>{t('operate.broadcasts.review.ownerOnly')}</p>
      )}
    </form>
  )
}

/** From how many people on a second person must agree to a broadcast. */
export const ApprovalDialog = ({ onClose }: { onClose: () => void }) => {
  const t = useT()
  const query = useQuery(settingsQuery)
  return (
    <Modal open title={t('operate.broadcasts.review.settings')} footer={null} onCancel={onClose}>
      <Loaded query={query} height={180}>
        {(settings) => <Fields settings={settings} onClose={onClose} />}
      </Loaded>
    </Modal>
  )
}
