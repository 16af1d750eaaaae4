import { queryOptions } from '@tanstack/react-query'
import { api, queryClient, unwrap } from '@/kernel/api'
import type { Definition } from './types'

export const menusQuery = queryOptions({
  queryKey: ['menus', 'list'],
  queryFn: () => unwrap(api.GET('/api/menus')),
})

export const accountsQuery = queryOptions({
  queryKey: ['menus', 'accounts'],
  queryFn: () => unwrap(api.GET('/api/channels/accounts')),
})

export const formsQuery = queryOptions({
  queryKey: ['menus', 'forms'],
  queryFn: () => unwrap(api.GET('/api/lead-forms')),
})

const named = (menuId: number) => ({ path: { menu_id: menuId } })
const asBody = (definition: Definition) => definition as unknown as Record<string, unknown>

export const publicationsQuery = (menuId: number) =>
  queryOptions({
    queryKey: ['menus', 'publications', menuId],
    queryFn: () => unwrap(api.GET('/api/menus/{menu_id}/publications', { params: named(menuId) })),
  })

export const versionsQuery = (menuId: number) =>
  queryOptions({
    queryKey: ['menus', 'versions', menuId],
    queryFn: () => unwrap(api.GET('/api/menus/{menu_id}/versions', { params: named(menuId) })),
  })

export const diffQuery = (menuId: number, from: number, to: number) =>
  queryOptions({
    queryKey: ['menus', 'diff', menuId, from, to],
    queryFn: () =>
      unwrap(api.GET('/api/menus/{menu_id}/diff', { params: { ...named(menuId), query: { from, to } } })),
  })

export const tapsQuery = (menuId: number) =>
  queryOptions({
    queryKey: ['menus', 'taps', menuId],
    queryFn: () => unwrap(api.GET('/api/menus/{menu_id}/taps', { params: named(menuId) })),
  })

/** What each surface would be given of a menu that is not saved yet. */
export const previewQuery = (definition: Definition, menuId: number) =>
  queryOptions({
    queryKey: ['menus', 'preview', menuId, definition],
    queryFn: () =>
      unwrap(api.POST('/api/menus/preview', { body: { definition: asBody(definition), menu_id: menuId } })),
    placeholderData: (before) => before,
    retry: false,
  })

export const refreshMenus = () => queryClient.invalidateQueries({ queryKey: ['menus'] })

export const saveMenu = (menuId: number | undefined, name: string, definition: Definition) =>
  menuId === undefined
    ? unwrap(api.POST('/api/menus', { body: { name, definition: asBody(definition) } }))
    : unwrap(
        api.PATCH('/api/menus/{menu_id}', {
          params: named(menuId),
          body: { name, definition: asBody(definition), note: '' },
        }),
      )

export const deleteMenu = (menuId: number) =>
  unwrap(api.DELETE('/api/menus/{menu_id}', { params: named(menuId) }))

export const publishMenu = (menuId: number, accountId: number, version: number) =>
  unwrap(
    api.POST('/api/menus/{menu_id}/publish', {
      params: named(menuId),
      body: { account_id: accountId, version },
    }),
  )
