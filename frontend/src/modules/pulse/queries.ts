import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { Range } from '@/shared/range/range'
import type { Ahead, View } from '@/shared/range/use-range'

export function pulseQuery(view: View, range: Range) {
  const query = {
    store: view.store,
    ...(view.currency && { currency: view.currency }),
    from: range.from,
    to: range.to,
    ...(range.compare && { compare: range.compare }),
  }
  return queryOptions({
    queryKey: [...keys.reports, 'pulse', query],
    queryFn: () => body(api.GET('/v1/reports/pulse', { params: { query } })),
    placeholderData: keepPreviousData,
  })
}

export const ahead: Ahead = (client, { view, range }) => client.prefetchQuery(pulseQuery(view, range))
