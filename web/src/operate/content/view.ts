import type { Schemas } from '@/kernel/api'

export type TemplateItem = Schemas['TemplateItem']
export type Template = Schemas['TemplateDetail']
export type Content = Schemas['ContentContent']
export type Wording = Schemas['ContentWording']
export type Mail = Schemas['ContentMail']
export type Block = Mail['blocks'][number]
export type InnerBlock = Schemas['ContentColumnsBlock']['columns'][number][number]
export type Part = Wording['parts'][number]
export type Issue = Schemas['Issue']
export type Word = Schemas['Word']
export type MediaItem = Schemas['MediaItem']

export const CHANNELS = [
  'email',
  'wechat_oa',
  'wecom',
  'douyin',
  'sms',
  'telegram',
  'whatsapp',
  'line',
  'tiktok',
  'webpush',
  'webchat',
] as const
export type Channel = (typeof CHANNELS)[number]

export const LANGUAGES = ['zh-CN', 'en', 'zh-TW', 'ja', 'ko', 'es', 'fr', 'de'] as const
export const isLanguage = (name: string): name is (typeof LANGUAGES)[number] =>
  (LANGUAGES as readonly string[]).includes(name)

export const ISSUE_CODES = [
  'bad_liquid',
  'unknown_variable',
  'unknown_trait',
  'no_subject',
  'shouting',
  'long_subject',
  'no_preheader',
  'bad_blocks',
  'clipped',
  'heavy_images',
  'images_only',
  'no_unsubscribe',
  'no_address',
  'unsafe_html',
  'no_alt',
  'no_picture',
  'no_link',
  'plain_http',
  'bad_link',
  'shortener',
  'spam_words',
  'empty',
  'not_carried',
  'too_long',
  'language_missing',
] as const
export const isIssueCode = (code: string): code is (typeof ISSUE_CODES)[number] =>
  (ISSUE_CODES as readonly string[]).includes(code)

export const BLOCK_TYPES = [
  'text',
  'image',
  'button',
  'products',
  'coupon',
  'divider',
  'columns',
  'footer',
] as const
export type BlockType = (typeof BLOCK_TYPES)[number]
export const INNER_TYPES = ['text', 'image', 'button', 'divider'] as const

/** A new block with something in it that says what it is for. */
export const newBlock = (type: BlockType, language = ''): Block => {
  switch (type) {
    case 'text':
      return { type, text: '', align: 'left', size: 'normal' }
    case 'image':
      return { type, url: '', media_id: null, alt: '', link: '', width: 100, size_bytes: null }
    case 'button':
      return { type, label: '', url: '', align: 'center' }
    case 'products':
      return { type, items: [], most: 4, columns: 2, label: '' }
    case 'coupon':
      return { type, title: '', code: '{{ coupon.code }}', text: '', label: '', url: '' }
    case 'divider':
      return { type, is_blank: false, height: 16 }
    case 'columns':
      return { type, columns: [[newBlock('text') as InnerBlock], [newBlock('text') as InnerBlock]] }
    case 'footer':
      return {
        type,
        text: '',
        unsubscribe: language.startsWith('zh') ? '退订' : 'Unsubscribe',
        preferences: '',
      }
  }
}

/** A list with one thing elsewhere. */
export const moved = <Item>(items: Item[], from: number, to: number): Item[] => {
  const rest = items.filter((_, index) => index !== from)
  const [item] = items.slice(from, from + 1)
  return item === undefined || to < 0 || to >= items.length
    ? items
    : [...rest.slice(0, to), item, ...rest.slice(to)]
}

/** A list with one thing in the place of another. */
export const replaced = <Item>(items: Item[], at: number, item: Item): Item[] =>
  items.map((each, index) => (index === at ? item : each))

/** The content with another wording of a variant in a language; none: without it. */
export const withWording = (content: Content, key: string, language: string, wording?: Wording): Content => ({
  ...content,
  variants: content.variants.map((variant) => {
    if (variant.key !== key) return variant
    const { [language]: _, ...others } = variant.wordings
    return { ...variant, wordings: wording ? { ...variant.wordings, [language]: wording } : others }
  }),
})

/** The letter for one more variant. */
export const nextKey = (content: Content): string => {
  const taken = new Set(content.variants.map(({ key }) => key))
  return [...'ABCDEFGHIJ'].find((letter) => !taken.has(letter)) ?? ''
}
