import { Link } from '@tanstack/react-router'
import type { StageCount } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { color, fontReadout, fontText, stageColor } from '@/kernel/ui'
import styles from './aeroplane.module.css'
import { COLUMNS, seatFills } from './seats'

export const CABIN_WIDTH = 152
export const CABIN_HEIGHT = 100

const PITCH = 13.5
const SEAT = 10
const AISLE = 6
const LEFT = 10
const TOP = 36

/** Boarding order: seats fill from the door at the back, four to a row. */
const placeOf = (seat: number, rows: number) => {
  const column = Math.floor(seat / rows)
  const row = seat % rows
  return { x: LEFT + column * PITCH, y: TOP + row * PITCH + (row >= rows / 2 ? AISLE : 0) }
}

interface SeatProps {
  x: number
  y: number
  fill: number
  tint: string
}

const Seat = ({ x, y, fill, tint }: SeatProps) => (
  <>
    <rect
      x={x}
      y={y}
      width={SEAT}
      height={SEAT}
      rx="2.6"
      fill="#fff"
      stroke={fill > 0 ? tint : '#C3CED4'}
      strokeWidth="1"
    />
    {fill > 0 ? (
      <rect
        x={x}
        y={y}
        width={Math.max(2, SEAT * fill)}
        height={SEAT}
        rx={fill > 0.5 ? 2.6 : 1}
        fill={tint}
      />
    ) : null}
  </>
)

interface CabinProps {
  stage: StageCount
  x: number
  y: number
  perSeat: number
}

/** One stage as a cabin: its seats are filled by those who have come that far. */
export const Cabin = ({ stage, x, y, perSeat }: CabinProps) => {
  const t = useT()
  const format = useFormats()
  const name = t(`kernel.stage.${stage.stage}`)
  const fills = seatFills(stage.people, perSeat)
  const rows = fills.length / COLUMNS
  return (
    <Link to="/people" search={{ stage: stage.stage }} className={styles.part}>
      <g transform={`translate(${x} ${y})`}>
        <rect
          className={styles.shape}
          width={CABIN_WIDTH}
          height={CABIN_HEIGHT}
          rx="6"
          fill={color.bg}
          stroke={color.line}
        />
        <text x={LEFT} y="22" fontFamily={fontText} fontSize="12.5" fontWeight="500" fill={color.ink}>
          {name}
        </text>
        <text
          x={CABIN_WIDTH - LEFT}
          y="22"
          textAnchor="end"
          fontFamily={fontReadout}
          fontSize="13"
          fill={color.ink}
        >
          {format.compact(stage.people)}
        </text>
        {fills.map((fill, seat) => {
          const { x: left, y: top } = placeOf(seat, rows)
          return <Seat key={`${left}-${top}`} x={left} y={top} fill={fill} tint={stageColor[stage.stage]} />
        })}
      </g>
    </Link>
  )
}
