import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { ForecastLevel } from '@/shared/api/types'

export const DAYS = ['7', '28', '90', '365'] as const
export const LEVELS: { value: ForecastLevel; label: string }[] = [
  { value: 'variant', label: 'Each variant' },
  { value: 'product', label: 'Each product' },
  { value: 'category', label: 'Each product type' },
  { value: 'store', label: 'The whole store' },
]

export function accuracyQuery(storeId: string, days: number, level: ForecastLevel) {
  const query = { store_id: storeId, days, level }
  return queryOptions({
    queryKey: [...keys.forecasts, 'accuracy', query],
    queryFn: () => body(api.GET('/v1/forecasts/accuracy', { params: { query } })),
    placeholderData: keepPreviousData,
  })
}
