import type { Broadcast, Check, Draft, Progress, Schedule, Source, State, Summary } from './types'
import { WRITTEN } from './types'

/** The state that is said of a broadcast: a running one tells its phase elsewhere. */
export const canEdit = (state: State): boolean => state === 'draft'

/** Whether figures may still move by themselves. */
export const isGoing = (state: State): boolean =>
  state === 'scheduled' || state === 'running' || state === 'paused'

/** Whether a report has anything to show: it was started once. */
export const wasLaunched = ({ launched_at: at }: Pick<Summary, 'launched_at'>): boolean => at !== null

export const draftOf = (broadcast: Broadcast): Draft => {
  const { name, purpose, audience, routes, schedule } = broadcast
  const { per_minute, experiment, holdout_share, seed_list_id, expires_hours } = broadcast
  return {
    name,
    purpose,
    audience,
    routes,
    schedule,
    per_minute,
    experiment,
    holdout_share,
    seed_list_id,
    expires_hours,
  }
}

/** Only what differs between two drafts, without a name that is none; null when nothing does. */
export const changesOf = (draft: Draft, base: Draft): Partial<Draft> | null => {
  const changed = WRITTEN.filter(
    (key) =>
      JSON.stringify(draft[key]) !== JSON.stringify(base[key]) &&
      (key !== 'name' || draft.name.trim() !== ''),
  )
  return changed.length === 0 ? null : Object.fromEntries(changed.map((key) => [key, draft[key]]))
}

const PARTS = ['sent', 'task', 'waiting', 'held_out', 'skipped', 'failed', 'unclear', 'canceled'] as const
export type PartName = (typeof PARTS)[number] | 'unreleased'

export interface Part {
  name: PartName
  people: number
  share: number
}

/** Where everybody is, in the order in which the bar shows it; empty parts are left out. */
export const partsOf = (progress: Progress): Part[] => {
  const known = PARTS.map((name) => ({ name: name as PartName, people: progress[name] }))
  const counted = known.reduce((sum, { people }) => sum + people, 0)
  const unreleased = Math.max(0, progress.audience - counted)
  const whole = Math.max(progress.audience, counted)
  return [...known, { name: 'unreleased' as const, people: unreleased }]
    .filter(({ people }) => people > 0)
    .map((part) => ({ ...part, share: part.people / whole }))
}

/** How many people nothing more will happen to, as a fraction of all. */
export const doneShare = ({ audience, waiting, ...rest }: Progress): number => {
  const { sent, skipped, held_out, failed, unclear, task, canceled } = rest
  const settled = sent + skipped + held_out + failed + unclear + task + canceled
  const whole = Math.max(audience, settled + waiting)
  return whole === 0 ? 0 : settled / whole
}

/** Who still waits: released or not. */
export const stillWaiting = (progress: Progress | null, people: number | null): number => {
  if (!progress) return people ?? 0
  const { audience, waiting } = progress
  const unreleased = partsOf(progress).find(({ name }) => name === 'unreleased')
  return Math.min(Math.max(audience, waiting), waiting + (unreleased?.people ?? 0))
}

/** The key of a source as a select's value: a segment and a list may share a number. */
export const sourceKey = ({ segment_id: segment, list_id: list }: Source): string =>
  segment ? `segment:${segment}` : `list:${list}`

export const sourceOf = (key: string): Source => {
  const [kind, id] = key.split(':')
  return kind === 'segment' ? { segment_id: Number(id) } : { list_id: Number(id) }
}

/** A schedule of another kind that keeps what both kinds ask for. */
export const withKind = (schedule: Schedule, kind: Schedule['kind']): Schedule => ({
  ...schedule,
  kind,
  at: null,
  day: kind === 'best_hour' ? schedule.day : null,
})

/** One thing moved from a place to another. */
export const moved = <Item>(items: readonly Item[], from: number, to: number): Item[] => {
  const next = [...items]
  const [taken] = next.splice(from, 1)
  if (taken !== undefined) next.splice(to, 0, taken)
  return next
}

/** A part of a whole, or null of nothing. */
export const rate = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null)

/** How many would get it: whoever some way reaches, but for those who are held back. */
export const reachedOf = ({ by_route: ways, held_out: held }: Check['audience']): number =>
  Math.max(0, ways.reduce((sum, { people }) => sum + people, 0) - held)

const SOON_MS = 60_000

/** When the last one is reached, unless that is at once. */
export const lastAtOf = ({ first_at: first, last_at: last }: Check['audience'], now: Date): string | null =>
  first && last && Math.max(Date.parse(last) - Date.parse(first), Date.parse(last) - now.getTime()) > SOON_MS
    ? last
    : null
