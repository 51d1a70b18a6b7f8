/** Whom goods are ordered from: listed on their page, and chosen where goods are ordered. */
import { queryOptions } from '@tanstack/react-query'
import { body } from '@/shared/api/client'
import { inventoryApi, type Supplier } from '@/shared/api/inventory-contract'
import { keys } from '@/shared/api/queries'

const PAGE = 250

/** All of them: somebody chooses among them. */
export const suppliersQuery = queryOptions({
  queryKey: keys.suppliers,
  queryFn: async () => {
    const found: Supplier[] = []
    let cursor: string | undefined
    do {
      const query = { limit: PAGE, ...(cursor && { cursor }) }
      const page = await body(inventoryApi.GET('/v1/suppliers', { params: { query } }))
      found.push(...page.suppliers)
      cursor = page.next_cursor ?? undefined
    } while (cursor)
    return found
  },
  staleTime: 30_000,
})
