import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { useT } from '@/kernel/i18n'
import { EmptyState, Loaded, Page } from '@/kernel/ui'
import { Editor } from './editor'
import { segmentQuery, templatesQuery, vocabularyQuery } from './queries'
import { EMPTY_RULE } from './rule-field'
import { useTemplateWords } from './template-gallery'

const useAbove = () => {
  const t = useT()
  return (
    <>
      <Link to="/segments">{t('cdp.segments.title')}</Link> /
    </>
  )
}

/** A new segment: of one's own, from a template, or as a copy. */
export const NewSegmentPage = () => {
  const t = useT()
  const above = useAbove()
  const told = useTemplateWords()
  const { template: key, copy } = useSearch({ from: '/shell/segments/new' })
  const vocabulary = useQuery(vocabularyQuery)
  const templates = useQuery({ ...templatesQuery, enabled: key !== undefined })
  const copied = useQuery({ ...segmentQuery(copy ?? 0), enabled: copy !== undefined })
  const template = templates.data?.items.find((each) => each.key === key)
  const waiting = key !== undefined ? templates : copied
  const isReady = (key === undefined && copy === undefined) || waiting.data !== undefined
  const original = copied.data
  return (
    <Page title={t('cdp.segments.editor.new')} above={above}>
      <Loaded query={vocabulary} height={480}>
        {(known) =>
          isReady ? (
            <Editor
              key={`${key} ${copy}`}
              vocabulary={known}
              name={
                template
                  ? told.name(template)
                  : original
                    ? t('cdp.segments.copyOf', { name: original.name })
                    : ''
              }
              description={template ? told.use(template) : (original?.description ?? '')}
              rule={template?.rule ?? original?.rule ?? EMPTY_RULE}
            />
          ) : (
            <Loaded query={waiting} height={480}>
              {() => null}
            </Loaded>
          )
        }
      </Loaded>
    </Page>
  )
}

/** The rule of a segment that exists. */
export const EditSegmentPage = () => {
  const t = useT()
  const above = useAbove()
  const { segmentId } = useParams({ from: '/shell/segments/$segmentId/edit' })
  const id = Number(segmentId)
  const isId = Number.isSafeInteger(id) && id > 0
  const vocabulary = useQuery(vocabularyQuery)
  const query = useQuery({ ...segmentQuery(id), enabled: isId })
  return (
    <Page title={query.data?.name ?? t('cdp.segments.one')} above={above}>
      {isId ? (
        <Loaded query={query} height={480}>
          {(segment) => (
            <Loaded query={vocabulary} height={480}>
              {(known) => (
                <Editor
                  vocabulary={known}
                  segment={segment}
                  name={segment.name}
                  description={segment.description}
                  rule={segment.rule}
                />
              )}
            </Loaded>
          )}
        </Loaded>
      ) : (
        <EmptyState title={t('cdp.segments.noSuch')} />
      )}
    </Page>
  )
}
