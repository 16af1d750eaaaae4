import { useMemo } from 'react'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { useTraitName, useUnitText } from '@/kernel/traits'
import { type Column, Nothing, ShareBar, Tooltip, useNarrow } from '@/kernel/ui'
import { HistoryIcon } from '@/kernel/ui/icons'
import { OriginMark } from './origin-mark'
import { useTraitTools } from './tools'
import { TraitMenu } from './trait-menu'
import styles from './traits.module.css'
import type { Trait } from './view'

interface ColumnsInput {
  everybody: number
  canWrite: boolean
  onOpen: (trait: Trait) => void
}

/** What a trait's values look like: the type with its unit, or how many options there are. */
const Shape = ({ trait }: { trait: Trait }) => {
  const t = useT()
  const unitText = useUnitText()
  const { type, unit, options, origin } = trait
  if (origin === 'observed' && options.length === 0 && !unit) {
    return <span className={styles.muted}>{t(`cdp.traits.type.${type}`)}</span>
  }
  const beside =
    unitText(unit) || (options.length > 0 ? t('cdp.traits.options', { count: options.length }) : '')
  const told = options.map(({ value, label }) => label || value).join(t('cdp.traits.listSeparator'))
  return (
    <span title={told || undefined}>
      {t(`cdp.traits.type.${type}`)}
      {beside ? <span className={styles.muted}> · {beside}</span> : null}
    </span>
  )
}

const Told = ({ trait }: { trait: Trait }) => {
  const t = useT()
  const { say } = useTraitTools()
  const sentence = trait.formula ? say(trait.formula) : trait.description
  return (
    <span className={styles.told}>
      <span className={styles.toldHead}>
        <OriginMark origin={trait.origin} />
        {trait.status !== 'ready' ? (
          <span className={styles.status} data-status={trait.status}>
            {t(`cdp.traits.status.${trait.status}`)}
          </span>
        ) : null}
        {trait.keeps_history && trait.origin !== 'observed' ? (
          <Tooltip title={t('cdp.traits.keepsHistory')}>
            <HistoryIcon role="img" aria-label={t('cdp.traits.keepsHistory')} className={styles.muted} />
          </Tooltip>
        ) : null}
      </span>
      {sentence ? (
        <span className={styles.sentence} title={sentence}>
          {sentence}
        </span>
      ) : null}
    </span>
  )
}

const Misfits = ({ count }: { count: number }) => {
  const t = useT()
  const format = useFormats()
  if (count === 0) return null
  return (
    <Tooltip title={t('cdp.traits.misfitsHint')}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what the hint says must be reachable by the keyboard. */}
      <span className={styles.misfits} tabIndex={0}>
        ▲ {t('cdp.traits.misfits', { count, shown: format.count(count) })}
      </span>
    </Tooltip>
  )
}

/** The columns of the list of traits; two lines a trait. */
export const useTraitColumns = ({ everybody, canWrite, onOpen }: ColumnsInput): Column<Trait>[] => {
  const t = useT()
  const format = useFormats()
  const nameOf = useTraitName()
  const isNarrow = useNarrow()
  return useMemo(
    () => [
      {
        key: 'name',
        title: t('cdp.traits.column.name'),
        width: isNarrow ? undefined : 220,
        render: (trait) => (
          <span className={styles.name} data-raw={nameOf(trait) === trait.name || undefined}>
            {canWrite && trait.origin !== 'score' ? (
              <button type="button" className={styles.open} onClick={() => onOpen(trait)}>
                {nameOf(trait)}
              </button>
            ) : (
              <span className={styles.plainName}>{nameOf(trait)}</span>
            )}
            {nameOf(trait) === trait.name ? null : <code className={styles.key}>{trait.name}</code>}
          </span>
        ),
      },
      {
        key: 'shape',
        title: t('cdp.traits.column.type'),
        width: 176,
        isWideOnly: true,
        render: (trait) => <Shape trait={trait} />,
      },
      {
        key: 'told',
        title: t('cdp.traits.column.told'),
        isWideOnly: true,
        render: (trait) => <Told trait={trait} />,
      },
      {
        key: 'people',
        title: t('cdp.traits.column.people'),
        width: isNarrow ? 150 : 230,
        render: ({ people, misfits, status }) =>
          people === null || (status === 'building' && people === 0) ? (
            <Nothing />
          ) : (
            <span className={styles.coverage}>
              <ShareBar share={everybody > 0 ? people / everybody : 0} figuresWidth={isNarrow ? 44 : 104}>
                {isNarrow ? '' : `${format.count(people)} · `}
                {format.share(everybody > 0 ? people / everybody : 0)}
              </ShareBar>
              <Misfits count={misfits ?? 0} />
            </span>
          ),
      },
      ...(canWrite
        ? [
            {
              key: 'menu',
              title: t('cdp.traits.column.menu'),
              width: isNarrow ? 64 : 116,
              render: (trait: Trait) => <TraitMenu trait={trait} onOpen={onOpen} />,
            },
          ]
        : []),
    ],
    [t, format, nameOf, isNarrow, everybody, canWrite, onOpen],
  )
}
