import type { Account, Field, Values } from './queries'

/** What a form holds: a name, and a text for each field. */
export interface Filled {
  channel: string
  name: string
  values: Record<string, string | undefined>
}

/** Texts that have several lines, such as keys and bodies of requests. */
const LONG = new Set(['dkim_key', 'body', 'headers', 'greeting', 'origins'])

export const isLong = (field: Field) => LONG.has(field.name)

/** Addresses of the platform's own API: nobody has to touch them. */
export const isForExperts = (field: Field) =>
  !field.is_required && (field.name === 'base_url' || field.name === 'data_url')

/** What a new account's form begins with. */
export const defaultsOf = (fields: Field[]): Record<string, string> =>
  Object.fromEntries(
    fields.filter(({ default: value }) => value !== '').map((field) => [field.name, field.default]),
  )

/** What has changed against the account: an emptied setting is taken away, an empty secret stays as it is. */
export const changesOf = (fields: Field[], filled: Filled['values'], account?: Account): Values => {
  const changes: Values = {}
  for (const { name, is_secret: isSecret } of fields) {
    const value = filled[name] ?? ''
    const before = account?.settings[name] ?? ''
    if (isSecret ? value !== '' : value !== before) changes[name] = value === '' ? null : value
  }
  return changes
}

export interface Snippet {
  kind: 'chat' | 'push'
  text: string
}

/** What has to stand on the brand's own site for a channel; nothing for the others. */
export const snippetOf = ({
  channel,
  callback_url: url,
}: Pick<Account, 'channel' | 'callback_url'>): Snippet | null => {
  const { origin, pathname } = new URL(url)
  const key = pathname.split('/').at(-1) ?? ''
  if (channel === 'webchat')
    return { kind: 'chat', text: `<script src="${origin}/chat/widget.js" data-key="${key}" async></script>` }
  if (channel === 'webpush') return { kind: 'push', text: `importScripts('${url}?file=worker.js')` }
  return null
}
