import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMe } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Switch } from '@/kernel/ui'
import { agentsQuery, putAway } from './queries'

/** Whether I take new conversations. */
export const Away = () => {
  const t = useT()
  const client = useQueryClient()
  const me = useMe()?.user.id
  const { data } = useQuery(agentsQuery)
  const mine = data?.items.find(({ user_id }) => user_id === me)
  const { mutate, isPending } = useMutation({
    mutationFn: putAway,
    onSettled: () => client.invalidateQueries({ queryKey: agentsQuery.queryKey }),
  })
  if (!mine) return null
  return (
    <Switch
      loading={isPending}
      checked={!mine.is_away}
      aria-label={t('operate.inbox.away.label')}
      checkedChildren={t('operate.inbox.away.here')}
      unCheckedChildren={t('operate.inbox.away.away')}
      onChange={(isHere) => mutate(!isHere)}
    />
  )
}
