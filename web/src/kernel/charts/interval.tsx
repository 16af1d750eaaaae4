import { color } from '@/kernel/ui/tokens'
import { linear } from './axis'
import { useWidth } from './use-width'

const HEIGHT = 34
const MIDDLE = 17
const ROOM = 14
const tint = { helps: color.primary, harms: color.waste, unproven: color.uncertain, unknown: color.uncertain }

interface IntervalProps {
  state: keyof typeof tint
  estimate: number
  lower: number
  upper: number
  label: string
}

/** An effect and its interval against nothing: hollow while it may as well be nothing. */
export const Interval = ({ state, estimate, lower, upper, label }: IntervalProps) => {
  const [place, width] = useWidth<HTMLDivElement>()
  const x = linear([Math.min(0, lower), Math.max(0, upper)], [ROOM, Math.max(ROOM + 1, width - ROOM)])
  const isOpen = state === 'unproven'
  return (
    <div ref={place} style={{ height: HEIGHT }}>
      {width > 0 ? (
        <svg width={width} height={HEIGHT} role="img" aria-label={label}>
          <path d={`M0 ${MIDDLE}H${width}`} stroke={color.line} />
          <path d={`M${x(0)} 3V${HEIGHT - 3}`} stroke={color.secondary} strokeDasharray="3 2" />
          <path d={`M${x(lower)} ${MIDDLE}H${x(upper)}`} stroke={tint[state]} strokeWidth="3" />
          <path
            d={`M${x(lower)} ${MIDDLE - 6}v12M${x(upper)} ${MIDDLE - 6}v12`}
            stroke={tint[state]}
            strokeWidth="2"
          />
          <circle
            cx={x(estimate)}
            cy={MIDDLE}
            r="6"
            fill={isOpen ? '#fff' : tint[state]}
            stroke={tint[state]}
            strokeWidth="2"
          />
        </svg>
      ) : null}
    </div>
  )
}
