import { color } from '@/kernel/ui'

interface BarMarkProps {
  from: number
  to: number
  y: number
  height: number
  tint: string
  /** The interval spans zero: drawn hollow and dashed. */
  isOpen?: boolean
}

/** A bar between two places, whichever is further left. */
export const BarMark = ({ from, to, y, height, tint, isOpen = false }: BarMarkProps) => (
  <rect
    x={Math.min(from, to) + 0.5}
    y={y + 0.5}
    width={Math.max(1.5, Math.abs(to - from) - 1)}
    height={height - 1}
    rx="2"
    fill={isOpen ? '#fff' : tint}
    stroke={tint}
    strokeDasharray={isOpen ? '4 3' : undefined}
  />
)

/** A 95 % interval: a line with caps. */
export const Whisker = ({ low, high, y }: { low: number; high: number; y: number }) => (
  <path
    d={`M${low} ${y - 5}v10M${low} ${y}H${high}M${high} ${y - 5}v10`}
    stroke={color.ink}
    strokeWidth="1.5"
    fill="none"
  />
)

/** What last touch credits: a ring, for it proves nothing. */
export const CreditMark = ({ x, y }: { x: number; y: number }) => (
  <circle
    cx={x}
    cy={y}
    r="4.5"
    fill="#fff"
    stroke={color.secondary}
    strokeWidth="1.5"
    strokeDasharray="2 1.5"
  />
)

/** What the world knows: a diamond. */
export const TruthMark = ({ x, y }: { x: number; y: number }) => (
  <path d={`M${x} ${y - 5.5}l5.5 5.5l-5.5 5.5l-5.5 -5.5z`} fill={color.ink} stroke="#fff" />
)
