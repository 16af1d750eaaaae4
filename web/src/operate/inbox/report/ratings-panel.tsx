import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Period } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import { EmptyState, Loaded, Panel } from '@/kernel/ui'
import styles from '../setup/setup.module.css'
import { ratingsQuery } from './queries'

/** What people answered who were asked how it was. */
export const RatingsPanel = ({ period }: { period: Period }) => {
  const t = useT()
  const word = useWord()
  const format = useFormats()
  const query = useQuery(ratingsQuery(period, format.timeZone))
  return (
    <Panel title={t('operate.inbox.report.ratings')} note={t('operate.inbox.report.ratingsNote')}>
      <Loaded query={query} height={120}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('operate.inbox.report.noRatings')} />
          ) : (
            <ul className={styles.rows}>
              {items.map((each) => (
                <li key={`${each.conversation_id}-${each.round}`} className={styles.row}>
                  <strong>{t('operate.inbox.rating.of', { score: each.score })}</strong>
                  <span className={styles.main}>
                    <Link to="/inbox" search={{ c: each.conversation_id }}>
                      {each.name || `#${each.conversation_id}`}
                    </Link>
                  </span>
                  <span className={styles.hint}>
                    {[word('kernel.channel', each.channel), each.agent_name, format.instant(each.rated_at)]
                      .filter(Boolean)
                      .join(' · ')}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  )
}
