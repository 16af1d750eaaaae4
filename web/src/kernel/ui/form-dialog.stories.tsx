import { ApiError } from '@/kernel/api'
import { FormDialog } from './form-dialog'
import { Form, Input } from './primitives'
import { Refusal } from './refusal'
import type { Stories } from './story'

const nothing = () => undefined

/** A dialog that asks for something, above the page, and why what was sent is refused. */
export const stories: Stories = {
  Refusal: () => (
    <>
      <Refusal
        error={
          new ApiError(409, {
            code: 'source_exists',
            message: 'That source is there already.',
            hint: 'Change it.',
          })
        }
      />
      <Refusal error={new Error('anything')} />
    </>
  ),
  FormDialog: () => (
    <FormDialog
      title="Add a source"
      verb="Save"
      initial={{ name: 'Newsletter' }}
      send={async (body: { name: string }) => body}
      onSent={nothing}
      onClose={nothing}
    >
      <Form.Item name="name" label="Name">
        <Input />
      </Form.Item>
    </FormDialog>
  ),
}
