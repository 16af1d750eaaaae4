import { useCallback } from 'react'
import { useT } from '@/kernel/i18n'

/** Where a statement came from, in words. */
export const useSourceText = () => {
  const t = useT()
  return useCallback(
    (source: string): string => {
      const [kind, ...rest] = source.split(':')
      const who = rest.join(':')
      switch (kind) {
        case 'user':
          return t('cdp.people.trait.source.user', { who })
        case 'import':
          return t('cdp.people.trait.source.import', { who })
        case 'api':
          return t('cdp.people.trait.source.api')
        case 'computed':
        case 'measure':
        case 'event':
          return t(`cdp.people.trait.source.${kind}`)
        default:
          return source
      }
    },
    [t],
  )
}
