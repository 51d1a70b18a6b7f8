/** Whom goods are ordered from: listed on their page, and chosen where goods are ordered. */
import { queryOptions } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { Supplier } from '@/shared/api/types'

const PAGE = 250

/** All of them: somebody chooses among them. */
export const suppliersQuery = queryOptions({
  queryKey: keys.suppliers,
  queryFn: async () => {
    const found: Supplier[] = []
    let cursor: string | undefined
    do {
      const query = { limit: PAGE, ...(cursor && { cursor }) }
      const page = await body(api.GET('/v1/suppliers', { params: { query } }))
      found.push(...page.suppliers)
      cursor = page.next_cursor ?? undefined
    } while (cursor)
    return found
  },
  staleTime: 30_000,
})
