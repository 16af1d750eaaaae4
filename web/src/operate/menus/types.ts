import type { Schemas } from '@/kernel/api'

export type MenuInfo = Schemas['MenuOut']
export type Compiled = Schemas['CompiledMenuOut']
export type Fault = Schemas['MenuFaultOut']
export type Publication = Schemas['MenuPublicationOut']
export type Surface = Compiled['surface']
export type Tap = Schemas['MenuTapOut']
export type Change = Schemas['MenuChangeOut']

export type ItemKind = 'reply' | 'url' | 'mini_program' | 'phone' | 'menu' | 'keyword' | 'form' | 'agent'

export const KINDS: readonly ItemKind[] = [
  'reply',
  'url',
  'menu',
  'mini_program',
  'phone',
  'keyword',
  'form',
  'agent',
]

export interface Item {
  id: string
  label: string
  kind?: ItemKind
  text?: string
  url?: string
  app_id?: string
  page?: string
  phone?: string
  keyword?: string
  form_id?: number | null
  team_id?: number | null
  items?: Item[]
}

export interface Definition {
  items: Item[]
  greeting?: string
  button?: string
  title?: string
  image_media_id?: number | null
}

export const definitionOf = (menu: { definition: Record<string, unknown> }) =>
  menu.definition as unknown as Definition

/** Every entry of both levels. */
export const walk = ({ items }: Definition): Item[] => items.flatMap((item) => [item, ...(item.items ?? [])])

/** A new entry; its id stays when its label changes. */
export const newItem = (): Item => ({
  id: crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36) ?? 'a',
  label: '',
  kind: 'reply',
  text: '',
})
