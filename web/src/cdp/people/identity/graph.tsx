import type { Identity } from '@/kernel/api'
import { shorten, useWidth } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import { color, fontText, stageColor } from '@/kernel/ui'
import { heightFor, placeNodes, type Spot, type Tie, tiesBetween } from './layout'

const TOP = 12
const BOTTOM = 44
const LEAST_WIDTH = 300

/** How strongly a kind of identifier says who somebody is: darker says more. */
const tintOf = (kind: string): string => {
  if (kind === 'anonymous_id' || kind === 'device_id') return stageColor.introduce
  return kind === 'user_id' || kind === 'external_id' ? stageColor.repurchase : stageColor.convert
}

const Line = ({ tie: { from, to, edge } }: { tie: Tie }) => {
  const word = useWord()
  const bend = (from.x + to.x) / 2
  // Most ties come from events; only the others are worth a word.
  const label = edge && edge.origin !== 'event' ? word('cdp.people.origin', edge.origin) : null
  const tint = edge?.is_cut ? color.uncertain : edge ? color.primary : '#A9C6C0'
  return (
    <g>
      <path
        d={`M${from.x} ${from.y}C${bend} ${from.y} ${bend} ${to.y} ${to.x} ${to.y}`}
        fill="none"
        stroke={tint}
        strokeWidth="1.5"
        strokeDasharray={edge?.is_cut ? '4 4' : undefined}
      />
      {label ? (
        <text
          x={bend}
          y={(from.y + to.y) / 2 + 4}
          textAnchor="middle"
          fontFamily={fontText}
          fontSize="11"
          fill={color.secondary}
          stroke="#fff"
          strokeWidth="4"
          paintOrder="stroke"
        >
          {label}
        </text>
      ) : null}
    </g>
  )
}

const Dot = ({ spot: { node, x, y, side }, room }: { spot: Spot; room: number }) => {
  const t = useT()
  const word = useWord()
  const format = useFormats()
  const isBelow = side === 'below'
  const anchor = isBelow ? 'middle' : side === 'right' ? 'start' : 'end'
  const left = isBelow ? x : side === 'right' ? x + 16 : x - 16
  const top = isBelow ? y + 28 : y - 3
  return (
    <g fontFamily={fontText} textAnchor={anchor}>
      <title>{`${node.value} · ${t('cdp.people.identity.firstSeen')} ${format.instant(node.first_seen_at)}`}</title>
      <circle cx={x} cy={y} r={isBelow ? 12 : 8} fill={tintOf(node.kind)} stroke="#fff" strokeWidth="2" />
      <text x={left} y={top} fontSize="12" fill={color.muted}>
        {word('cdp.people.kind', node.kind)}
      </text>
      <text x={left} y={top + 17} fontSize="13" fill={color.ink}>
        {shorten(node.value, room)}
      </text>
    </g>
  )
}

/** Identifiers and what ties them together; ties that were cut are dashed. */
export const Graph = ({ identity }: { identity: Identity }) => {
  const { nodes, edges } = identity
  const t = useT()
  const [place, measured] = useWidth<HTMLDivElement>()
  const width = Math.max(LEAST_WIDTH, measured)
  const height = heightFor(nodes)
  const spots = placeNodes(identity, width)
  return (
    <div ref={place} style={{ minHeight: TOP + height + BOTTOM }}>
      {measured > 0 ? (
        <svg
          width={width}
          height={TOP + height + BOTTOM}
          role="img"
          aria-label={t('cdp.people.identity.label')}
          data-figure=""
        >
          <g transform={`translate(0 ${TOP})`}>
            {tiesBetween(spots, edges).map((tie) => (
              <Line
                key={`${tie.from.node.kind}${tie.from.node.value} ${tie.to.node.kind}${tie.to.node.value}`}
                tie={tie}
              />
            ))}
            {spots.map((spot) => (
              <Dot key={`${spot.node.kind} ${spot.node.value}`} spot={spot} room={width * 0.3 - 20} />
            ))}
          </g>
        </svg>
      ) : null}
    </div>
  )
}
