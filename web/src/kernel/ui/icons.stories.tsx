import * as icons from './icons'
import { Flex } from './primitives'
import type { Stories } from './story'

export const stories: Stories = {
  icons: () => (
    <Flex gap={20} wrap>
      {Object.entries(icons).map(([name, Icon]) => (
        <span key={name}>
          <Icon /> {name}
        </span>
      ))}
    </Flex>
  ),
}
