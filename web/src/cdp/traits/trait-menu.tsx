import { useT } from '@/kernel/i18n'
import { useTraitName } from '@/kernel/traits'
import { Button, Dropdown, useNarrow, useNotice, useUndo } from '@/kernel/ui'
import { MoreIcon } from '@/kernel/ui/icons'
import { createTrait, deleteTrait, fieldsOf, forgetTraits } from './queries'
import { useTraitTools } from './tools'
import type { Trait } from './view'

/** Take a trait's definition away: at once and with an undo, unless a segment asks about what it works out. */
const useRemoval = () => {
  const t = useT()
  const notice = useNotice()
  const offerUndo = useUndo()
  const nameOf = useTraitName()
  const { usesOf } = useTraitTools()
  return (trait: Trait) => {
    const name = nameOf(trait)
    const remove = async () => {
      try {
        await deleteTrait(trait.name)
      } catch (error) {
        notice.error(error instanceof Error && error.message ? error.message : t('kernel.ui.failed'))
        return
      }
      await forgetTraits()
      offerUndo({
        text: t(trait.formula ? 'cdp.traits.remove.doneComputed' : 'cdp.traits.remove.done', { name }),
        undo: async () => {
          await createTrait(fieldsOf(trait))
          await forgetTraits()
        },
      })
    }
    const uses = trait.formula ? usesOf(trait.name) : []
    if (uses.length === 0) return void remove()
    notice.warning(t('cdp.traits.remove.uses', { name, names: uses.join(t('cdp.traits.listSeparator')) }))
  }
}

interface TraitMenuProps {
  trait: Trait
  onOpen: (trait: Trait) => void
}

/** What can be done with a trait. */
export const TraitMenu = ({ trait, onOpen }: TraitMenuProps) => {
  const t = useT()
  const nameOf = useTraitName()
  const remove = useRemoval()
  const isNarrow = useNarrow()
  const { origin } = trait
  // On a phone there is no room for the word; the name itself opens the form.
  if (origin === 'score' || (origin === 'observed' && isNarrow)) return null
  if (origin === 'observed') {
    return (
      <Button
        type="text"
        aria-label={t('cdp.traits.defineNamed', { name: nameOf(trait) })}
        onClick={() => onOpen(trait)}
      >
        {t('cdp.traits.define')}
      </Button>
    )
  }
  const items = [
    { key: 'edit', label: t('cdp.traits.edit'), onClick: () => onOpen(trait) },
    { key: 'remove', label: t('cdp.traits.remove.action'), danger: true, onClick: () => remove(trait) },
  ]
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
      <Button
        type="text"
        icon={<MoreIcon />}
        aria-haspopup="menu"
        aria-label={t('cdp.traits.moreOf', { name: nameOf(trait) })}
      />
    </Dropdown>
  )
}
