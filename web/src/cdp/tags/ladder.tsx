import { type CSSProperties, useState } from 'react'
import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import { Button } from '@/kernel/ui'
import styles from './layers.module.css'
import { useRuleTools } from './tools'
import type { Layer, LayerClass, RuleBody } from './view'

const RFM = /^(\d)-(\d)$/
const MOST_RUNGS = 8

/** Rungs from light to dark: darker is higher. */
export const rungShade = (rung: number, rungs: number): string => {
  const share = rungs > 1 ? rung / (rungs - 1) : 1
  return `color-mix(in oklab, #9dbfd9 ${Math.round(100 * (1 - share))}%, #0b5566)`
}

/** What a layer and its classes are called; those built in have words in every language. */
export const useLayerWords = () => {
  const word = useWord()
  const builtIn = (key: string) => {
    const told = word('cdp.tags.builtIn', key)
    return told === key ? '' : told
  }
  return {
    name: ({ key, name, is_built_in: isBuiltIn }: Layer): string =>
      (isBuiltIn && builtIn(`${key}.name`)) || name,
    description: ({ key, description, is_built_in: isBuiltIn }: Layer): string =>
      (isBuiltIn && builtIn(`${key}.text`)) || description,
    className: (layer: Layer, { key, name }: LayerClass): string => {
      if (layer.key === 'stage') return word('kernel.stage', key)
      return name || (layer.key === 'rfm_tier' ? key.replace(RFM, 'R$1 · F$2') : key)
    },
  }
}

const Rung = ({ layer, each, most }: { layer: Layer; each: LayerClass; most: number }) => {
  const t = useT()
  const format = useFormats()
  const words = useLayerWords()
  const { say } = useRuleTools()
  const rung = layer.classes.indexOf(each)
  const style = {
    '--shade': rungShade(rung, layer.classes.length),
    '--length': `${most > 0 ? (100 * each.people) / most : 0}%`,
  } as CSSProperties
  const sentence = each.rule ? say(each.rule as unknown as RuleBody) : null
  return (
    <li className={styles.rung} style={style}>
      <span className={styles.rungName}>{words.className(layer, each)}</span>
      <span className={styles.track} aria-hidden="true">
        <span className={styles.fill} />
      </span>
      <span className={styles.people}>
        {t('cdp.tags.people', { count: each.people, shown: format.count(each.people) })}
      </span>
      {sentence ? (
        <span className={styles.rule} title={sentence}>
          {sentence}
        </span>
      ) : null}
    </li>
  )
}

/** The classes of a layer as rungs, the highest on top; bars to one straight scale. */
export const Ladder = ({ layer }: { layer: Layer }) => {
  const t = useT()
  const [isWhole, setIsWhole] = useState(layer.classes.length <= MOST_RUNGS)
  const most = Math.max(...layer.classes.map(({ people }) => people), 0)
  const rungs = layer.classes.toReversed()
  const hasRules = layer.classes.some(({ rule }) => rule !== null)
  return (
    <>
      <ol className={styles.ladder} data-ruled={hasRules || undefined}>
        {(isWhole ? rungs : rungs.slice(0, MOST_RUNGS)).map((each) => (
          <Rung key={each.key} layer={layer} each={each} most={most} />
        ))}
      </ol>
      {isWhole ? null : (
        <Button size="small" className={styles.all} onClick={() => setIsWhole(true)}>
          {t('cdp.tags.layers.all', { count: rungs.length })}
        </Button>
      )}
    </>
  )
}
