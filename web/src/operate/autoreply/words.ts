import type { useT } from '@/kernel/i18n'
import type { Action, ActionKind, Definition, Looked, Trigger, TriggerKind } from './types'

type T = ReturnType<typeof useT>

/** What a kind of trigger is called. */
export const triggerName = (t: T, kind: TriggerKind) => t(`operate.autoreply.trigger.${kind}`)

/** What a kind of action is called. */
export const actionName = (t: T, kind: ActionKind) => t(`operate.autoreply.action.${kind}`)

/** Why a rule would answer, or would not. */
export const verdictName = (t: T, { verdict, detail }: Looked) =>
  detail
    ? t('operate.autoreply.verdictWith', { verdict: t(`operate.autoreply.verdict.${verdict}`), detail })
    : t(`operate.autoreply.verdict.${verdict}`)

const looksFor = (t: T, trigger: Trigger): string => {
  switch (trigger.kind) {
    case 'keyword':
      return trigger.words.map(({ text }) => text).join('、')
    case 'comment':
      return trigger.words?.map(({ text }) => text).join('、') || t('operate.autoreply.anyComment')
    case 'intent':
      return trigger.examples.slice(0, 3).join(' / ')
    case 'unanswered':
      return t('operate.autoreply.afterMinutes', { count: trigger.minutes })
    case 'ad_welcome':
      return Object.values(trigger.fields ?? {})
        .flat()
        .join('、')
    case 'welcome':
      return (trigger.scenes ?? []).join('、')
    default:
      return ''
  }
}

const does = (t: T, action: Action): string => {
  switch (action.do) {
    case 'text':
    case 'choices':
    case 'coupon':
      return action.text
    case 'card':
      return action.title
    case 'tag':
      return `${actionName(t, 'tag')} ${action.tags.join('、')}`
    default:
      return actionName(t, action.do)
  }
}

/** A rule in a line: what it looks for, and what it does. */
export const summaryOf = (t: T, { trigger, actions }: Definition) =>
  [looksFor(t, trigger), actions.map((action) => does(t, action)).join(' + ')].filter(Boolean).join(' → ')
