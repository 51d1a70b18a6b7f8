import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { View } from '@/shared/range/use-range'

/** Whose figure, of which days, in which currency. */
export interface FigureScope {
  store: string
  from: string
  to: string
  currency: string | undefined
  /** Of one product or one order alone. */
  product?: string
  order?: string
}

/** The scope of what a report shows. */
export function scopeOf(view: View, report: { from: string; to: string }): FigureScope {
  return { store: view.store, from: report.from, to: report.to, currency: view.currency }
}

export function figureQuery(name: string, scope: FigureScope) {
  const { store, from, to, currency, product, order } = scope
  const query = {
    store,
    from,
    to,
    ...(currency && { currency }),
    ...(product && { product_id: product }),
    ...(order && { order_id: order }),
  }
  return queryOptions({
    queryKey: [...keys.reports, 'figure', name, query],
    queryFn: () => body(api.GET('/v1/figures/{name}', { params: { path: { name }, query } })),
    placeholderData: keepPreviousData,
  })
}
