import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { queryClient } from '@/kernel/api'
import { useCan } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Button, Loaded, Panel, Popover, TagChip, useNotice, useUndo } from '@/kernel/ui'
import { HistoryIcon } from '@/kernel/ui/icons'
import { forgetPeople } from '../queries'
import styles from './portrait.module.css'
import { changeTags, type PersonTag, personTagsQuery } from './queries'
import { useSourceText } from './source-text'
import { TagAdder } from './tag-adder'
import { TagHistory } from './tag-history'

/** Who gave a tag, when and why, and until when it stays. */
const Told = ({ tag }: { tag: PersonTag }) => {
  const t = useT()
  const format = useFormats()
  const sourceText = useSourceText()
  const { origin, tagged_by: by, tagged_at: at, reason, expires_at: until } = tag
  const who = by ? sourceText(by) : t(`cdp.people.tags.origin.${origin}`)
  return (
    <div className={styles.tagTold}>
      <p>
        {t(`cdp.people.tags.origin.${origin}`)}
        {who === t(`cdp.people.tags.origin.${origin}`) ? '' : ` · ${who}`}
      </p>
      <p className={styles.none}>{format.instant(at)}</p>
      {reason ? <p>{t('cdp.people.tags.reasonIs', { reason })}</p> : null}
      {until ? <p>{t('cdp.people.tags.until', { at: format.instant(until) })}</p> : null}
      {origin === 'rule' ? <p className={styles.none}>{t('cdp.people.tags.ruled')}</p> : null}
    </div>
  )
}

/** Take tags off at once, and offer to put them back as they were. */
const useRemoval = (personId: number) => {
  const t = useT()
  const notice = useNotice()
  const offerUndo = useUndo()
  const { queryKey } = personTagsQuery(personId)
  return useMutation({
    mutationFn: ({ tag }: PersonTag) => changeTags(personId, { remove: [tag] }),
    onMutate: async ({ tag }) => {
      await queryClient.cancelQueries({ queryKey })
      const before = queryClient.getQueryData(queryKey)
      queryClient.setQueryData(queryKey, (known) =>
        known ? { ...known, items: known.items.filter((each) => each.tag !== tag) } : known,
      )
      return { before }
    },
    onError: (error, _, context) => {
      queryClient.setQueryData(queryKey, context?.before)
      notice.error(error.message || t('kernel.ui.failed'))
    },
    onSuccess: async (_, { tag, label, expires_at, reason }) => {
      offerUndo({
        text: t('cdp.people.tags.gone', { tag: label || tag }),
        undo: () => changeTags(personId, { add: [{ tag, expires_at, reason }] }).then(forgetPeople),
      })
      await forgetPeople()
    },
  })
}

/** The tags of a person: who gave them and why on hover, taken off with a click, given with a reason and an end. */
export const TagsPanel = ({ personId }: { personId: number }) => {
  const t = useT()
  const format = useFormats()
  const canEdit = useCan('people:write')
  const query = useQuery(personTagsQuery(personId))
  const remove = useRemoval(personId)
  const [isTelling, setIsTelling] = useState(false)
  return (
    <Panel
      title={t('cdp.people.column.tags')}
      actions={
        <Button
          type="text"
          icon={<HistoryIcon />}
          aria-label={t('cdp.people.tags.history')}
          title={t('cdp.people.tags.history')}
          onClick={() => setIsTelling(true)}
        />
      }
    >
      <Loaded query={query} height={32}>
        {({ items, history }) => (
          <>
            <div className={styles.tags}>
              {items.map((tag) => (
                <Popover key={tag.tag} content={<Told tag={tag} />} trigger={['hover', 'focus']}>
                  <span className={styles.chip}>
                    <TagChip
                      name={tag.label || tag.tag}
                      color={tag.color}
                      note={tag.expires_at ? format.ago(tag.expires_at) : null}
                      remove={
                        canEdit && tag.origin !== 'rule'
                          ? {
                              label: t('cdp.people.tags.remove', { tag: tag.label || tag.tag }),
                              act: () => remove.mutate(tag),
                            }
                          : undefined
                      }
                    />
                  </span>
                </Popover>
              ))}
              {items.length === 0 && !canEdit ? (
                <p className={styles.none}>{t('cdp.people.tags.none')}</p>
              ) : null}
              {canEdit ? <TagAdder personId={personId} worn={items.map(({ tag }) => tag)} /> : null}
            </div>
            {isTelling ? (
              <TagHistory items={items} history={history} onClose={() => setIsTelling(false)} />
            ) : null}
          </>
        )}
      </Loaded>
    </Panel>
  )
}
