import type { Readouts } from '@/kernel/api'
import { relativeChange, useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Change, Readout, ReadoutStrip } from '@/kernel/ui'

/** The four instruments at the top of the cockpit. */
export const ReadoutsStrip = ({ readouts }: { readouts: Readouts }) => {
  const t = useT()
  const format = useFormats()
  const { fans_consented_share: consented, currency } = readouts
  const money = (minor: number) => format.money(minor, currency, { compact: true })
  const before = t('measure.cockpit.before')
  return (
    <ReadoutStrip label={t('measure.cockpit.readouts.label')}>
      <Readout
        label={t('measure.cockpit.readouts.fans')}
        value={format.count(readouts.fans)}
        note={
          consented === null
            ? t('measure.cockpit.readouts.noFans')
            : t('measure.cockpit.readouts.consented', { share: format.share(consented) })
        }
      />
      <Readout
        label={t('measure.cockpit.readouts.boarded')}
        value={readouts.boarded > 0 ? `+${format.count(readouts.boarded)}` : '0'}
        note={<Change change={relativeChange(readouts.boarded, readouts.boarded_before)} hint={before} />}
      />
      <Readout
        label={t('measure.cockpit.readouts.revenue')}
        value={money(readouts.revenue_minor)}
        title={format.money(readouts.revenue_minor, currency)}
        note={
          <>
            <Change
              change={relativeChange(readouts.revenue_minor, readouts.revenue_before_minor)}
              hint={before}
            />
            {` · ${t('measure.cockpit.readouts.orders', { count: readouts.orders, shown: format.count(readouts.orders) })}`}
          </>
        }
      />
      <Readout
        label={t('measure.cockpit.readouts.spend')}
        value={money(readouts.spend_minor)}
        title={format.money(readouts.spend_minor, currency)}
        note={
          <Change change={relativeChange(readouts.spend_minor, readouts.spend_before_minor)} hint={before} />
        }
      />
    </ReadoutStrip>
  )
}
