import type { Leaf } from '../../rule/types'
import { EventEditor } from './event-editor'
import {
  DomainEditor,
  ListEditor,
  ReachableEditor,
  ReferralEditor,
  SegmentEditor,
  SourceEditor,
} from './origin-editors'
import { FieldEditor, LayerEditor, SampleEditor, TagEditor, TraitEditor } from './person-editors'
import { SequenceEditor } from './sequence-editor'

interface LeafEditorProps {
  leaf: Leaf
  onChange: (leaf: Leaf) => void
}

/** The controls of a condition. */
export const LeafEditor = ({ leaf, onChange }: LeafEditorProps) => {
  switch (leaf.type) {
    case 'event':
      return <EventEditor leaf={leaf} onChange={onChange} />
    case 'sequence':
      return <SequenceEditor leaf={leaf} onChange={onChange} />
    case 'trait':
      return <TraitEditor leaf={leaf} onChange={onChange} />
    case 'field':
      return <FieldEditor leaf={leaf} onChange={onChange} />
    case 'tag':
      return <TagEditor leaf={leaf} onChange={onChange} />
    case 'layer':
      return <LayerEditor leaf={leaf} onChange={onChange} />
    case 'reachable':
      return <ReachableEditor leaf={leaf} onChange={onChange} />
    case 'source':
      return <SourceEditor leaf={leaf} onChange={onChange} />
    case 'domain':
      return <DomainEditor leaf={leaf} onChange={onChange} />
    case 'referral':
      return <ReferralEditor leaf={leaf} onChange={onChange} />
    case 'segment':
      return <SegmentEditor leaf={leaf} onChange={onChange} />
    case 'list':
      return <ListEditor leaf={leaf} onChange={onChange} />
    case 'sample':
      return <SampleEditor leaf={leaf} onChange={onChange} />
  }
}
