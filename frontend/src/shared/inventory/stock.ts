/** One variant as it is stocked: on its page, and where it is ordered. */
import { queryOptions } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'

export function variantQuery(id: string, storeId: string) {
  return queryOptions({
    queryKey: [...keys.inventory, 'one', storeId, id],
    queryFn: () =>
      body(
        api.GET('/v1/inventory/{variant}', {
          params: { path: { variant: id }, query: { store_id: storeId } },
        }),
      ),
  })
}
