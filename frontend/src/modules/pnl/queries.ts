import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { keys, profitReport } from '@/shared/api/queries'
import type { Range } from '@/shared/range/range'

export type Grain = 'day' | 'week' | 'month'

function reportParams(storeId: string, range: Range, by: Grain) {
  return {
    store_id: storeId,
    from: range.from,
    to: range.to,
    by,
    ...(range.compare && { compare: range.compare }),
  }
}

export function pnlQuery(storeId: string, range: Range, by: Grain) {
  const query = reportParams(storeId, range, by)
  return queryOptions({
    queryKey: [...keys.reports, 'pnl', query],
    queryFn: () => profitReport(query),
    placeholderData: keepPreviousData,
  })
}

export function csvAddress(storeId: string, range: Range, by: Grain): string {
  const { compare: _, ...query } = { compare: undefined, ...reportParams(storeId, range, by) }
  return `/v1/reports/profit?${new URLSearchParams({ ...query, format: 'csv' })}`
}
