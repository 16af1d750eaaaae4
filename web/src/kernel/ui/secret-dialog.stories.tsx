import { useState } from 'react'
import { Button } from './primitives'
import { SecretDialog } from './secret-dialog'
import type { Stories } from './story'

const Shown = () => {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <Button onClick={() => setIsOpen(true)}>Make a key</Button>
      {isOpen ? (
        <SecretDialog
          title="Copy it now"
          text="It is shown this once."
          label="The key"
          secret="fw_write_0123456789"
          verb="I have copied it"
          onClose={() => setIsOpen(false)}
        />
      ) : null}
    </>
  )
}

export const stories: Stories = { SecretDialog: Shown }
