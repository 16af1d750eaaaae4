import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import { FormulaEditor } from '@/cdp/segments/formula/formula-editor'
import { sayFormula } from '@/cdp/segments/formula/sentence'
import { type Formula, freshFormula, isWholeFormula, typeOf } from '@/cdp/segments/formula/types'
import { segmentsQuery, vocabularyQuery } from '@/cdp/segments/queries'
import { type Mentioned, mentions } from '@/cdp/segments/rule/mentions'
import type { Rule } from '@/cdp/segments/rule/types'
import { RuleField } from '@/cdp/segments/rule-field'
import { sayRule } from '@/cdp/segments/sentence/sentence'
import { useWords } from '@/cdp/segments/use-words'
import { type RuleTools, RuleToolsContext } from '@/cdp/tags/tools'
import { type TraitTools, TraitToolsContext } from '@/cdp/traits/tools'
import { Loaded } from '@/kernel/ui'

// The description of the API has every default as a value that is always there; a rule that is written needs none.
const asRule = (body: unknown) => body as Rule
const asFormula = (body: unknown) => body as Formula

const RuleInput: RuleTools['RuleInput'] = ({ initial, onChange, ...rest }) => (
  <RuleField
    {...rest}
    initial={initial === null ? null : asRule(initial)}
    onChange={(rule, isWhole) => onChange(rule as never, isWhole)}
  />
)

const FormulaInput: TraitTools['FormulaInput'] = ({ formula, onChange }) => {
  const words = useWords()
  const query = useQuery(vocabularyQuery)
  return (
    <Loaded query={query} height={120}>
      {(vocabulary) => (
        <FormulaEditor
          vocabulary={vocabulary}
          words={words}
          formula={asFormula(formula)}
          onChange={(next) => onChange(next as never)}
        />
      )}
    </Loaded>
  )
}

/** Hands rules and formulas, which belong to segments, to the slices that work with them. */
export const RuleToolsProvider = ({ children }: { children: ReactNode }) => {
  const words = useWords()
  const { data } = useQuery(segmentsQuery)
  const segments = data?.items
  const [rules, traits] = useMemo((): [RuleTools, TraitTools] => {
    const usesOf = (sought: Mentioned) =>
      (segments ?? []).filter(({ rule }) => mentions(rule, sought)).map(({ name }) => name)
    return [
      {
        say: (rule) => sayRule(words, asRule(rule)),
        RuleInput,
        usesOf: (type, name) => usesOf({ type, name }),
      },
      {
        say: (formula) => sayFormula(words, asFormula(formula)),
        FormulaInput,
        fresh: () => freshFormula() as never,
        isWhole: (formula) => isWholeFormula(asFormula(formula)),
        typeOf: (formula) => typeOf(asFormula(formula).of),
        usesOf: (name) => usesOf({ type: 'trait', name }),
      },
    ]
  }, [words, segments])
  return (
    <RuleToolsContext value={rules}>
      <TraitToolsContext value={traits}>{children}</TraitToolsContext>
    </RuleToolsContext>
  )
}
