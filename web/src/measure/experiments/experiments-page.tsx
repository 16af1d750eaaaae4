import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, EmptyState, Loaded, Page, Panel } from '@/kernel/ui'
import { PlusIcon } from '@/kernel/ui/icons'
import { ExperimentPanel } from './experiment-panel'
import { experimentsQuery } from './queries'
import { StartDialog } from './start-dialog'

const route = getRouteApi('/shell/experiments')

/** What treatments of some people of a segment cause, against others who were left alone. */
const ExperimentsPage = () => {
  const t = useT()
  const { segment } = route.useSearch()
  const navigate = route.useNavigate()
  const canWrite = useCan('measure:write')
  const [isAdding, setIsAdding] = useState(false)
  const query = useQuery(experimentsQuery)
  const close = () => {
    setIsAdding(false)
    if (segment !== undefined) void navigate({ search: {}, replace: true })
  }
  return (
    <Page
      title={t('measure.experiments.title')}
      note={t('measure.experiments.note')}
      tools={
        canWrite ? (
          <Button type="primary" icon={<PlusIcon />} onClick={() => setIsAdding(true)}>
            {t('measure.experiments.add')}
          </Button>
        ) : null
      }
    >
      <Loaded query={query} height={240}>
        {({ items }) =>
          items.length === 0 ? (
            <Panel title={t('measure.experiments.empty')}>
              <EmptyState title={t('measure.experiments.emptyTitle')}>
                {t('measure.experiments.emptyHint')}
              </EmptyState>
            </Panel>
          ) : (
            items.map((experiment) => (
              <ExperimentPanel key={experiment.experiment_id} experiment={experiment} />
            ))
          )
        }
      </Loaded>
      {canWrite && (isAdding || segment !== undefined) ? (
        <StartDialog segmentId={segment} onClose={close} />
      ) : null}
    </Page>
  )
}

export default ExperimentsPage
