import { LanguageSwitch } from './language-switch'
import { PAGE_TITLE_ID, Page } from './page'
import { Panel } from './panel'
import { Button, Segmented } from './primitives'
import { ScrollRegion } from './scroll-region'
import type { Stories } from './story'
import { color } from './tokens'
import { twin } from './twin-table.stories'

const Drawing = () => (
  <svg width="220" height="40" role="img" aria-label="Two bars" data-figure="">
    <rect width="200" height="16" fill={color.public} />
    <rect y="22" width="90" height="16" fill={color.commercial} />
  </svg>
)

export const stories: Stories = {
  Page: () => (
    <>
      <header id={PAGE_TITLE_ID} />
      <Page
        title="People"
        above={<a href="#page">Cockpit</a>}
        note="Everybody the brand knows"
        tools={<Button>Import</Button>}
      >
        <Panel title="A panel">Words on the page.</Panel>
      </Page>
    </>
  ),
  Panel: () => (
    <>
      <Panel title="People by channel" note="Of the last 30 days" twin={twin} fileName="story">
        <Drawing />
      </Panel>
      <Panel title="Flush, with its own tools" actions={<Segmented options={['Month', 'Week']} />} flush>
        Reaches the edges.
      </Panel>
    </>
  ),
  ScrollRegion: () => (
    <ScrollRegion label="A long line" style={{ maxWidth: 260, overflowX: 'auto', whiteSpace: 'nowrap' }}>
      Whoever has no mouse can scroll this with the arrow keys, for the line is longer than its place.
    </ScrollRegion>
  ),
  LanguageSwitch: () => <LanguageSwitch />,
}
