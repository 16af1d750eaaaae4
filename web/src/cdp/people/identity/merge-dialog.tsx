import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'
import { ApiError, api, type Person, type PersonRow, unwrap } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import { Alert, Button, Input, Modal, useNotice } from '@/kernel/ui'
import { MergeIcon, SearchIcon } from '@/kernel/ui/icons'
import { nameOf } from '../naming'
import { findPeopleQuery, forgetPeople } from '../queries'
import styles from './identity.module.css'
import { PersonChoice } from './person-choice'

/** Find the person this one also is, look at both, and make them one. */
export const MergeDialog = ({ person }: { person: Person }) => {
  const t = useT()
  const notice = useNotice()
  const navigate = useNavigate()
  const [isOpen, setIsOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState<PersonRow | null>(null)
  const found = useQuery({
    ...findPeopleQuery(useDeferredValue(typed.trim())),
    enabled: isOpen && typed.trim().length >= 2,
  })
  const others = found.data?.items.filter(({ id }) => id !== person.id) ?? []
  const name = (who: Person | PersonRow) => nameOf(who) ?? t('cdp.people.unnamed', { id: String(who.id) })

  const merge = useMutation({
    mutationFn: (other: PersonRow) =>
      unwrap(
        api.POST('/api/people/{person_id}/merge', {
          params: { path: { person_id: person.id } },
          body: { person_id: other.id },
        }),
      ),
    onSuccess: async () => {
      close()
      await forgetPeople()
      notice.success(t('cdp.people.merge.done'))
      // Any home of a merged person answers the living one, whichever id it now has.
      await navigate({ to: '/people/$personId', params: { personId: String(person.id) } })
    },
  })
  const close = () => {
    setIsOpen(false)
    setChosen(null)
    setTyped('')
    merge.reset()
  }
  return (
    <>
      <Button icon={<MergeIcon />} onClick={() => setIsOpen(true)}>
        {t('cdp.people.merge.action')}
      </Button>
      <Modal
        open={isOpen}
        onCancel={close}
        title={t('cdp.people.merge.title', { name: name(person) })}
        okText={t('cdp.people.merge.verb')}
        okButtonProps={{ disabled: chosen === null, loading: merge.isPending }}
        onOk={() => chosen && merge.mutate(chosen)}
        destroyOnHidden
      >
        <p className={styles.text}>{t('cdp.people.merge.text')}</p>
        <Input
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            setChosen(null)
          }}
          prefix={<SearchIcon aria-hidden="true" />}
          placeholder={t('cdp.people.list.search')}
          aria-label={t('cdp.people.list.search')}
          autoFocus
        />
        <PersonChoice people={others} chosen={chosen} onChoose={setChosen} isSearching={found.isFetching} />
        {typed.trim().length >= 2 && found.isSuccess && others.length === 0 ? (
          <p className={styles.none}>{t('cdp.people.list.noMatch')}</p>
        ) : null}
        {chosen ? (
          <Alert
            type="info"
            title={t('cdp.people.merge.summary', { one: name(person), other: name(chosen) })}
            style={{ marginTop: 12 }}
          />
        ) : null}
        {merge.error ? (
          <Alert
            role="alert"
            type="error"
            title={merge.error.message || t('kernel.ui.failed')}
            description={merge.error instanceof ApiError ? merge.error.hint : undefined}
            style={{ marginTop: 12 }}
          />
        ) : null}
      </Modal>
    </>
  )
}
