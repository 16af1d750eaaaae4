import { useT, useWord } from '@/kernel/i18n'
import styles from './content.module.css'
import { type Issue, isIssueCode } from './view'

/** What an issue says, with what was probably meant. */
export const useIssueText = () => {
  const t = useT()
  const word = useWord()
  return ({ code, detail, language }: Issue): string => {
    const said = (name: string) => String(detail[name] ?? '')
    const given = {
      name: said('name'),
      message: said('message'),
      most: said('most'),
      kb: said('kb'),
      url: said('url'),
      words: said('words'),
      kind: said('kind'),
      count: Number(detail.count ?? 0),
      language: word('operate.content.languages', language),
    }
    const text = isIssueCode(code)
      ? t(`operate.content.issue.${code}`, given)
      : t('operate.content.issue.other', { code })
    const near = said('near')
    return near ? `${text} ${t('operate.content.issue.near', { near })}` : text
  }
}

/** What is wrong with a template: mistakes first. */
export const Checks = ({ issues }: { issues: Issue[] }) => {
  const t = useT()
  const word = useWord()
  const textOf = useIssueText()
  if (issues.length === 0) return <p className={styles.fine}>{t('operate.content.checks.fine')}</p>
  return (
    <ul className={styles.issues}>
      {issues.map((issue) => {
        const { code, level, variant, language, where, line, detail } = issue
        const place = [
          t('operate.content.checks.where', {
            variant,
            language: word('operate.content.languages', language),
          }),
          line && line > 1 ? t('operate.content.checks.line', { line }) : '',
        ]
        return (
          <li key={[code, variant, language, where, line, JSON.stringify(detail)].join()} data-level={level}>
            <strong>{t(`operate.content.checks.${level}`)}</strong> {textOf(issue)}{' '}
            <span className={styles.hint}>{place.filter(Boolean).join(' · ')}</span>
          </li>
        )
      })}
    </ul>
  )
}
