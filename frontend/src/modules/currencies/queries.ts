import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { Rate, RateSource } from '@/shared/api/types'
import { useMay } from '@/shared/session/may'

export const rateStatusQuery = queryOptions({
  queryKey: [...keys.rates, 'status'],
  queryFn: () => body(api.GET('/v1/rates/status')),
})

/** All that money is told by has changed with a rate. */
function useOutdated() {
  const client = useQueryClient()
  return () => {
    void client.invalidateQueries({ queryKey: keys.workspace })
    void client.invalidateQueries({ queryKey: keys.reports })
    void client.invalidateQueries({ queryKey: keys.costs })
    return client.invalidateQueries({ queryKey: keys.rates })
  }
}

export function useSetWorkspace() {
  const outdated = useOutdated()
  return useMutation({
    mutationFn: (settings: { currency: string | null; max_rate_age_days: number }) =>
      body(api.PUT('/v1/workspace', { body: settings })),
    onSuccess: outdated,
  })
}

export function useEnterRate() {
  const outdated = useOutdated()
  return useMutation({
    mutationFn: (rate: { day: string; base: string; quote: string; value: string }) =>
      body(api.PUT('/v1/rates', { body: { rates: [rate] } })),
    onSuccess: outdated,
  })
}

/** Whether the person may enter and remove rates. */
export function useMayChangeRates(): boolean {
  return useMay('rates:write')
}

export function ratesQuery({ base, quote, source }: Pick<Rate, 'base' | 'quote' | 'source'>) {
  return infiniteQueryOptions({
    queryKey: [...keys.rates, 'of', base, quote, source],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/v1/rates', {
          params: {
            query: {
              base,
              quote,
              source: source as RateSource,
              limit: 100,
              ...(pageParam && { cursor: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next_cursor || undefined,
  })
}

export function useRemoveRate() {
  const outdated = useOutdated()
  return useMutation({
    mutationFn: ({ day, base, quote, source }: Rate) =>
      body(
        api.DELETE('/v1/rates/{day}/{base}/{quote}', {
          params: { path: { day, base, quote }, query: { source: source as RateSource } },
        }),
      ),
    onSuccess: outdated,
  })
}

export function useRefresh() {
  const outdated = useOutdated()
  return useMutation({
    mutationFn: () => body(api.POST('/v1/rates/refresh')),
    onSettled: outdated,
  })
}
