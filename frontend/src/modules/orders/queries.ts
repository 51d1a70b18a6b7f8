import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys, profitReport } from '@/shared/api/queries'
import type { paths as Api } from '@/shared/api/schema.gen'
import type { PageSearch, Range } from '@/shared/range/range'
import type { Ahead } from '@/shared/range/use-range'

export type OrderFilters = NonNullable<Api['/v1/orders']['get']['parameters']['query']>

export const FILTERS = [
  'q',
  'financial_status',
  'fulfillment_status',
  'channel',
  'country',
  'product_id',
  'has',
  'sort',
] as const

const PAGE = 100

/** What the list is asked for, with the choices that stand in the address. */
export function filtersOf(storeId: string, range: Range, chosen: PageSearch): OrderFilters {
  const filters = FILTERS.filter(name => chosen[name]).map(name => [name, chosen[name]])
  return {
    store_id: storeId,
    from: range.from,
    to: range.to,
    ...Object.fromEntries(filters),
  } as OrderFilters
}

export const ahead: Ahead = (client, { store, range }, search) =>
  client.prefetchInfiniteQuery(ordersQuery(filtersOf(store.id, range, search)))

export function ordersQuery(filters: OrderFilters) {
  return infiniteQueryOptions({
    queryKey: [...keys.orders, 'list', filters],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/v1/orders', {
          params: { query: { ...filters, limit: PAGE, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next_cursor || undefined,
  })
}

export function orderQuery(id: string, storeId: string | undefined) {
  return queryOptions({
    queryKey: [...keys.orders, 'one', id, storeId],
    queryFn: () =>
      body(
        api.GET('/v1/orders/{id}', { params: { path: { id }, query: storeId ? { store_id: storeId } : {} } }),
      ),
  })
}

/** The channels or countries that sold something in the period: what one can filter by. */
export function splitQuery(storeId: string, range: Range, by: 'channel' | 'country') {
  const query = { store_id: storeId, from: range.from, to: range.to, by }
  return queryOptions({
    queryKey: [...keys.reports, 'split', query],
    queryFn: async () => {
      const report = await profitReport(query)
      return report.rows
        .filter(row => row.key !== '')
        .map(row => ({ value: row.key, label: row.label || row.key }))
    },
    staleTime: 60_000,
  })
}

/** What suppliers send of an order, the newest first. */
export function supplierOrdersQuery(orderId: string, storeId: string) {
  return queryOptions({
    queryKey: [...keys.orders, 'suppliers', orderId, storeId],
    queryFn: () =>
      body(api.GET('/v1/supplier-orders', { params: { query: { order_id: orderId, store_id: storeId } } })),
  })
}

/** What suppliers ask for its lines now: each is asked, so it is not kept. */
export function supplierOffersQuery(orderId: string, storeId: string) {
  return queryOptions({
    queryKey: [...keys.orders, 'offers', orderId, storeId],
    queryFn: () =>
      body(api.GET('/v1/supplier-offers', { params: { query: { order_id: orderId, store_id: storeId } } })),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  })
}
