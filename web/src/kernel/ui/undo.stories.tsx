import { Button } from './primitives'
import type { Stories } from './story'
import { useUndo } from './undo'

const Undoing = () => {
  const tell = useUndo()
  return (
    <Button onClick={() => tell({ text: 'The tag is off', undo: () => Promise.resolve() })}>
      Take the tag off
    </Button>
  )
}

export const stories: Stories = { useUndo: Undoing }
