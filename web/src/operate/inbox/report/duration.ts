import { useT } from '@/kernel/i18n'

/** How long something took, in its two largest units. */
export const useDuration = () => {
  const t = useT()
  return (seconds: number): string => {
    const minutes = Math.round(seconds / 60)
    if (seconds < 60) return t('operate.inbox.span.seconds', { count: Math.round(seconds) })
    if (minutes < 60) return t('operate.inbox.span.minutes', { count: minutes })
    const hours = Math.floor(minutes / 60)
    if (hours < 48) {
      const rest = minutes % 60
      const whole = t('operate.inbox.span.hours', { count: hours })
      return rest ? `${whole} ${t('operate.inbox.span.minutes', { count: rest })}` : whole
    }
    const rest = hours % 24
    const whole = t('operate.inbox.span.days', { count: Math.floor(hours / 24) })
    return rest ? `${whole} ${t('operate.inbox.span.hours', { count: rest })}` : whole
  }
}
