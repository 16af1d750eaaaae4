import type { FlowsReport, KnownDomain } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { color, domainTextColor, fontReadout, fontText } from '@/kernel/ui'
import { crossed, touched } from '../flow-figures'

interface DomainLabelProps {
  domain: KnownDomain
  flows: FlowsReport
  x: number
  y: number
  anchor: 'start' | 'end'
}

/** A domain's name, whom it touched, and for a wing what crossed to the fuselage and back. */
export const DomainLabel = ({ domain, flows, x, y, anchor }: DomainLabelProps) => {
  const t = useT()
  const format = useFormats()
  const note =
    domain === 'private'
      ? t('measure.cockpit.plane.touched')
      : t('measure.cockpit.plane.exchange', {
          over: format.compact(crossed(flows, domain, 'private')),
          back: format.compact(crossed(flows, 'private', domain)),
        })
  return (
    <g textAnchor={anchor} fontFamily={fontText}>
      <text x={x} y={y} fontSize="13" fontWeight="600" fill={domainTextColor[domain]}>
        {t(`kernel.domain.${domain}`)}
      </text>
      <text x={x} y={y + 24} fontSize="20" fontFamily={fontReadout} fill={color.ink}>
        {format.compact(touched(flows, domain))}
      </text>
      <text x={x} y={y + 43} fontSize="12" fill={color.muted}>
        {note}
      </text>
    </g>
  )
}
