import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { paths as Api } from '@/shared/api/schema.gen'
import type { CustomerSettings } from '@/shared/api/types'
import type { Range } from '@/shared/range/range'
import type { Ahead } from '@/shared/range/use-range'

export type CustomerFilters = NonNullable<Api['/v1/customers']['get']['parameters']['query']>
export type CohortMeasure = NonNullable<
  NonNullable<Api['/v1/cohorts']['get']['parameters']['query']>['measure']
>

const PAGE = 100

export function overviewQuery(storeId: string, range: Range) {
  const query = { store_id: storeId, from: range.from, to: range.to }
  return queryOptions({
    queryKey: [...keys.customers, 'overview', query],
    queryFn: () => body(api.GET('/v1/customers/overview', { params: { query } })),
    placeholderData: keepPreviousData,
  })
}

export const ahead: Ahead = (client, { store, range }) => client.prefetchQuery(overviewQuery(store.id, range))

export function cohortsQuery(storeId: string, measure: CohortMeasure) {
  const query = { store_id: storeId, measure }
  return queryOptions({
    queryKey: [...keys.customers, 'cohorts', query],
    queryFn: () => body(api.GET('/v1/cohorts', { params: { query } })),
    placeholderData: keepPreviousData,
  })
}

export function ltvQuery(storeId: string) {
  const query = { store_id: storeId }
  return queryOptions({
    queryKey: [...keys.customers, 'ltv', query],
    queryFn: () => body(api.GET('/v1/customers/ltv', { params: { query } })),
    placeholderData: keepPreviousData,
  })
}

export function segmentsQuery(storeId: string) {
  const query = { store_id: storeId }
  return queryOptions({
    queryKey: [...keys.customers, 'segments', query],
    queryFn: () => body(api.GET('/v1/customers/segments', { params: { query } })),
    placeholderData: keepPreviousData,
  })
}

export function settingsQuery(storeId: string) {
  return queryOptions({
    queryKey: [...keys.customers, 'settings', storeId],
    queryFn: () => body(api.GET('/v1/customers/settings', { params: { query: { store_id: storeId } } })),
  })
}

/** Segments and lists are others with other thresholds. */
export function useSaveSettings(storeId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (settings: CustomerSettings) =>
      body(api.PUT('/v1/customers/settings', { params: { query: { store_id: storeId } }, body: settings })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.customers }),
  })
}

export function customersQuery(filters: CustomerFilters) {
  return infiniteQueryOptions({
    queryKey: [...keys.customers, 'list', filters],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/v1/customers', {
          params: { query: { ...filters, limit: PAGE, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next_cursor || undefined,
    placeholderData: keepPreviousData,
  })
}

export function customerQuery(id: string, storeId: string) {
  return queryOptions({
    queryKey: [...keys.customers, 'one', id, storeId],
    queryFn: () =>
      body(api.GET('/v1/customers/{id}', { params: { path: { id }, query: { store_id: storeId } } })),
  })
}
