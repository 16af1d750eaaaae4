import type { Identifier } from '@/kernel/api'

/** Kinds that say most about who somebody is, first. */
const TELLING = ['phone', 'email', 'wecom', 'unionid', 'openid', 'user_id', 'external_id', 'anonymous_id']

const rank = ({ kind }: Identifier): number => {
  const place = TELLING.indexOf(kind)
  return place < 0 ? TELLING.length : place
}

/** The identifier that says most about a person. */
export const tellingIdentifier = (identifiers: readonly Identifier[]): Identifier | undefined =>
  [...identifiers].sort((one, other) => rank(one) - rank(other))[0]

interface Nameable {
  id: number
  name: string | null
  identifiers: readonly Identifier[]
}

/** What to call a person: the name, else the most telling identifier, else null. */
export const nameOf = ({ name, identifiers }: Nameable): string | null =>
  name?.trim() || tellingIdentifier(identifiers)?.value || null
