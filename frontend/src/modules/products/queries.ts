import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { paths as Api } from '@/shared/api/schema.gen'
import type { PageSearch, Range } from '@/shared/range/range'
import type { Ahead } from '@/shared/range/use-range'

export type ProductFilters = NonNullable<Api['/v1/products']['get']['parameters']['query']>

export const FILTERS = ['q', 'status', 'cost', 'sort'] as const
export const DEFAULT_SORT = '-net_sales'

const PAGE = 100

/** What the list is asked for, with the choices that stand in the address. */
export function filtersOf(storeId: string, range: Range, chosen: PageSearch): ProductFilters {
  const filters = FILTERS.filter(name => chosen[name]).map(name => [name, chosen[name]])
  return {
    store_id: storeId,
    from: range.from,
    to: range.to,
    sort: DEFAULT_SORT,
    ...Object.fromEntries(filters),
  } as ProductFilters
}

export const ahead: Ahead = (client, { store, range }, search) =>
  client.prefetchInfiniteQuery(productsQuery(filtersOf(store.id, range, search)))

export function productsQuery(filters: ProductFilters) {
  return infiniteQueryOptions({
    queryKey: [...keys.products, 'list', filters],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/v1/products', {
          params: { query: { ...filters, limit: PAGE, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next_cursor || undefined,
    placeholderData: keepPreviousData,
  })
}

export function productQuery(id: string, storeId: string, range: Range) {
  const query = { store_id: storeId, from: range.from, to: range.to }
  return queryOptions({
    queryKey: [...keys.products, 'one', id, query],
    queryFn: () => body(api.GET('/v1/products/{id}', { params: { path: { id }, query } })),
    placeholderData: keepPreviousData,
  })
}

export function refundsQuery(id: string, storeId: string, range: Range) {
  const query = { store_id: storeId, from: range.from, to: range.to }
  return queryOptions({
    queryKey: [...keys.products, 'refunds', id, query],
    queryFn: () => body(api.GET('/v1/products/{id}/refunds', { params: { path: { id }, query } })),
  })
}

export function ordersOfQuery(id: string, storeId: string, range: Range) {
  const query = { store_id: storeId, product_id: id, from: range.from, to: range.to, limit: 6 }
  return queryOptions({
    queryKey: [...keys.orders, 'of-product', query],
    queryFn: () => body(api.GET('/v1/orders', { params: { query } })),
  })
}
