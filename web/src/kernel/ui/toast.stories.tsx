import { Button } from './primitives'
import type { Stories } from './story'
import { Toast, ToastStack } from './toast'

const close = () => {}

const Notices = () => (
  <div style={{ height: 320 }}>
    <ToastStack label="What was done">
      <Toast onClose={close} progress={0.4} note="40,000 of 100,000">
        Tagging 100,000 people “VIP” …
      </Toast>
      <Toast onClose={close} note="88 had it already" actions={<Button type="text">Undo</Button>}>
        412 people tagged “VIP”
      </Toast>
      <Toast onClose={close} isError note="The server could not go on.">
        Not everybody could be tagged
      </Toast>
    </ToastStack>
  </div>
)

export const stories: Stories = { 'Toast and ToastStack': Notices }
