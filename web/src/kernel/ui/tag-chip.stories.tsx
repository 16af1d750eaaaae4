import { Flex } from './primitives'
import { ShareBar } from './share-bar'
import type { Stories } from './story'
import { TagChip } from './tag-chip'
import { TAG_COLORS } from './tokens'

const nothing = () => undefined

export const stories: Stories = {
  TagChip: () => (
    <Flex wrap gap={6}>
      {TAG_COLORS.map((color) => (
        <TagChip key={color} name={color} color={color} />
      ))}
      <TagChip name="老客" />
      <TagChip name="vip" color="amber" note="3 days" />
      <TagChip name="hesitant" color="blue" remove={{ label: 'Take off the tag hesitant', act: nothing }} />
    </Flex>
  ),
  ShareBar: () => (
    <Flex vertical gap={8} style={{ maxWidth: 260 }}>
      <ShareBar share={0.62}>1,544 · 62%</ShareBar>
      <ShareBar share={0}>0</ShareBar>
    </Flex>
  ),
}
