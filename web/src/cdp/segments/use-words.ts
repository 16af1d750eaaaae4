import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useWorkspace } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import { useUnitText } from '@/kernel/traits'
import { NOTHING_KNOWN, type Vocabulary } from './builder/vocabulary'
import { vocabularyQuery } from './queries'
import type { Names, Words } from './sentence/words'

const namesOf = (vocabulary: Vocabulary, unitText: (unit: string) => string): Names => {
  const { segments, lists, sources, tag_labels: tagLabels } = vocabulary
  const traits = new Map(vocabulary.traits.map((trait) => [trait.name, trait]))
  const layers = new Map(vocabulary.layers.map((layer) => [layer.name, layer]))
  return {
    segment: (id) => segments.find((each) => each.segment_id === id)?.name,
    list: (id) => lists.find((each) => each.list_id === id)?.name,
    source: (slug) => sources.find((each) => each.slug === slug)?.name || undefined,
    trait: (name) => traits.get(name)?.label || undefined,
    option: (name, value) =>
      traits.get(name)?.options.find((option) => option.value === value)?.label || undefined,
    unit: (name) => unitText(traits.get(name)?.unit ?? '') || undefined,
    tag: (tag) => tagLabels[tag] || undefined,
    layer: (key) => layers.get(key)?.label || undefined,
    layerClass: (key, name) => layers.get(key)?.class_labels[name] || undefined,
  }
}

/** What sentences are made with, in the language on screen and with the workspace's own names. */
export const useWords = (): Words => {
  const t = useT()
  const word = useWord()
  const format = useFormats()
  const unitText = useUnitText()
  const currency = useWorkspace()?.reporting_currency ?? 'CNY'
  const { data = NOTHING_KNOWN } = useQuery(vocabularyQuery)
  return useMemo(
    () => ({ t, word, format, currency, names: namesOf(data, unitText) }),
    [t, word, format, currency, data, unitText],
  )
}
