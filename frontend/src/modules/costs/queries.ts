import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { isMoving, keys } from '@/shared/api/queries'
import type { paths as Api } from '@/shared/api/schema.gen'
import type { CostChange, Recost } from '@/shared/api/types'
import type { Range } from '@/shared/range/range'
import { useMay } from '@/shared/session/may'
import type { ListKind } from './kinds'

/** Whether the person may change costs, or only look at them. */
export function useMayChange(): boolean {
  return useMay('costs:write')
}

export type CostFilters = NonNullable<Api['/v1/costs']['get']['parameters']['query']>

const PAGE = 100

export function costsQuery(filters: CostFilters) {
  return infiniteQueryOptions({
    queryKey: [...keys.costs, 'units', filters],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/v1/costs', {
          params: { query: { ...filters, limit: PAGE, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next_cursor || undefined,
    placeholderData: keepPreviousData,
  })
}

export function historyQuery(variant: string, storeId: string) {
  return queryOptions({
    queryKey: [...keys.costs, 'history', variant, storeId],
    queryFn: () =>
      body(
        api.GET('/v1/costs/{variant}', {
          params: { path: { variant }, query: { store_id: storeId } },
        }),
      ),
  })
}

export function coverageQuery(storeId: string, range: Range) {
  const query = { store_id: storeId, from: range.from, to: range.to }
  return queryOptions({
    queryKey: [...keys.costs, 'coverage', query],
    queryFn: () => body(api.GET('/v1/coverage', { params: { query } })),
    placeholderData: keepPreviousData,
  })
}

export function settingsQuery(storeId: string) {
  return queryOptions({
    queryKey: [...keys.costs, 'settings', storeId],
    queryFn: () => body(api.GET('/v1/cost-settings', { params: { query: { store_id: storeId } } })),
  })
}

const ADDRESS = {
  shipping_rate: '/v1/shipping-costs',
  fee_rule: '/v1/fee-rules',
  ad_spend: '/v1/spend',
  fixed_cost: '/v1/fixed-costs',
} as const satisfies Record<ListKind, keyof Api>

export function entriesQuery(kind: ListKind, storeId: string) {
  return infiniteQueryOptions({
    queryKey: [...keys.costs, 'entries', kind, storeId],
    queryFn: ({ pageParam }) =>
      body(
        api.GET(ADDRESS[kind], {
          params: { query: { store_id: storeId, limit: PAGE, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next_cursor || undefined,
  })
}

/** The newest runs; asked again and again while one is under way. */
export function recostsQuery(storeId: string) {
  return queryOptions({
    queryKey: [...keys.costs, 'runs', storeId],
    queryFn: () => body(api.GET('/v1/recosts', { params: { query: { store_id: storeId, limit: 5 } } })),
    refetchInterval: query =>
      query.state.data?.recosts.some((run: Recost) => isMoving(run.status)) ? 1_000 : false,
  })
}

interface Changes {
  store_id: string
  changes: CostChange[]
}

export function usePreview() {
  return useMutation({ mutationFn: (input: Changes) => body(api.POST('/v1/costs/preview', { body: input })) })
}

export function useApply() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: Changes) => body(api.POST('/v1/costs/changes', { body: input })),
    onSuccess: () => {
      for (const key of [keys.costs, keys.reports, keys.products]) {
        void client.invalidateQueries({ queryKey: key })
      }
    },
  })
}

export function useRunAction(action: 'cancel' | 'resume') {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => body(api.POST(`/v1/recosts/{id}/${action}`, { params: { path: { id } } })),
    onSettled: () => void client.invalidateQueries({ queryKey: keys.costs }),
  })
}
