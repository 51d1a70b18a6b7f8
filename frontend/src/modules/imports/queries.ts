import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { Import, ImportKind, ImportMapping } from '@/shared/api/types'
import { isWorking } from './words'

export const importsQuery = queryOptions({
  queryKey: [...keys.imports, 'list'],
  queryFn: async () => (await body(api.GET('/v1/imports', { params: { query: { limit: 50 } } }))).imports,
  refetchInterval: query => (query.state.data?.some(isWorking) ? 1_500 : false),
})

export const kindsQuery = queryOptions({
  queryKey: [...keys.imports, 'kinds'],
  queryFn: () => body(api.GET('/v1/imports/kinds')),
  staleTime: Number.POSITIVE_INFINITY,
})

export function importQuery(id: string) {
  return queryOptions({
    queryKey: keys.import(id),
    queryFn: () => body(api.GET('/v1/imports/{id}', { params: { path: { id } } })),
    // The stream says that something moved; asking now and then shows how far.
    refetchInterval: query => (isWorking(query.state.data) ? 700 : false),
  })
}

export const mappingsQuery = queryOptions({
  queryKey: [...keys.imports, 'mappings'],
  queryFn: async () => (await body(api.GET('/v1/imports/mappings'))).mappings,
})

export function useForgetMapping() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (header_set: string) =>
      body(api.DELETE('/v1/imports/mappings/{header_set}', { params: { path: { header_set } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: mappingsQuery.queryKey }),
  })
}

export function previewQuery(item: Import) {
  return queryOptions({
    queryKey: [...keys.import(item.id), 'preview', item.mapping],
    queryFn: () => body(api.GET('/v1/imports/{id}/preview', { params: { path: { id: item.id } } })),
  })
}

export function problemsQuery(item: Import) {
  return queryOptions({
    queryKey: [...keys.import(item.id), 'problems', item.status],
    queryFn: async () => {
      const answer = await body(
        api.GET('/v1/imports/{id}/problems', { params: { path: { id: item.id }, query: { limit: 100 } } }),
      )
      if (typeof answer === 'string') throw new TypeError('the problems came as text')
      return answer
    },
  })
}

export type Action = 'check' | 'start' | 'start-good' | 'cancel' | 'undo'

export function useImportAction(id: string) {
  const client = useQueryClient()
  const path = { path: { id } }
  return useMutation({
    mutationFn: (action: Action) => {
      switch (action) {
        case 'check':
          return body(api.POST('/v1/imports/{id}/check', { params: path }))
        case 'cancel':
          return body(api.POST('/v1/imports/{id}/cancel', { params: path }))
        case 'undo':
          return body(api.POST('/v1/imports/{id}/undo', { params: path }))
        default:
          return body(
            api.POST('/v1/imports/{id}/start', {
              params: path,
              body: { good_rows_only: action === 'start-good' },
            }),
          )
      }
    },
    onSuccess: item => {
      client.setQueryData(keys.import(id), item)
      return client.invalidateQueries({ queryKey: importsQuery.queryKey })
    },
  })
}

/** Chooses the columns, and when they are ready, checks at once. */
export function useSetMapping(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ mapping, check }: { mapping: ImportMapping; check: boolean }) => {
      const path = { path: { id } }
      const item = await body(api.PUT('/v1/imports/{id}/mapping', { params: path, body: mapping }))
      if (!check || item.faults.length > 0) return item
      return body(api.POST('/v1/imports/{id}/check', { params: path }))
    },
    onSuccess: item => client.setQueryData(keys.import(id), item),
  })
}

export function proposeMapping(id: string, kind: ImportKind): Promise<ImportMapping> {
  return body(api.GET('/v1/imports/{id}/mapping', { params: { path: { id }, query: { kind } } }))
}
