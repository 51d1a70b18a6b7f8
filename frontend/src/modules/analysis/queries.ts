import { infiniteQueryOptions, keepPreviousData, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { Anomaly, AnomalyStatus } from '@/shared/api/types'

const PAGE = 30

export function briefsQuery(storeId: string) {
  return infiniteQueryOptions({
    queryKey: [...keys.analysis, 'briefs', storeId],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/v1/briefs', {
          params: { query: { store_id: storeId, limit: PAGE, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next_cursor || undefined,
  })
}

export function anomaliesQuery(storeId: string, status: AnomalyStatus | undefined) {
  return infiniteQueryOptions({
    queryKey: [...keys.analysis, 'anomalies', storeId, status ?? 'all'],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/v1/anomalies', {
          params: {
            query: {
              store_id: storeId,
              limit: PAGE,
              ...(status && { status }),
              ...(pageParam && { cursor: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next_cursor || undefined,
    placeholderData: keepPreviousData,
  })
}

export interface Saying {
  status: AnomalyStatus
  reason: string | null
}

export function useMark({ id, version }: Anomaly, then: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ status, reason }: Saying) =>
      body(
        api.POST('/v1/anomalies/{id}/mark', {
          params: { path: { id } },
          body: { version, status, reason },
        }),
      ),
    onSuccess: then,
    onSettled: () => client.invalidateQueries({ queryKey: keys.analysis }),
  })
}
