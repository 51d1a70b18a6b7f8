import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { keys, profitReport } from '@/shared/api/queries'
import { daysBetween } from '@/shared/format/time'
import type { Range } from '@/shared/range/range'
import type { Ahead, View } from '@/shared/range/use-range'

export type Grain = 'day' | 'week' | 'month'

/** Without a choice: about as many columns as one can take in. */
export function grainOf(by: string | undefined, range: Range): Grain {
  if (by === 'day' || by === 'week' || by === 'month') return by
  const days = daysBetween(range.from, range.to) + 1
  if (days <= 31) return 'day'
  return days <= 120 ? 'week' : 'month'
}

function reportParams(view: View, range: Range, by: Grain) {
  return {
    store: view.store,
    ...(view.currency && { currency: view.currency }),
    from: range.from,
    to: range.to,
    by,
    ...(range.compare && { compare: range.compare }),
  }
}

export function pnlQuery(view: View, range: Range, by: Grain) {
  const query = reportParams(view, range, by)
  return queryOptions({
    queryKey: [...keys.reports, 'pnl', query],
    queryFn: () => profitReport(query),
    placeholderData: keepPreviousData,
  })
}

export function csvAddress(view: View, range: Range, by: Grain): string {
  const { compare: _, ...query } = { compare: undefined, ...reportParams(view, range, by) }
  return `/v1/reports/profit?${new URLSearchParams({ ...query, format: 'csv' })}`
}

export const ahead: Ahead = (client, { view, range }, { by }) =>
  client.prefetchQuery(pnlQuery(view, range, grainOf(by, range)))
