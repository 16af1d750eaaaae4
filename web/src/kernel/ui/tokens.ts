import type { DomainName, StageName } from '@/kernel/api'

/** An instrument panel in daylight: colour only where it says which domain, or that money is lost. */
export const color = {
  rail: '#0E2A38',
  railActive: '#1D4A5D',
  railLine: '#24465A',
  railText: '#C9D8DF',
  bg: '#F3F6F7',
  panel: '#FFFFFF',
  line: '#DCE3E6',
  control: '#87969F',
  ink: '#14242E',
  secondary: '#4A5C66',
  muted: '#5F717C',
  primary: '#0B5A50',
  primarySoft: '#E6F0EE',
  public: '#1F74D1',
  commercial: '#CF7D10',
  commercialText: '#8A5606',
  publicText: '#1A62B2',
  waste: '#C94A30',
  wasteText: '#B23A22',
  uncertain: '#8A98A0',
} as const

export const domainColor: Readonly<Record<DomainName, string>> = {
  public: color.public,
  commercial: color.commercial,
  private: color.primary,
  unknown: color.uncertain,
}

export const domainTextColor: Readonly<Record<DomainName, string>> = {
  public: color.publicText,
  commercial: color.commercialText,
  private: color.primary,
  unknown: color.muted,
}

export const STAGES: readonly StageName[] = ['introduce', 'operate', 'convert', 'share', 'repurchase']

/** One hue in even steps: darker is further on board. */
export const stageColor: Readonly<Record<StageName, string>> = {
  introduce: '#9DBFD9',
  operate: '#6FA3C4',
  convert: '#4689AA',
  share: '#23708A',
  repurchase: '#0B5566',
}

/** The colors a tag can have; a few, so that they stay told apart. */
export const tagColor = {
  slate: '#6B7C86',
  blue: '#3568A8',
  teal: '#1F8A80',
  green: '#4E8A3A',
  amber: '#C08A12',
  orange: '#C96A1E',
  red: '#B8443A',
  pink: '#B8528A',
  purple: '#7A57A8',
  brown: '#84643F',
} as const

export type TagColor = keyof typeof tagColor

export const TAG_COLORS = Object.keys(tagColor) as TagColor[]

export const isTagColor = (value: unknown): value is TagColor =>
  typeof value === 'string' && value in tagColor

/** Ends of the retention scale. */
export const retentionScale = ['#EAF3F1', '#0B5A50'] as const

// No emoji font is named: where one lacks a Latin neighbour, it draws digits twice as wide.
export const fontText =
  "'Inter Variable','PingFang SC','HarmonyOS Sans SC','Microsoft YaHei','Noto Sans SC','Noto Sans CJK SC',sans-serif"
export const fontReadout = `'B612',${fontText}`
export const fontCode = "ui-monospace,'SF Mono','Cascadia Mono','DejaVu Sans Mono',Consolas,monospace"

/** Offer the tokens to style sheets as custom properties. */
export const applyTokens = () => {
  const root = document.documentElement.style
  const names = Object.entries(color)
  for (const [name, value] of names) {
    root.setProperty(`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, value)
  }
  root.setProperty('--font-text', fontText)
  root.setProperty('--font-readout', fontReadout)
  root.setProperty('--font-code', fontCode)
}
