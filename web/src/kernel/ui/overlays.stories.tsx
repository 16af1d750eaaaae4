import { Button, Drawer, Dropdown, Modal, Popover, Tooltip } from './primitives'
import type { Stories } from './story'

const ITEMS = ['CSV', 'PNG'].map((label) => ({ key: label, label }))
const frame = { position: 'relative', height: 240, overflow: 'hidden' } as const

/** What lies above the page, each open. */
export const stories: Stories = {
  Dropdown: () => (
    <div style={{ height: 120 }}>
      <Dropdown menu={{ items: ITEMS }} open>
        <Button aria-haspopup="menu">Export</Button>
      </Dropdown>
    </div>
  ),
  Tooltip: () => (
    <div style={{ height: 70, paddingTop: 36 }}>
      <Tooltip title="The full amount: ¥1,284.05" open>
        <Button>¥1.3K</Button>
      </Tooltip>
    </div>
  ),
  Popover: () => (
    <div style={{ height: 120 }}>
      <Popover title="Evidence" content="Two holdouts, 95 % interval." placement="bottomLeft" open>
        <Button>Why?</Button>
      </Popover>
    </div>
  ),
  Drawer: () => (
    <div style={frame}>
      <Drawer title="Add a rule" open getContainer={false} size={300} rootStyle={{ position: 'absolute' }}>
        Fields of the rule.
      </Drawer>
    </div>
  ),
  Modal: () => (
    <div style={frame}>
      <Modal
        title="Merge both people?"
        open
        getContainer={false}
        mask={false}
        wrapProps={{ style: { position: 'absolute' } }}
        okText="Merge"
        cancelText="Cancel"
      >
        It can be undone with “Separate”.
      </Modal>
    </div>
  ),
}
