import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { isMoving, keys } from '@/shared/api/queries'
import type { Reconciliation } from '@/shared/api/types'
import type { Range } from '@/shared/range/range'

export function reconciliationQuery(store: string, range: Range) {
  return queryOptions({
    queryKey: [...keys.reconciliation, store, range.from, range.to],
    queryFn: () => wholeRange(store, range),
    // The stream tells when a run moves on; where it is cut, this does.
    refetchInterval: query => (isMoving(query.state.data?.latest_run?.status) ? 1_500 : false),
  })
}

const PAGE = 250

/** The calendar shows every day of the range, so every page is asked for. */
async function wholeRange(store: string, range: Range): Promise<Reconciliation> {
  const page = (cursor?: string) => {
    const query = { store, from: range.from, to: range.to, limit: PAGE, ...(cursor && { cursor }) }
    return body(api.GET('/v1/reconciliation', { params: { query } }))
  }
  const first = await page()
  let next = first.next_cursor
  while (next) {
    const more = await page(next)
    first.days.push(...more.days)
    next = more.next_cursor
  }
  return first
}

export function dayQuery(store: string, day: string) {
  return queryOptions({
    queryKey: [...keys.reconciliation, store, 'day', day],
    queryFn: () => body(api.GET('/v1/reconciliation/{day}', { params: { path: { day }, query: { store } } })),
  })
}

export function useRun(store: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (action: { start: Range } | { cancel: string }) =>
      'start' in action
        ? body(
            api.POST('/v1/reconciliation/runs', {
              body: { store_id: store, from: action.start.from, to: action.start.to },
            }),
          )
        : body(api.POST('/v1/reconciliation/runs/{id}/cancel', { params: { path: { id: action.cancel } } })),
    onSettled: () => client.invalidateQueries({ queryKey: keys.reconciliation }),
  })
}

export function useMend(store: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ day, orders }: { day: string; orders: string[] }) => {
      const input = { store_id: store, from: day, to: day, order_ids: orders }
      const mended = await body(api.POST('/v1/reconciliation/mend', { body: input }))
      // What was mended is compared again, so that the page shows what is true now.
      await api.POST('/v1/reconciliation/runs', { body: { store_id: store, from: day, to: day } })
      return mended
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.reconciliation }),
  })
}
