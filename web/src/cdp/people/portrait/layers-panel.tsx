import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import { Button, Loaded, Panel } from '@/kernel/ui'
import { HistoryIcon } from '@/kernel/ui/icons'
import { ChangesDrawer } from './changes-drawer'
import styles from './portrait.module.css'
import { type PersonLayer, personLayersQuery } from './queries'

// How far somebody came stands in a panel of its own.
const ELSEWHERE = 'stage'
const RFM = /^(\d)-(\d)$/

/** Where a person stands in each layer, since when, and how it came to that. */
export const LayersPanel = ({ personId }: { personId: number }) => {
  const t = useT()
  const word = useWord()
  const format = useFormats()
  const query = useQuery(personLayersQuery(personId))
  const [isTelling, setIsTelling] = useState(false)
  const layers = query.data?.items ?? []
  const nameOf = (key: string, name: string) => {
    const told = word('cdp.people.layers.builtIn', key)
    return told === key ? name || key : told
  }
  const classOf = (key: string, name: unknown): string => {
    if (typeof name !== 'string') return t('cdp.people.layers.none')
    if (key === ELSEWHERE) return word('kernel.stage', name)
    return key === 'rfm_tier' ? name.replace(RFM, 'R$1 · F$2') : name
  }
  const shown = layers.filter(({ key }) => key !== ELSEWHERE)
  return (
    <Panel
      title={t('cdp.people.layers.title')}
      actions={
        <Button
          type="text"
          icon={<HistoryIcon />}
          aria-label={t('cdp.people.layers.history')}
          title={t('cdp.people.layers.history')}
          onClick={() => setIsTelling(true)}
        />
      }
    >
      <Loaded query={query} height={48}>
        {() =>
          shown.length === 0 ? (
            <p className={styles.none}>{t('cdp.people.layers.nowhere')}</p>
          ) : (
            <dl className={styles.traits}>
              {shown.map(({ key, name, class_name: said, class_key: own, since }: PersonLayer) => (
                <div key={key} className={styles.traitRow}>
                  <dt>{nameOf(key, name)}</dt>
                  <dd className={styles.traitValue}>
                    <span>{own ? classOf(key, said || own) : t('cdp.people.layers.none')}</span>
                    {since ? (
                      <span className={styles.traitTold} title={format.instant(since)}>
                        {t('cdp.people.layers.since', { at: format.ago(since) })}
                      </span>
                    ) : null}
                  </dd>
                </div>
              ))}
            </dl>
          )
        }
      </Loaded>
      {isTelling ? (
        <ChangesDrawer
          personId={personId}
          kind="layer"
          title={t('cdp.people.layers.history')}
          nameOf={({ name }) => nameOf(name, layers.find(({ key }) => key === name)?.name ?? name)}
          textOf={(value, { name }) => classOf(name, value)}
          onClose={() => setIsTelling(false)}
        />
      ) : null}
    </Panel>
  )
}
