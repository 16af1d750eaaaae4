import { useNavigate } from '@tanstack/react-router'
import { api, type Person, unwrap } from '@/kernel/api'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, useConfirm, useNotice } from '@/kernel/ui'
import { DeleteIcon, ExportIcon } from '@/kernel/ui/icons'
import { nameOf } from './naming'
import { forgetPeople } from './queries'

/** What can be done about a person as a whole. */
export const PersonMenu = ({ person }: { person: Person }) => {
  const t = useT()
  const confirm = useConfirm()
  const notice = useNotice()
  const navigate = useNavigate()
  const canErase = useCan('erasure:write')

  const erase = async () => {
    await unwrap(api.DELETE('/api/people/{person_id}', { params: { path: { person_id: person.id } } }))
    await navigate({ to: '/people' })
    await forgetPeople()
    notice.success(t('cdp.people.erase.done'))
  }

  const name = nameOf(person) ?? t('cdp.people.unnamed', { id: String(person.id) })
  const ask = () =>
    confirm({
      title: t('cdp.people.erase.title', { name }),
      content: t('cdp.people.erase.text'),
      verb: t('cdp.people.erase.verb'),
      isDangerous: true,
      act: erase,
    })
  return (
    <>
      <Button
        type="text"
        icon={<ExportIcon aria-hidden="true" />}
        href={`/api/people/${person.id}/disclosure`}
        download
        title={t('cdp.people.disclose.hint')}
      >
        {t('cdp.people.disclose.action')}
      </Button>
      {canErase ? (
        <Button type="text" danger icon={<DeleteIcon />} onClick={ask}>
          {t('cdp.people.erase.action')}
        </Button>
      ) : null}
    </>
  )
}
