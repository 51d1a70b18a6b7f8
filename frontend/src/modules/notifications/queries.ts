import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { ChannelSettings, NewChannel, NotificationPreferences } from '@/shared/api/types'

const PAGE = 20

export const ownPreferencesQuery = queryOptions({
  queryKey: [...keys.notices, 'preferences'],
  queryFn: () => body(api.GET('/v1/notifications/preferences')),
})

export const channelsQuery = queryOptions({
  queryKey: [...keys.channels, 'list'],
  queryFn: async () => (await body(api.GET('/v1/notification-channels'))).channels,
})

export const deliveriesQuery = infiniteQueryOptions({
  queryKey: [...keys.channels, 'deliveries'],
  queryFn: ({ pageParam }) =>
    body(
      api.GET('/v1/notification-deliveries', {
        params: { query: { limit: PAGE, ...(pageParam && { cursor: pageParam }) } },
      }),
    ),
  initialPageParam: '',
  getNextPageParam: page => page.next_cursor || undefined,
})

export function useSavePreferences() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (wanted: NotificationPreferences) =>
      body(api.PUT('/v1/notifications/preferences', { body: wanted })),
    onSuccess: own => client.setQueryData(ownPreferencesQuery.queryKey, own),
  })
}

function useChange<T, A>(run: (input: A) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: run,
    onSettled: () => client.invalidateQueries({ queryKey: keys.channels }),
  })
}

export function useCreateChannel() {
  return useChange((channel: NewChannel) => body(api.POST('/v1/notification-channels', { body: channel })))
}

export function useSetChannel(id: string) {
  return useChange((channel: ChannelSettings) =>
    body(api.PUT('/v1/notification-channels/{id}', { params: { path: { id } }, body: channel })),
  )
}

export function useTestChannel(id: string) {
  return useChange((_: undefined) =>
    body(api.POST('/v1/notification-channels/{id}/test', { params: { path: { id } } })),
  )
}

export function useRenewSecret(id: string) {
  return useChange((_: undefined) =>
    body(api.POST('/v1/notification-channels/{id}/secret', { params: { path: { id } } })),
  )
}

export function useRemoveChannel() {
  return useChange((id: string) =>
    body(api.DELETE('/v1/notification-channels/{id}', { params: { path: { id } } })),
  )
}
