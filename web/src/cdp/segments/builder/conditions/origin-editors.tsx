import { useT } from '@/kernel/i18n'
import { Select } from '@/kernel/ui'
import { DOMAINS, type Domain, type LeafOf, TOUCHES, type Touch } from '../../rule/types'
import styles from '../builder.module.css'
import { useBuilder } from '../context'
import { ManyPicker, Picker } from '../inputs/picker'
import type { EditorProps } from './person-editors'

interface TouchPickerProps {
  value: Touch | undefined
  onChange: (touch: Touch) => void
}

const TouchPicker = ({ value = 'any', onChange }: TouchPickerProps) => {
  const t = useT()
  return (
    <Select<Touch>
      className={styles.field}
      style={{ width: 148 }}
      value={value}
      aria-label={t('cdp.segments.build.touch')}
      options={TOUCHES.map((each) => ({ value: each, label: t(`cdp.segments.build.touches.${each}`) }))}
      onChange={onChange}
    />
  )
}

export const SourceEditor = ({ leaf, onChange }: EditorProps<LeafOf<'source'>>) => {
  const t = useT()
  const { vocabulary } = useBuilder()
  return (
    <span className={styles.line}>
      <TouchPicker value={leaf.touch} onChange={(touch) => onChange({ ...leaf, touch })} />
      <ManyPicker
        label={t('cdp.segments.build.sources')}
        values={leaf.sources}
        isOpen
        choices={vocabulary.sources.map(({ slug, name }) => ({ value: slug, label: name || slug }))}
        onChange={(sources) => onChange({ ...leaf, sources })}
      />
    </span>
  )
}

export const DomainEditor = ({ leaf, onChange }: EditorProps<LeafOf<'domain'>>) => {
  const t = useT()
  return (
    <span className={styles.line}>
      <TouchPicker value={leaf.touch} onChange={(touch) => onChange({ ...leaf, touch })} />
      <Select<Domain>
        className={styles.field}
        style={{ width: 160 }}
        value={leaf.domain}
        aria-label={t('cdp.segments.build.type.domain')}
        options={DOMAINS.map((each) => ({ value: each, label: t(`kernel.domain.${each}`) }))}
        onChange={(domain) => onChange({ ...leaf, domain })}
      />
    </span>
  )
}

export const ReferralEditor = ({ leaf, onChange }: EditorProps<LeafOf<'referral'>>) => {
  const t = useT()
  return (
    <Select<'inviter' | 'invitee'>
      className={styles.field}
      style={{ width: 200 }}
      value={leaf.role}
      aria-label={t('cdp.segments.build.type.referral')}
      options={(['inviter', 'invitee'] as const).map((role) => ({
        value: role,
        label: t(`cdp.segments.build.role.${role}`),
      }))}
      onChange={(role) => onChange({ ...leaf, role })}
    />
  )
}

export const ReachableEditor = ({ leaf, onChange }: EditorProps<LeafOf<'reachable'>>) => {
  const t = useT()
  const { vocabulary, words } = useBuilder()
  const any = { value: 'any', label: t('cdp.segments.build.anyChannel') }
  return (
    <Picker
      label={t('cdp.segments.build.channel')}
      value={leaf.channel ?? 'any'}
      choices={[
        any,
        ...vocabulary.channels.map((each) => ({ value: each, label: words.word('kernel.channel', each) })),
      ]}
      onChange={(channel) => onChange({ ...leaf, channel })}
    />
  )
}

export const SegmentEditor = ({ leaf, onChange }: EditorProps<LeafOf<'segment'>>) => {
  const t = useT()
  const { vocabulary } = useBuilder()
  return (
    <Picker
      label={t('cdp.segments.build.type.segment')}
      value={leaf.segment_id ? String(leaf.segment_id) : ''}
      width={240}
      choices={vocabulary.segments.map(({ segment_id: id, name }) => ({ value: String(id), label: name }))}
      onChange={(id) => onChange({ ...leaf, segment_id: Number(id) })}
    />
  )
}

export const ListEditor = ({ leaf, onChange }: EditorProps<LeafOf<'list'>>) => {
  const t = useT()
  const { vocabulary } = useBuilder()
  return (
    <Picker
      label={t('cdp.segments.build.type.list')}
      value={leaf.list_id ? String(leaf.list_id) : ''}
      width={240}
      choices={vocabulary.lists.map(({ list_id: id, name }) => ({ value: String(id), label: name }))}
      onChange={(id) => onChange({ ...leaf, list_id: Number(id) })}
    />
  )
}
