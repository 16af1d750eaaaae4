import { Readout, ReadoutStrip } from './readout'
import type { Stories } from './story'
import { Change, DateTime, Money, Nothing } from './values'

const AT = '2026-11-21T18:30:00Z'

export const stories: Stories = {
  ReadoutStrip: () => (
    <ReadoutStrip label="Instruments">
      <Readout label="Passengers on board" value="12.8万" title="128,460" note="91% may be reached" />
      <Readout label="Incremental profit" value={<Money minor={48_600_000} currency="CNY" compact />} />
      <Readout label="Waste" value="–" note={<Change change={null} />} />
    </ReadoutStrip>
  ),
  Money: () => (
    <>
      <Money minor={-123_405} currency="USD" /> · <Money minor={500} currency="JPY" /> ·{' '}
      <Money minor={48_600_000} currency="CNY" compact />
    </>
  ),
  DateTime: () => (
    <>
      <DateTime at={AT} style="date" /> · <DateTime at={AT} /> · <DateTime at={AT} style="second" /> ·{' '}
      <DateTime at={AT} style="ago" />
    </>
  ),
  Change: () => (
    <>
      <Change change={0.124} hint="Against the 30 days before" /> · <Change change={-0.034} /> ·{' '}
      <Change change={0} /> · <Change change={null} />
    </>
  ),
  Nothing: () => <Nothing />,
}
