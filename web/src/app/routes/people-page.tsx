import { useNavigate } from '@tanstack/react-router'
import { BulkBar } from '@/cdp/bulk/bulk-bar'
import { PeoplePage } from '@/cdp/people/people-page'
import { useT } from '@/kernel/i18n'
import { Button, Tooltip } from '@/kernel/ui'
import { HistoryIcon } from '@/kernel/ui/icons'

/** Everybody, and what can be done with many at once. */
const PeopleRoute = () => {
  const t = useT()
  const navigate = useNavigate()
  return (
    <PeoplePage
      bar={(chosen) => <BulkBar {...chosen} />}
      tools={
        <Tooltip title={t('cdp.bulk.historyTitle')}>
          <Button
            icon={<HistoryIcon aria-hidden="true" />}
            aria-label={t('cdp.bulk.historyTitle')}
            onClick={() => void navigate({ to: '/people/actions' })}
          />
        </Tooltip>
      }
    />
  )
}

export default PeopleRoute
