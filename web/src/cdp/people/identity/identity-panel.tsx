import { useQuery } from '@tanstack/react-query'
import type { Identity, Person } from '@/kernel/api'
import { useCan } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import { Loaded, Panel, type Twin } from '@/kernel/ui'
import { identityQuery } from '../queries'
import { Graph } from './graph'
import { History } from './history'
import styles from './identity.module.css'
import { MergeDialog } from './merge-dialog'
import { UnmergeDialog } from './unmerge-dialog'

const HEIGHT = 420

const useIdentityTwin = (identity: Identity): Twin => {
  const t = useT()
  const word = useWord()
  const format = useFormats()
  const named = new Map(
    identity.nodes.map((node) => [node.home_id, `${word('cdp.people.kind', node.kind)}: ${node.value}`]),
  )
  return {
    columns: [
      { key: 'from', title: t('cdp.people.identity.one') },
      { key: 'to', title: t('cdp.people.identity.other') },
      { key: 'origin', title: t('cdp.people.identity.origin') },
      {
        key: 'since',
        title: t('cdp.people.identity.since'),
        format: (value) => format.instant(String(value)),
      },
      { key: 'state', title: t('cdp.people.identity.state') },
    ],
    rows: identity.edges.map((edge) => ({
      from: named.get(edge.low_id) ?? String(edge.low_id),
      to: named.get(edge.high_id) ?? String(edge.high_id),
      origin: word('cdp.people.origin', edge.origin),
      since: edge.first_seen_at,
      state: edge.is_cut ? t('cdp.people.identity.cut') : t('cdp.people.identity.holds'),
    })),
  }
}

const Known = ({ identity, person }: { identity: Identity; person: Person }) => {
  const t = useT()
  const canEdit = useCan('people:write')
  const homes = new Set(identity.nodes.map((node) => node.home_id)).size
  const actions = canEdit ? (
    <div className={styles.actions}>
      <MergeDialog person={person} />
      {homes > 1 ? <UnmergeDialog person={person} nodes={identity.nodes} /> : null}
    </div>
  ) : null
  return (
    <>
      <Panel
        title={t('cdp.people.tab.identity')}
        note={t('cdp.people.identity.note')}
        twin={useIdentityTwin(identity)}
        fileName={`fanwheel-identity-${person.id}`}
      >
        {actions}
        <Graph identity={identity} />
      </Panel>
      <History changes={identity.history} />
    </>
  )
}

/** How the identifiers hang together, and the tools to join people and to part them. */
export const IdentityPanel = ({ person }: { person: Person }) => {
  const query = useQuery(identityQuery(person.id))
  return (
    <div className={styles.stack}>
      <Loaded query={query} height={HEIGHT}>
        {(identity) => <Known identity={identity} person={person} />}
      </Loaded>
    </div>
  )
}
