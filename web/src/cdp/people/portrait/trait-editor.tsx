import { useMutation } from '@tanstack/react-query'
import { type KeyboardEvent, useState } from 'react'
import { ApiError, queryClient } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import type { Shape } from '@/kernel/traits'
import { Button, useUndo } from '@/kernel/ui'
import styles from './portrait.module.css'
import { forgetPerson, personTraitsQuery, sayTrait } from './queries'
import { TraitInput } from './trait-input'

interface TraitEditorProps {
  personId: number
  name: string
  title: string
  shape: Shape
  /** What is known now; undefined where nothing is. */
  value: unknown
  onClose: () => void
}

const isBlank = (value: unknown) =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

/** A trait written in its place: Enter saves, Escape leaves it, and what was saved can be taken back. */
export const TraitEditor = ({ personId, name, title, shape, value, onClose }: TraitEditorProps) => {
  const t = useT()
  const offerUndo = useUndo()
  const [draft, setDraft] = useState(value)
  const say = async (next: unknown) => {
    const known = await sayTrait(personId, name, next)
    queryClient.setQueryData(personTraitsQuery(personId).queryKey, known)
    await forgetPerson(personId)
  }
  const saving = useMutation({
    mutationFn: say,
    onSuccess: (_, next) => {
      onClose()
      offerUndo({
        text: t(isBlank(next) ? 'cdp.people.trait.gone' : 'cdp.people.trait.saved', { name: title }),
        undo: () => say(value ?? null),
      })
    },
  })
  const save = () => {
    const next = isBlank(draft) ? null : typeof draft === 'string' ? draft.trim() : draft
    const isSame = JSON.stringify(next ?? null) === JSON.stringify(value ?? null)
    if (isSame) onClose()
    else saving.mutate(next)
  }
  const leave = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onClose()
  }
  const { error } = saving
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape is heard on its way from the control.
    <div className={styles.traitEditor} onKeyDown={leave}>
      <TraitInput label={title} shape={shape} value={draft} onChange={setDraft} onSave={save} />
      <span className={styles.traitVerbs}>
        <Button type="primary" size="small" loading={saving.isPending} onClick={save}>
          {t('cdp.people.trait.save')}
        </Button>
        <Button size="small" onClick={onClose}>
          {t('kernel.ui.cancel')}
        </Button>
        {isBlank(value) ? null : (
          <Button size="small" type="text" disabled={saving.isPending} onClick={() => saving.mutate(null)}>
            {t('cdp.people.trait.clear')}
          </Button>
        )}
      </span>
      {error ? (
        <p role="alert" className={styles.fault}>
          {error.message || t('kernel.ui.failed')} {error instanceof ApiError ? error.hint : null}
        </p>
      ) : null}
    </div>
  )
}
