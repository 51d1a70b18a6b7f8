import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { isMoving, keys } from '@/shared/api/queries'
import type { InventoryFilters } from '@/shared/api/types'
import type { PageSearch } from '@/shared/range/range'
import type { Ahead } from '@/shared/range/use-range'

export const FILTERS = ['q', 'urgency', 'state', 'abc', 'xyz', 'vendor', 'sort'] as const
export const DEFAULT_SORT = 'urgency'

const PAGE = 100
/** The drawing shows those that run out first. */
const DRAWN = 12
const LOOK_AT_WORK_EVERY_MS = 2_000

/** What the list is asked for, with the choices that stand in the address. */
export function filtersOf(storeId: string, chosen: PageSearch): InventoryFilters {
  const filters = FILTERS.filter(name => chosen[name]).map(name => [name, chosen[name]])
  return { store_id: storeId, ...Object.fromEntries(filters) }
}

export const ahead: Ahead = (client, { store }, search) =>
  client.prefetchInfiniteQuery(inventoryQuery(filtersOf(store.id, search)))

export function inventoryQuery(filters: InventoryFilters) {
  return infiniteQueryOptions({
    queryKey: [...keys.inventory, 'list', filters],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/v1/inventory', {
          params: { query: { ...filters, limit: PAGE, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next_cursor || undefined,
    placeholderData: keepPreviousData,
  })
}

/** The same choice, with the soonest stock-out first, however the list is sorted. */
export function soonestQuery(filters: InventoryFilters) {
  const { sort: _, ...rest } = filters
  return queryOptions({
    queryKey: [...keys.inventory, 'soonest', rest],
    queryFn: () => body(api.GET('/v1/inventory', { params: { query: { ...rest, limit: DRAWN } } })),
    placeholderData: keepPreviousData,
  })
}

/** The newest night's work, or none yet. */
export function lastRunQuery(storeId: string) {
  return queryOptions({
    queryKey: [...keys.forecasts, 'last-run', storeId],
    queryFn: async () => {
      const query = { store_id: storeId, limit: 1 }
      const { runs } = await body(api.GET('/v1/forecasts/runs', { params: { query } }))
      return runs[0] ?? null
    },
    // The stream tells how it goes on; where it is cut, this does.
    refetchInterval: query => (isMoving(query.state.data?.status) ? LOOK_AT_WORK_EVERY_MS : false),
  })
}

/** Asks a night's work to stop; what is kept of it stays. */
export function useCancelRun(storeId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) =>
      body(api.POST('/v1/forecasts/runs/{id}/cancel', { params: { path: { id } } })),
    onSuccess: run => client.setQueryData(lastRunQuery(storeId).queryKey, run),
    onSettled: () => client.invalidateQueries({ queryKey: keys.forecasts }),
  })
}

export function useRefresh(storeId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => body(api.POST('/v1/forecasts/refresh', { body: { store_id: storeId } })),
    onSuccess: run => client.setQueryData(lastRunQuery(storeId).queryKey, run),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.forecasts }),
        client.invalidateQueries({ queryKey: keys.inventory }),
      ]),
  })
}
