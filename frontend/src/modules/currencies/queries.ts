import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'

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

export function useRefresh() {
  const outdated = useOutdated()
  return useMutation({
    mutationFn: () => body(api.POST('/v1/rates/refresh')),
    onSettled: outdated,
  })
}
