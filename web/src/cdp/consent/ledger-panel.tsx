import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useT, useWord } from '@/kernel/i18n'
import { Button, DateTime, Loaded, Panel } from '@/kernel/ui'
import { ChoiceForm } from './choice-form'
import styles from './consent.module.css'
import { ledgerQuery, type Said } from './queries'
import { type Proof, proofsOf } from './words'

const FEW = 5

const useProofText = () => {
  const t = useT()
  const word = useWord()
  return (proof: Proof) => {
    if (proof.kind === 'event') return t('cdp.consent.proof.event', { text: proof.text })
    if (proof.kind === 'form') return proof.text
    return proof.via === 'noted'
      ? t('cdp.consent.proof.via.noted', { who: proof.who })
      : word('cdp.consent.proof.via', proof.via)
  }
}

const Entry = ({ said }: { said: Said }) => {
  const t = useT()
  const word = useWord()
  const proofText = useProofText()
  const proofs = proofsOf(said)
  const isBare = said.is_granted && Object.keys(said.evidence).length === 0
  return (
    <li className={styles.entry}>
      <span className={styles.line}>
        <span>
          {word('kernel.channel', said.channel)} · {word('cdp.consent.purpose', said.purpose)}
        </span>
        <span className={said.is_granted ? styles.granted : styles.withdrawn}>
          {said.is_granted
            ? `✓ ${t('cdp.consent.ledger.granted')}`
            : `✕ ${t('cdp.consent.ledger.withdrawn')}`}
        </span>
        <span className={styles.when}>
          <DateTime at={said.decided_at} style="date" />
        </span>
      </span>
      {isBare ? <span className={styles.hint}>{t('cdp.consent.ledger.noEvidence')}</span> : null}
      {proofs.map((proof) => {
        const text = proofText(proof)
        return (
          <span key={`${proof.kind} ${text}`} className={styles.hint} title={text}>
            {text}
          </span>
        )
      })}
    </li>
  )
}

/** What a person agreed to and took back, with what shows it. */
export const LedgerPanel = ({ personId }: { personId: number }) => {
  const t = useT()
  const canWrite = useCan('people:write')
  const query = useQuery(ledgerQuery(personId))
  const [isAll, setIsAll] = useState(false)
  const [isAsking, setIsAsking] = useState(false)
  return (
    <Panel title={t('cdp.consent.ledger.title')}>
      <Loaded query={query} height={80}>
        {({ items, suppressed }) => (
          <>
            {suppressed.map((row) => (
              <p key={row.suppression_id} className={styles.barred}>
                {t('cdp.consent.ledger.barred', {
                  address: row.masked || '***',
                  reason: t(`cdp.consent.reason.${row.reason}`),
                })}
              </p>
            ))}
            {items.length === 0 ? <p className={styles.none}>{t('cdp.consent.ledger.none')}</p> : null}
            <ul className={styles.entries}>
              {(isAll ? items : items.slice(0, FEW)).map((said) => (
                <Entry key={`${said.channel} ${said.purpose} ${said.decided_at}`} said={said} />
              ))}
            </ul>
            {!isAll && items.length > FEW ? (
              <Button onClick={() => setIsAll(true)}>
                {t('cdp.consent.ledger.older', { count: items.length })}
              </Button>
            ) : null}
          </>
        )}
      </Loaded>
      {canWrite ? <Button onClick={() => setIsAsking(true)}>{t('cdp.consent.ledger.note')}</Button> : null}
      {isAsking ? <ChoiceForm personId={personId} onClose={() => setIsAsking(false)} /> : null}
    </Panel>
  )
}
