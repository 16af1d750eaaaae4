import { useQuery } from '@tanstack/react-query'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Panel } from '@/kernel/ui'
import styles from './menus.module.css'
import { tapsQuery } from './queries'
import { definitionOf, type MenuInfo, walk } from './types'

/** Which entries people tap, over the last 30 days. */
export const TapsPanel = ({ menu }: { menu: MenuInfo }) => {
  const t = useT()
  const { count } = useFormats()
  const { data } = useQuery(tapsQuery(menu.menu_id))
  const entries = walk(definitionOf(menu)).map(({ id, label }) => {
    const own = (data?.items ?? []).filter(({ item }) => item === id)
    return {
      id,
      label,
      taps: own.reduce((sum, { taps }) => sum + taps, 0),
      people: own.reduce((sum, { people }) => sum + people, 0),
    }
  })
  const most = Math.max(1, ...entries.map(({ taps }) => taps))
  return (
    <Panel title={t('operate.menus.clicks')} note={t('operate.menus.clicksNote')}>
      <ul className={styles.taps}>
        {[...entries]
          .sort((one, other) => other.taps - one.taps)
          .map(({ id, label, taps, people }) => (
            <li key={id}>
              <span>{label}</span>
              <span className={styles.track}>
                <span style={{ width: `${(taps / most) * 100}%` }} />
              </span>
              <span>{t('operate.menus.tapCount', { taps: count(taps), people: count(people) })}</span>
            </li>
          ))}
      </ul>
    </Panel>
  )
}
