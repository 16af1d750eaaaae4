import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useT } from '@/kernel/i18n'
import { Button, EmptyState, Panel } from '@/kernel/ui'
import { PlusIcon } from '@/kernel/ui/icons'
import styles from '../broadcasts.module.css'
import { accountsQuery } from '../queries'
import { MOST_ROUTES, type Route } from '../types'
import { moved } from '../view'
import { RouteCard } from './route-card'
import type { PartProps } from './use-draft'

interface RoutesPanelProps extends PartProps {
  /** Show a template as somebody would see it. */
  onPreview: (templateId: number) => void
}

/** Ways to reach people, in the order in which they are tried. */
export const RoutesPanel = ({ draft: { routes }, put, onPreview }: RoutesPanelProps) => {
  const t = useT()
  const { data } = useQuery(accountsQuery)
  const shown: Route[] = routes.length > 0 ? routes : [{ channel: '', account_id: null, template_id: null }]
  const set = (next: Route[]) => put({ routes: next.filter(({ channel }) => channel !== '') })
  const used = new Set(routes.map(({ account_id: id }) => id))
  const free = data?.items.find(({ account_id: id }) => !used.has(id))
  const add = () =>
    free && set([...routes, { channel: free.channel, account_id: free.account_id, template_id: null }])
  return (
    <Panel title={t('operate.broadcasts.edit.what')} note={t('operate.broadcasts.edit.whatNote')}>
      {data?.items.length === 0 ? (
        <EmptyState title={t('operate.broadcasts.edit.noAccounts')}>
          <Link to="/settings/channels">{t('operate.broadcasts.edit.toChannels')}</Link>
        </EmptyState>
      ) : (
        <div className={styles.fields}>
          <ol className={styles.ways}>
            {shown.map((route, place) => (
              <RouteCard
                // biome-ignore lint/suspicious/noArrayIndexKey: ways have no other name than their place.
                key={place}
                route={route}
                place={place}
                count={shown.length}
                onChange={(next) => set(shown.map((each, at) => (at === place ? next : each)))}
                onMove={(to) => set(moved(routes, place, to))}
                onRemove={() => set(routes.filter((_, at) => at !== place))}
                onPreview={onPreview}
              />
            ))}
          </ol>
          {routes.length > 0 && routes.length < MOST_ROUTES && free ? (
            <div>
              <Button icon={<PlusIcon />} onClick={add}>
                {t('operate.broadcasts.edit.addWay')}
              </Button>
            </div>
          ) : null}
        </div>
      )}
    </Panel>
  )
}
