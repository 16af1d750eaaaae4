import type { Message } from './queries'

type Outcome = Pick<Message, 'status' | 'error'>

/** Which words tell what came of the last attempt; the server's own where there are none. */
export const outcomeOf = ({
  status,
  error,
}: Outcome): { key: Known; status: number | null } | string | null => {
  if (status !== null && status >= 200 && status < 300) return { key: 'taken', status }
  if (status !== null) return { key: 'answered', status }
  if (error === null) return null
  const kind = error.split(':', 1)[0] ?? ''
  const known = KINDS.find(([pattern]) => pattern.test(kind))
  return known ? { key: known[1], status } : error
}

export type Known = 'taken' | 'answered' | 'noConnection' | 'timeout' | 'unknownHost' | 'unusable'

const KINDS: readonly (readonly [RegExp, Known])[] = [
  [/^gaierror$/i, 'unknownHost'],
  [/timeout/i, 'timeout'],
  [/^(ConnectError|RemoteProtocolError|ReadError|WriteError|CloseError)$/, 'noConnection'],
  [/^(InvalidURL|UnsupportedProtocol)$/, 'unusable'],
]

/** What a message is about, as far as its body tells. */
export const aboutOf = (body: string): { personId: number | null; segment: string | null } => {
  try {
    const { data } = JSON.parse(body) as { data?: { person_id?: unknown; segment_name?: unknown } }
    return {
      personId: typeof data?.person_id === 'number' ? data.person_id : null,
      segment: typeof data?.segment_name === 'string' ? data.segment_name : null,
    }
  } catch {
    return { personId: null, segment: null }
  }
}

/** The JSON that was sent, as one reads it. */
export const prettyBody = (body: string): string => {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}

/** The machine that an address names: what one knows it by. */
export const hostOf = (url: string): string => {
  try {
    return new URL(url).host
  } catch {
    return url
  }
}
