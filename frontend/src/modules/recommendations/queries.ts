import { queryOptions } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'

export const AGENT = 'product_recommendation'

export function recommendationsQuery(storeId: string) {
  return queryOptions({
    queryKey: [...keys.runs, 'recommendations', storeId],
    queryFn: () => body(api.GET('/v1/recommendations', { params: { query: { store_id: storeId } } })),
  })
}
