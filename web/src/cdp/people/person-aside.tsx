import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useT, useWord } from '@/kernel/i18n'
import { DateTime, Loaded, Money, Panel } from '@/kernel/ui'
import styles from './portrait/portrait.module.css'
import { StageTrack } from './portrait/stage-track'
import { TagsPanel } from './portrait/tags-panel'
import { TraitsPanel } from './portrait/traits-panel'
import { personQuery } from './queries'

const LATEST = 3

/** A person beside something else: how far they came, tags, traits, the latest orders. */
export const PersonAside = ({ personId }: { personId: number }) => {
  const t = useT()
  const word = useWord()
  const query = useQuery(personQuery(personId))
  return (
    <Loaded query={query} height={240}>
      {(person) => (
        <>
          <Panel
            title={
              <Link to="/people/$personId" params={{ personId: String(person.id) }}>
                {person.name || `#${person.id}`}
              </Link>
            }
          >
            <StageTrack stages={person.stages} />
          </Panel>
          <Panel title={t('cdp.people.tab.orders')}>
            {person.orders.length === 0 ? (
              <p className={styles.none}>{t('cdp.people.orders.empty')}</p>
            ) : (
              <ul className={styles.consents}>
                {person.orders.slice(0, LATEST).map((order) => (
                  <li key={order.order_id} className={styles.aside}>
                    <span>
                      {order.order_id}
                      <span className={styles.purpose}>
                        {word('cdp.people.orderStatus', order.status)} ·{' '}
                        <DateTime at={order.placed_at} style="date" />
                      </span>
                    </span>
                    <Money minor={order.net_minor} currency={order.currency} />
                  </li>
                ))}
              </ul>
            )}
          </Panel>
          <TagsPanel personId={person.id} />
          <TraitsPanel personId={person.id} />
        </>
      )}
    </Loaded>
  )
}
