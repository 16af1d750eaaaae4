import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import { ApiError } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Loaded } from '@/kernel/ui'
import { RuleBuilder } from './builder/rule-builder'
import type { Vocabulary } from './builder/vocabulary'
import { useCautionWords } from './cautions'
import { usePreview } from './preview/use-preview'
import { vocabularyQuery } from './queries'
import type { Rule } from './rule/types'
import styles from './segments.module.css'
import { sayRule } from './sentence/sentence'
import { useWords } from './use-words'

/** A rule with no condition yet. */
export const EMPTY_RULE: Rule = { version: 1, condition: { type: 'all', conditions: [] } }

export const isEmptyRule = ({ condition }: Rule): boolean =>
  'conditions' in condition && condition.conditions.length === 0

interface RuleFieldProps {
  initial: Rule | null
  /** The rule after every edit, and whether it can be sent. */
  onChange: (rule: Rule, isWhole: boolean) => void
  /** Whether to say what conditions lack. */
  showsGaps: boolean
  /** Why the rule was refused; what is said against a place in it is shown there. */
  error?: unknown
}

const Count = ({ people, isOld, lacks }: { people: number | undefined; isOld: boolean; lacks: boolean }) => {
  const t = useT()
  const format = useFormats()
  return (
    <p role="status" className={styles.beside}>
      {lacks
        ? t('cdp.segments.preview.unfinished')
        : people === undefined || isOld
          ? t('cdp.segments.preview.counting')
          : t('cdp.segments.field.meet', { count: people, shown: format.count(people) })}
    </p>
  )
}

const Field = ({
  initial,
  onChange,
  showsGaps,
  error,
  vocabulary,
}: RuleFieldProps & { vocabulary: Vocabulary }) => {
  const words = useWords()
  const cautionWords = useCautionWords()
  const [first] = useState(initial ?? EMPTY_RULE)
  const [{ rule, isWhole }, setWritten] = useState({ rule: first, isWhole: initial !== null })
  const preview = usePreview(rule, isWhole, undefined)
  const { data, error: refused } = preview.query
  const isFresh = data !== undefined && !preview.isOld
  const counts = useMemo(
    () => (isFresh ? data.conditions.map(({ path, people }) => ({ path, count: people })) : []),
    [isFresh, data],
  )
  const warnings = useMemo(
    () => (isFresh ? data.warnings.map((each) => ({ path: each.path, message: cautionWords(each) })) : []),
    [isFresh, data, cautionWords],
  )
  const problem = useMemo(() => {
    const found = error ?? refused
    if (!(found instanceof ApiError)) return null
    return { path: found.path ?? '$', message: found.message, hint: found.hint }
  }, [error, refused])
  const change = useCallback(
    (next: Rule, isComplete: boolean) => {
      const isSendable = isComplete && !isEmptyRule(next)
      setWritten({ rule: next, isWhole: isSendable })
      onChange(next, isSendable)
    },
    [onChange],
  )
  return (
    <div className={styles.ruleField}>
      <div>
        <p className={styles.said} data-sentence="">
          {sayRule(words, rule)}
        </p>
        <Count people={data?.people} isOld={preview.isOld} lacks={!isWhole} />
      </div>
      <RuleBuilder
        initial={first}
        words={words}
        vocabulary={vocabulary}
        onChange={change}
        counts={counts}
        warnings={warnings}
        problem={problem}
        showsGaps={showsGaps}
      />
    </div>
  )
}

/** A rule as a field of a larger form: its sentence, how many meet it now, and its conditions. */
export const RuleField = (props: RuleFieldProps) => (
  <Loaded query={useQuery(vocabularyQuery)} height={160}>
    {(vocabulary) => <Field {...props} vocabulary={vocabulary} />}
  </Loaded>
)
