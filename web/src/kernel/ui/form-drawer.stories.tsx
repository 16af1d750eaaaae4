import { FormDrawer } from './form-drawer'
import { Form, Input } from './primitives'
import type { Stories } from './story'

const nothing = () => undefined

/** A long form at the side of the page. */
export const stories: Stories = {
  FormDrawer: () => (
    <div style={{ position: 'relative', height: 320, overflow: 'hidden' }}>
      <FormDrawer
        title="New trait"
        verb="Save"
        initial={{ name: 'age_band' }}
        send={async (body: { name: string }) => body}
        onSent={nothing}
        onClose={nothing}
        width={420}
        isInline
      >
        <Form.Item name="name" label="Name">
          <Input />
        </Form.Item>
      </FormDrawer>
    </div>
  ),
}
