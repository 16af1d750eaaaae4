import { useConfirm, useNotice } from './confirm'
import { Button, Flex } from './primitives'
import type { Stories } from './story'

const Questions = () => {
  const confirm = useConfirm()
  const ask = (isDangerous: boolean) =>
    confirm({
      title: isDangerous ? 'Erase Mei Lin?' : 'Merge both people?',
      content: isDangerous ? 'This cannot be undone.' : 'It can be undone with “Separate”.',
      verb: isDangerous ? 'Erase for good' : 'Merge',
      isDangerous,
      act: () => Promise.resolve(),
    })
  return (
    <Flex gap={8}>
      <Button onClick={() => ask(false)}>Merge…</Button>
      <Button danger onClick={() => ask(true)}>
        Erase…
      </Button>
    </Flex>
  )
}

const Notices = () => {
  const notice = useNotice()
  return (
    <Flex gap={8}>
      <Button onClick={() => void notice.success('They are one person now')}>Done</Button>
      <Button onClick={() => void notice.error('The server cannot be reached')}>Failed</Button>
    </Flex>
  )
}

export const stories: Stories = { useConfirm: Questions, useNotice: Notices }
