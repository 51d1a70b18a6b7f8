import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { NewConnection, Sync } from '@/shared/api/types'

export function syncsQuery(connectionId: string) {
  return queryOptions({
    queryKey: [...keys.syncs, 'of', connectionId],
    queryFn: async () =>
      (await body(api.GET('/v1/syncs', { params: { query: { connection_id: connectionId, limit: 10 } } })))
        .syncs,
  })
}

export function useConnect() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: NewConnection) => body(api.POST('/v1/connections', { body: input })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.connections })
      return client.invalidateQueries({ queryKey: keys.stores, refetchType: 'all' })
    },
  })
}

/** Start, cancel, resume: each answers with the sync as it now is. */
export function useSyncAction() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (action: { start: string } | { cancel: string } | { resume: string }) => {
      if ('start' in action)
        return body(api.POST('/v1/syncs', { body: { connection_id: action.start, kind: 'auto' } }))
      if ('cancel' in action) {
        return body(api.POST('/v1/syncs/{id}/cancel', { params: { path: { id: action.cancel } } }))
      }
      return body(api.POST('/v1/syncs/{id}/resume', { params: { path: { id: action.resume } } }))
    },
    onSuccess: (sync: Sync) => {
      client.setQueryData(keys.sync(sync.id), sync)
      void client.invalidateQueries({ queryKey: keys.connections })
      void client.invalidateQueries({ queryKey: keys.stores })
      void client.invalidateQueries({ queryKey: [...keys.syncs, 'of'] })
    },
  })
}

export function useCheck() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => body(api.POST('/v1/connections/{id}/check', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.connections }),
  })
}

export function useDisconnect() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => body(api.DELETE('/v1/connections/{id}', { params: { path: { id } } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.stores })
      return client.invalidateQueries({ queryKey: keys.connections })
    },
  })
}
