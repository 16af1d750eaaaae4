import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ApiError, api, type IdentityNode, type Person, unwrap } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import { Alert, Button, Checkbox, Modal, useNotice } from '@/kernel/ui'
import { UnmergeIcon } from '@/kernel/ui/icons'
import { forgetPeople } from '../queries'
import { homesToPart } from './homes'
import styles from './identity.module.css'

interface UnmergeDialogProps {
  person: Person
  nodes: IdentityNode[]
}

/** Choose the identifiers that belong to somebody else, and give them their own person back. */
export const UnmergeDialog = ({ person, nodes }: UnmergeDialogProps) => {
  const t = useT()
  const word = useWord()
  const format = useFormats()
  const notice = useNotice()
  const navigate = useNavigate()
  const [isOpen, setIsOpen] = useState(false)
  const [chosen, setChosen] = useState<number[]>([])
  const homes = homesToPart(nodes)
  const isAll = chosen.length === homes.length

  const part = useMutation({
    mutationFn: () =>
      unwrap(
        api.POST('/api/people/{person_id}/unmerge', {
          params: { path: { person_id: person.id } },
          body: { home_ids: chosen },
        }),
      ),
    onSuccess: async ({ person_ids }) => {
      close()
      await forgetPeople()
      notice.success(t('cdp.people.unmerge.done', { count: person_ids.length }))
      await navigate({ to: '/people/$personId', params: { personId: String(person.id) } })
    },
  })
  const close = () => {
    setIsOpen(false)
    setChosen([])
    part.reset()
  }
  return (
    <>
      <Button icon={<UnmergeIcon />} onClick={() => setIsOpen(true)}>
        {t('cdp.people.unmerge.action')}
      </Button>
      <Modal
        open={isOpen}
        onCancel={close}
        title={t('cdp.people.unmerge.title')}
        okText={t('cdp.people.unmerge.verb')}
        okButtonProps={{ disabled: chosen.length === 0 || isAll, loading: part.isPending }}
        onOk={() => part.mutate()}
        destroyOnHidden
      >
        <p className={styles.text}>{t('cdp.people.unmerge.text')}</p>
        <Checkbox.Group
          value={chosen}
          onChange={(values) => setChosen(values.map(Number))}
          className={styles.homes}
        >
          {homes.map(({ id, identifiers, firstSeenAt }) => (
            <Checkbox key={id} value={id} className={styles.home}>
              {identifiers.map(({ kind, value }) => (
                <span key={`${kind} ${value}`} className={styles.identifier}>
                  <span className={styles.kind}>{word('cdp.people.kind', kind)}</span> {value}
                </span>
              ))}
              <span className={styles.personSub}>
                {t('cdp.people.unmerge.since', { at: format.instant(firstSeenAt, 'date') })}
              </span>
            </Checkbox>
          ))}
        </Checkbox.Group>
        {isAll ? <Alert type="warning" title={t('cdp.people.unmerge.all')} /> : null}
        {part.error ? (
          <Alert
            role="alert"
            type="error"
            title={part.error.message || t('kernel.ui.failed')}
            description={part.error instanceof ApiError ? part.error.hint : undefined}
          />
        ) : null}
      </Modal>
    </>
  )
}
