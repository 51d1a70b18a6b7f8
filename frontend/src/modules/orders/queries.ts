import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys, profitReport } from '@/shared/api/queries'
import type { paths as Api } from '@/shared/api/schema.gen'
import type { Range } from '@/shared/range/range'

export type OrderFilters = NonNullable<Api['/v1/orders']['get']['parameters']['query']>

const PAGE = 100

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
