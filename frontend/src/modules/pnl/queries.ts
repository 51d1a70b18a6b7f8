import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { keys, profitReport } from '@/shared/api/queries'
import type { Range } from '@/shared/range/range'
import type { View } from '@/shared/range/use-range'

export type Grain = 'day' | 'week' | 'month'

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
