import type { Answer, Schemas } from '@/kernel/api'

/** What the routes of tags and layers answer with. */
export type TagItem = Answer<'/api/tags'>['items'][number]
export type TagGroup = Answer<'/api/tags'>['groups'][number]
export type Layer = Answer<'/api/layers'>['items'][number]
export type LayerClass = Layer['classes'][number]

/** A rule as the server takes it; only the segments' slice looks inside. */
export type RuleBody = Schemas['SegmentRule']

/** What a form about a tag holds. */
export interface TagFields {
  tag: string
  label: string
  description: string
  color: TagItem['color']
  group_id: number | null
  expires_after_s: number | null
  rule: RuleBody | null
  keeps_after_exit: boolean
}

export interface GroupFields {
  name: string
  is_exclusive: boolean
}

/** A class while its layer is edited; the id keeps it the same while its key is written. */
export interface DraftClass {
  id: number
  key: string
  name: string
  rule: RuleBody | null
  isWhole: boolean
  /** Made here and not saved yet, so that its key may still follow its name. */
  isNew: boolean
}
