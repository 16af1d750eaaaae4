import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import { ApiError } from '@/kernel/api'
import { useCan } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Alert, Button, Form, Input, Panel, useNotice } from '@/kernel/ui'
import { type Remark, RuleBuilder } from './builder/rule-builder'
import type { Vocabulary } from './builder/vocabulary'
import { useCautionWords } from './cautions'
import { PreviewPanel } from './preview/preview-panel'
import { usePreview } from './preview/use-preview'
import { forgetSegments, saveSegment } from './queries'
import type { Rule } from './rule/types'
import styles from './segments.module.css'
import { sayRule } from './sentence/sentence'
import { useWords } from './use-words'
import type { Segment } from './view'

interface EditorProps {
  vocabulary: Vocabulary
  /** The segment to change; none: a new one. */
  segment?: Segment
  name: string
  description: string
  rule: Rule
}

/** What a refusal says against a place in the rule. */
const remarkOf = (error: unknown): Remark | null =>
  error instanceof ApiError && error.path
    ? { path: error.path, message: error.message, hint: error.hint }
    : null

/** A segment's name and rule, and who would be in. */
export const Editor = ({ vocabulary, segment, ...initial }: EditorProps) => {
  const t = useT()
  const notice = useNotice()
  const canWrite = useCan('segments:write')
  const navigate = useNavigate()
  const format = useFormats()
  const words = useWords()
  const cautionWords = useCautionWords()
  const [name, setName] = useState(initial.name)
  const [description, setDescription] = useState(initial.description)
  const [written, setWritten] = useState({ rule: initial.rule, isWhole: true })
  const [hasTried, setHasTried] = useState(false)
  const { rule, isWhole } = written
  const change = useCallback((next: Rule, whole: boolean) => setWritten({ rule: next, isWhole: whole }), [])
  const preview = usePreview(rule, isWhole, segment?.segment_id)
  const { data, error } = preview.query
  const save = useMutation({
    mutationFn: () =>
      saveSegment(segment?.segment_id, { name: name.trim(), description: description.trim(), rule }),
    onSuccess: async ({ segment_id: id }) => {
      await forgetSegments()
      notice.success(t('cdp.segments.editor.saved'))
      await navigate({ to: '/segments/$segmentId', params: { segmentId: String(id) } })
    },
  })
  const isFresh = data !== undefined && !preview.isOld
  const counts = useMemo(
    () => (isFresh ? data.conditions.map(({ path, people }) => ({ path, count: people })) : []),
    [isFresh, data],
  )
  const warnings = useMemo(
    () => (isFresh ? data.warnings.map((each) => ({ path: each.path, message: cautionWords(each) })) : []),
    [isFresh, data, cautionWords],
  )
  const problem = useMemo(() => remarkOf(save.error) ?? remarkOf(error), [save.error, error])
  const trySaving = () => {
    setHasTried(true)
    if (isWhole && name.trim() !== '') save.mutate()
  }
  const nameLacks = hasTried && name.trim() === ''
  const refusal = save.error && !remarkOf(save.error) ? save.error : null
  return (
    <div className={styles.columns}>
      <div className={styles.stack}>
        <Panel title={t('cdp.segments.editor.about')}>
          <Form layout="vertical" requiredMark={false} className={styles.fields} component="div">
            <Form.Item
              label={t('cdp.segments.column.name')}
              htmlFor="segment-name"
              validateStatus={nameLacks ? 'error' : undefined}
              help={nameLacks ? t('cdp.segments.editor.nameLacks') : undefined}
            >
              <Input
                id="segment-name"
                value={name}
                maxLength={200}
                onChange={({ target }) => setName(target.value)}
              />
            </Form.Item>
            <Form.Item label={t('cdp.segments.editor.description')} htmlFor="segment-description">
              <Input
                id="segment-description"
                value={description}
                maxLength={2000}
                onChange={({ target }) => setDescription(target.value)}
              />
            </Form.Item>
          </Form>
        </Panel>
        <Panel title={t('cdp.segments.editor.said')}>
          <p className={styles.said} data-sentence="">
            {sayRule(words, rule)}
          </p>
        </Panel>
        <Panel
          title={t('cdp.segments.editor.rule')}
          note={t('cdp.segments.editor.ruleNote')}
          actions={
            isFresh ? (
              <span className={styles.brief}>
                {t('cdp.segments.people', { count: data.people, shown: format.count(data.people) })}
              </span>
            ) : null
          }
        >
          <RuleBuilder
            initial={initial.rule}
            words={words}
            vocabulary={vocabulary}
            onChange={change}
            counts={counts}
            warnings={warnings}
            problem={problem}
            showsGaps={hasTried}
          />
        </Panel>
        {refusal ? (
          <Alert
            role="alert"
            type="error"
            title={refusal.message || t('kernel.ui.failed')}
            description={refusal instanceof ApiError ? refusal.hint : undefined}
          />
        ) : null}
        {hasTried && !isWhole ? (
          <Alert role="alert" type="warning" title={t('cdp.segments.editor.unfinished')} />
        ) : null}
        <div className={styles.actions}>
          {canWrite ? (
            <Button type="primary" loading={save.isPending} onClick={trySaving}>
              {t('cdp.segments.editor.save')}
            </Button>
          ) : null}
          <Button
            onClick={() =>
              void (segment
                ? navigate({
                    to: '/segments/$segmentId',
                    params: { segmentId: String(segment.segment_id) },
                  })
                : navigate({ to: '/segments' }))
            }
          >
            {t('kernel.ui.cancel')}
          </Button>
        </div>
      </div>
      <div className={styles.sticky}>
        <PreviewPanel preview={preview} isWhole={isWhole} />
      </div>
    </div>
  )
}
