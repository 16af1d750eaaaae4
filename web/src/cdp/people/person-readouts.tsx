import type { Person, Touch } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Readout, ReadoutStrip } from '@/kernel/ui'
import { useSourceName } from './source-name'

/** The instruments of one person: value, orders, how fresh, and where from. */
export const PersonReadouts = ({ person }: { person: Person }) => {
  const t = useT()
  const format = useFormats()
  const { order_count: orders, revenue_minor: revenue, currency } = person
  const sourceName = useSourceName()
  const source = (each: Touch | null) => (each ? sourceName(each.source) : '–')
  const touch = (each: Touch | null) => each && `${t(`kernel.domain.${each.domain}`)}, ${format.ago(each.at)}`
  return (
    <ReadoutStrip label={t('cdp.people.readouts.label')}>
      <Readout
        label={t('cdp.people.readouts.value')}
        value={format.money(revenue, currency)}
        note={
          orders > 0
            ? t('cdp.people.readouts.average', {
                money: format.money(Math.round(revenue / orders), currency),
              })
            : t('cdp.people.readouts.noOrder')
        }
      />
      <Readout
        label={t('cdp.people.readouts.orders')}
        value={format.count(orders)}
        note={person.is_fan ? t('cdp.people.readouts.fan') : t('cdp.people.readouts.notFan')}
      />
      <Readout
        label={t('cdp.people.readouts.firstTouch')}
        value={source(person.first_touch)}
        note={touch(person.first_touch) ?? t('cdp.people.readouts.noTouch')}
      />
      <Readout
        label={t('cdp.people.readouts.lastTouch')}
        value={source(person.last_touch)}
        note={touch(person.last_touch) ?? t('cdp.people.readouts.noTouch')}
      />
    </ReadoutStrip>
  )
}
