import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { OutreachChannel, SegmentSettingsChange } from '@/shared/api/types'

export function segmentsQuery(storeId: string) {
  return queryOptions({
    queryKey: [...keys.segments, 'list', storeId],
    queryFn: () => body(api.GET('/v1/segments', { params: { query: { store_id: storeId } } })),
  })
}

/** While one is on its way, it is looked at again by itself. */
export function segmentExportsQuery(storeId: string) {
  return queryOptions({
    refetchInterval: query => {
      const open = query.state.data?.exports.some(of => {
        const state = of.delivery?.state
        return state === 'waiting' || state === 'sending'
      })
      return open ? 10_000 : false
    },
    queryKey: [...keys.segments, 'exports', storeId],
    queryFn: () => body(api.GET('/v1/segment-exports', { params: { query: { store_id: storeId } } })),
  })
}

export function segmentSettingsQuery(storeId: string) {
  return queryOptions({
    queryKey: [...keys.segments, 'settings', storeId],
    queryFn: () => body(api.GET('/v1/segment-settings', { params: { query: { store_id: storeId } } })),
  })
}

/** Channels that people can be sent to: signed webhooks that are switched on. */
export function webhooksQuery() {
  return queryOptions({
    queryKey: [...keys.segments, 'webhooks'],
    queryFn: async () => {
      const { channels } = await body(api.GET('/v1/notification-channels'))
      return channels.filter(of => of.kind === 'webhook' && of.is_enabled)
    },
  })
}

export interface Wish {
  segment: string
  channel: OutreachChannel
  productId?: string
  /** A channel's id; a file when left out. */
  to?: string
}

/** Answers the export that was sent, or nothing for a file, which the browser keeps. */
export function useExport(storeId: string, then: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ segment, channel, productId, to }: Wish) => {
      const params = { path: { id: segment } }
      const whom = { channel, store_id: storeId, ...(productId && { product_id: productId }) }
      if (to) return body(api.POST('/v1/segments/{id}/send', { params, body: { ...whom, to } }))
      const text = await body(api.POST('/v1/segments/{id}/export', { params, body: whom, parseAs: 'text' }))
      save(`segment-${segment}.csv`, String(text))
      return null
    },
    onSuccess: then,
    onSettled: () => client.invalidateQueries({ queryKey: keys.segments }),
  })
}

/** Tries an export now, or lets it go. */
export function useDecide(storeId: string, then: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, retry, dropsRepeats }: { id: string; retry: boolean; dropsRepeats: boolean }) => {
      const params = { path: { id }, query: { store_id: storeId } }
      if (!retry) return body(api.POST('/v1/segment-exports/{id}/give-up', { params }))
      const wish = { receiver_drops_repeats: dropsRepeats }
      return body(api.POST('/v1/segment-exports/{id}/retry', { params, body: wish }))
    },
    onSuccess: then,
    onSettled: () => client.invalidateQueries({ queryKey: keys.segments }),
  })
}

export function useSetSegments(storeId: string, then: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (values: SegmentSettingsChange) =>
      body(api.PUT('/v1/segment-settings', { params: { query: { store_id: storeId } }, body: values })),
    onSuccess: then,
    onSettled: () => client.invalidateQueries({ queryKey: keys.segments }),
  })
}

function save(name: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
