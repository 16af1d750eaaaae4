import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { useT } from '@/kernel/i18n'
import { Panel, Refusal, Segmented } from '@/kernel/ui'
import { Faces } from './faces'
import type words from './locales/en.json'
import styles from './menus.module.css'
import { previewQuery } from './queries'
import { type Compiled, type Definition, type Fault, type ItemKind, type Surface, walk } from './types'

const SURFACES: readonly Surface[] = [
  'wechat_oa',
  'douyin',
  'telegram',
  'line',
  'whatsapp',
  'tiktok',
  'webchat',
  'email',
]

type Words = typeof words
type FaultCode = keyof Words['fault']

const FaultLine = ({ fault, definition }: { fault: Fault; definition: Definition }) => {
  const t = useT()
  const label = walk(definition).find(({ id }) => id === fault.item)?.label
  const { most, have, unit, kind } = fault.detail as {
    most?: number
    have?: number
    unit?: keyof Words['unit']
    kind?: ItemKind
  }
  const words = t(`operate.menus.fault.${fault.code as FaultCode}`, {
    most: most ?? 0,
    have: have ?? 0,
    unit: unit ? t(`operate.menus.unit.${unit}`) : '',
    kind: kind ? t(`operate.menus.kind.${kind}`) : '',
  })
  return (
    <li className={styles[fault.severity]}>
      {label ? <strong>{label}: </strong> : null}
      {words}
    </li>
  )
}

const worst = ({ faults }: Compiled) =>
  (['error', 'warning'] as const).find((severity) => faults.some((fault) => fault.severity === severity))

/** What becomes of the menu on each platform, before it is published. */
export const Previews = ({ definition, menuId }: { definition: Definition; menuId: number }) => {
  const t = useT()
  const [surface, setSurface] = useState<Surface>('wechat_oa')
  const asked = useDeferredValue(definition)
  const query = useQuery(previewQuery(asked, menuId))
  const compiled = query.data?.items.find((each) => each.surface === surface)
  const options = SURFACES.map((value) => {
    const found = query.data?.items.find((each) => each.surface === value)
    const mark = found ? worst(found) : undefined
    return {
      value,
      label: (
        <span className={styles.tab}>
          {t(`operate.menus.surface.${value}`)}
          {mark ? <span className={styles[`dot_${mark}`]} title={t(`operate.menus.mark.${mark}`)} /> : null}
        </span>
      ),
    }
  })
  return (
    <div className={styles.aside}>
      <Panel title={t('operate.menus.preview')} note={t('operate.menus.previewNote')}>
        <div className={styles.stack}>
          <div className={styles.tabs}>
            <Segmented value={surface} options={options} onChange={setSurface} size="small" />
          </div>
          <Refusal error={query.error} />
          {compiled && !query.error ? (
            <>
              <Faces surface={surface} definition={asked} />
              {compiled.faults.length > 0 ? (
                <ul className={styles.faults}>
                  {compiled.faults.map((fault) => (
                    <FaultLine key={`${fault.code}.${fault.item}`} fault={fault} definition={asked} />
                  ))}
                </ul>
              ) : (
                <p className={styles.hint}>{t('operate.menus.fits')}</p>
              )}
            </>
          ) : null}
        </div>
      </Panel>
    </div>
  )
}
