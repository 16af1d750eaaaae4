import { ExportMenu } from './export-menu'
import type { Stories } from './story'
import { type Twin, TwinTable } from './twin-table'
import { TwinToggle } from './twin-toggle'

export const twin: Twin = {
  columns: [
    { key: 'channel', title: 'Channel' },
    { key: 'people', title: 'People', isNumber: true, format: (value) => Number(value).toLocaleString() },
    { key: 'share', title: 'Share', isNumber: true },
  ],
  rows: [
    { channel: 'Search ads', people: 128_460, share: '34%' },
    { channel: '小红书', people: 9, share: null },
  ],
}

export const stories: Stories = {
  TwinTable: () => (
    <>
      <h3 id="story-of-twin">People by channel</h3>
      <TwinTable twin={twin} labelledBy="story-of-twin" />
    </>
  ),
  TwinToggle: () => (
    <>
      <TwinToggle isTable={false} onChange={() => undefined} />
      <TwinToggle isTable onChange={() => undefined} />
    </>
  ),
  ExportMenu: () => <ExportMenu twin={twin} fileName="story" figure={null} />,
}
