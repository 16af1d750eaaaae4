import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, api, type Schemas, unwrap } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import { Alert, Input, Modal, useNotice } from '@/kernel/ui'
import { refreshSources } from './queries'
import { jsonFault } from './rules'
import styles from './sources.module.css'

interface RulesDialogProps {
  rules: Schemas['RuleOut'][]
  onClose: () => void
}

const asText = (rules: Schemas['RuleOut'][]) =>
  `[\n${rules
    .map(({ conditions, source_slug, domain }) => `  ${JSON.stringify({ conditions, source_slug, domain })}`)
    .join(',\n')}\n]`

/** All rules as text: their order in the text is the order in which they are tried. */
export const RulesDialog = ({ rules, onClose }: RulesDialogProps) => {
  const t = useT()
  const notice = useNotice()
  const [text, setText] = useState(() => asText(rules))
  const fault = jsonFault(text)
  const save = useMutation({
    mutationFn: () => {
      const items = (JSON.parse(text) as Schemas['RuleIn'][]).map((rule, index) => ({
        ...rule,
        position: index + 1,
      }))
      return unwrap(api.PUT('/api/source-rules', { body: { items } }))
    },
    onSuccess: async () => {
      await refreshSources()
      notice.success(t('cdp.sources.rules.saved'))
      onClose()
    },
  })
  const problem = fault ? t('cdp.sources.rules.notJson', { reason: fault }) : save.error?.message
  return (
    <Modal
      open
      width={860}
      title={t('cdp.sources.rules.editTitle')}
      okText={t('cdp.sources.rules.save')}
      okButtonProps={{ disabled: fault !== null, loading: save.isPending }}
      onOk={() => save.mutate()}
      onCancel={onClose}
    >
      <p className={styles.hint}>{t('cdp.sources.rules.editText')}</p>
      {problem ? (
        <Alert
          role="alert"
          type="error"
          title={problem}
          description={save.error instanceof ApiError ? save.error.hint : undefined}
          style={{ marginBottom: 12 }}
        />
      ) : null}
      <Input.TextArea
        className={styles.editor}
        aria-label={t('cdp.sources.rules.json')}
        value={text}
        onChange={({ target }) => setText(target.value)}
        autoSize={{ minRows: 12, maxRows: 24 }}
        spellCheck={false}
      />
    </Modal>
  )
}
