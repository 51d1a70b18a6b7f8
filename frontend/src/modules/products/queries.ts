import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { paths as Api } from '@/shared/api/schema.gen'
import type { Range } from '@/shared/range/range'

export type ProductFilters = NonNullable<Api['/v1/products']['get']['parameters']['query']>

const PAGE = 100

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
