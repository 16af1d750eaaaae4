import { said, useT, useWord } from '@/kernel/i18n'
import styles from './content.module.css'
import { type Issue, isIssueCode } from './view'

/** What an issue says, with what was probably meant. */
export const useIssueText = () => {
  const t = useT()
  const word = useWord()
  return ({ code, detail, language }: Issue): string => {
    const told = (name: string) => String(detail[name] ?? '')
    const given = {
      name: told('name'),
      message: said(told('message')),
      most: told('most'),
      kb: told('kb'),
      url: told('url'),
      words: told('words'),
      kind: told('kind'),
      count: Number(detail.count ?? 0),
      language: word('operate.content.languages', language),
    }
    const text = isIssueCode(code)
      ? t(`operate.content.issue.${code}`, given)
      : t('operate.content.issue.other', { code })
    const near = told('near')
    return near ? `${text} ${t('operate.content.issue.near', { near })}` : text
  }
}

/** The field that an issue stands in, as the editor calls it; of several of a kind by number. */
const usePlace = () => {
  const t = useT()
  return (where: string): string => {
    const [root, name, number] = where.split('.')
    if (root === 'parts' && name) return t('operate.content.checks.part', { number: Number(name) + 1 })
    if (name === 'blocks' && number) return t('operate.content.checks.block', { number: Number(number) + 1 })
    if (name === 'subject' || name === 'preheader' || name === 'html') return t(`operate.content.${name}`)
    return name === 'text' ? t('operate.content.plainText') : ''
  }
}

/** What is wrong with a template: mistakes first. */
export const Checks = ({ issues }: { issues: Issue[] }) => {
  const t = useT()
  const word = useWord()
  const textOf = useIssueText()
  const placeOf = usePlace()
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
          placeOf(where),
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
