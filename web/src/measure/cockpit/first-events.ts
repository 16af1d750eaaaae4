import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useRef } from 'react'
import type { StagesReport } from '@/kernel/api'

const LOOK_EVERY_MS = 5000

/** Whether nobody has ever come. */
export const isEmpty = (report: StagesReport): boolean => report.stages.every(({ people }) => people === 0)

/** On the first day look again every few seconds, and refresh everything once somebody has come. */
export const useFirstEvents = () => {
  const client = useQueryClient()
  const wasEmpty = useRef(false)
  return useCallback(
    (query: { state: { data?: StagesReport } }): number | false => {
      const report = query.state.data
      if (report && isEmpty(report)) {
        wasEmpty.current = true
        return LOOK_EVERY_MS
      }
      if (report && wasEmpty.current) {
        wasEmpty.current = false
        void client.invalidateQueries({ queryKey: ['measure'] })
      }
      return false
    },
    [client],
  )
}
