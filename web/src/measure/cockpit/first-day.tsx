import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useT } from '@/kernel/i18n'
import { Copyable, Panel, Segmented } from '@/kernel/ui'
import styles from './first-day.module.css'
import { SNIPPETS, type SnippetKind, snippet } from './snippets'

/** The first day: nothing has come in yet, so here is how to send the first event. */
export const FirstDay = () => {
  const t = useT()
  const [kind, setKind] = useState<SnippetKind>('curl')
  return (
    <Panel title={t('measure.cockpit.first.title')} note={t('measure.cockpit.first.lead')}>
      <ol className={styles.steps}>
        <li className={styles.step}>
          <p>{t('measure.cockpit.first.key')}</p>
          <Link to="/settings/keys">{t('measure.cockpit.first.keyLink')}</Link>
        </li>
        <li className={styles.step}>
          <div className={styles.choice}>
            <p>{t('measure.cockpit.first.send')}</p>
            <Segmented<SnippetKind>
              aria-label={t('measure.cockpit.first.language')}
              options={SNIPPETS.map(({ kind: value, label }) => ({ value, label }))}
              value={kind}
              onChange={setKind}
            />
          </div>
          <Copyable text={snippet(kind, location.origin)} label={t('measure.cockpit.first.snippet')} />
        </li>
        <li className={styles.step}>
          <p>{t('measure.cockpit.first.watch')}</p>
          <Link to="/ingest">{t('measure.cockpit.first.watchLink')}</Link>
        </li>
      </ol>
    </Panel>
  )
}
