import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, queryClient, type Schemas, unwrap } from '@/kernel/api'
import type { Content } from './view'

export type Brand = Schemas['Brand']

export const templatesQuery = (isArchived: boolean) =>
  queryOptions({
    queryKey: ['templates', 'list', isArchived],
    queryFn: () => unwrap(api.GET('/api/templates', { params: { query: { is_archived: isArchived } } })),
  })

const at = (templateId: number) => ({ path: { template_id: templateId } })

export const templateQuery = (templateId: number) =>
  queryOptions({
    queryKey: ['templates', 'one', templateId],
    queryFn: () => unwrap(api.GET('/api/templates/{template_id}', { params: at(templateId) })),
  })

export const versionsQuery = (templateId: number) =>
  queryOptions({
    queryKey: ['templates', 'versions', templateId],
    queryFn: () => unwrap(api.GET('/api/templates/{template_id}/versions', { params: at(templateId) })),
  })

export const diffQuery = (templateId: number, before: number) =>
  queryOptions({
    queryKey: ['templates', 'diff', templateId, before],
    queryFn: () =>
      unwrap(
        api.GET('/api/templates/{template_id}/diff', { params: { ...at(templateId), query: { before } } }),
      ),
  })

export const wordsQuery = queryOptions({
  queryKey: ['templates', 'words'],
  queryFn: () => unwrap(api.GET('/api/templates/words')),
  staleTime: 60_000,
})

export interface Asked {
  channel: string
  content: Content
  variant: string
  language: string
  person_id: number | null
}

export const previewQuery = (asked: Asked) =>
  queryOptions({
    queryKey: ['templates', 'preview', asked],
    queryFn: () => unwrap(api.POST('/api/templates/preview', { body: { ...asked, variables: {} } })),
    placeholderData: (before) => before,
    gcTime: 10_000,
    retry: false,
  })

/** A few people by any identifier, to see a template as one of them. */
export const findPeopleQuery = (q: string) =>
  queryOptions({
    queryKey: ['templates', 'people', q],
    queryFn: async () => {
      const { items } = await unwrap(api.GET('/api/people', { params: { query: { q, limit: 8 } } }))
      return items.map(({ id: value, name }) => ({ value, label: name || `#${value}` }))
    },
    enabled: q.trim() !== '',
  })

export interface NewTemplate {
  name: string
  channel: string
  folder: string
  language: string
}

export const addTemplate = (body: NewTemplate) =>
  unwrap(api.POST('/api/templates', { body: { ...body, labels: [] } }))

export interface Change {
  name?: string
  folder?: string
  labels?: string[]
  content?: Content
  revision?: number
}

export const saveTemplate = (templateId: number, body: Change) =>
  unwrap(api.PATCH('/api/templates/{template_id}', { params: at(templateId), body }))

export const publishTemplate = (templateId: number, body: { note: string; revision: number }) =>
  unwrap(api.POST('/api/templates/{template_id}/publish', { params: at(templateId), body }))

export const duplicateTemplate = (templateId: number) =>
  unwrap(api.POST('/api/templates/{template_id}/duplicate', { params: at(templateId) }))

export const setArchived = (templateId: number, isArchived: boolean) =>
  isArchived
    ? unwrap(api.POST('/api/templates/{template_id}/archive', { params: at(templateId) }))
    : unwrap(api.POST('/api/templates/{template_id}/unarchive', { params: at(templateId) }))

export const restoreVersion = (versionId: number) =>
  unwrap(
    api.POST('/api/template-versions/{version_id}/restore', { params: { path: { version_id: versionId } } }),
  )

export const brandQuery = queryOptions({
  queryKey: ['templates', 'brand'],
  queryFn: () => unwrap(api.GET('/api/brand')),
})

export const saveBrand = (body: Brand) => unwrap(api.PUT('/api/brand', { body }))

export const mediaQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['media', 'list', q],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET('/api/media', { params: { query: { kind: 'image', q, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor: cursor }) => cursor ?? undefined,
  })

export const uploadMedia = (file: File) =>
  unwrap(
    api.POST('/api/media', {
      params: { query: { name: file.name.slice(-200) } },
      headers: { 'Content-Type': 'application/octet-stream' },
      // The bytes as they are: the server finds out what they hold.
      body: file as unknown as string,
      bodySerializer: (content) => content as unknown as File,
    }),
  )

export const fetchMedia = (url: string) => unwrap(api.POST('/api/media/fetch', { body: { url } }))

export const deleteMedia = (mediaId: number) =>
  unwrap(api.DELETE('/api/media/{media_id}', { params: { path: { media_id: mediaId } } }))

export const forgetTemplates = () => queryClient.invalidateQueries({ queryKey: ['templates'] })
export const forgetMedia = () => queryClient.invalidateQueries({ queryKey: ['media'] })
