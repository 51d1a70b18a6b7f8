/** The state of the whole machine, and how much durable work there is of each kind of standing. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { ApiError } from '@/shared/api/problem'
import { keys } from '@/shared/api/queries'
import type { Health } from '@/shared/api/types'

const LOOK_EVERY_MS = 10_000

export const healthQuery = queryOptions({
  queryKey: keys.health,
  queryFn: async (): Promise<Health> => {
    const answer = await api.GET('/v1/health')
    // An unhealthy machine says so with 503 and the same report.
    const report =
      answer.data ?? (answer.response.status === 503 ? (answer.error as unknown as Health) : undefined)
    if (!report?.checks) throw new ApiError(answer.response.status, { title: 'The state could not be read' })
    return report
  },
  refetchInterval: LOOK_EVERY_MS,
})

export const adAccountsQuery = queryOptions({
  queryKey: [...keys.campaigns, 'accounts'],
  queryFn: async () => (await body(api.GET('/v1/ad-accounts'))).ad_accounts,
})

export function jobsOfQuery(status: string) {
  return queryOptions({
    queryKey: [...keys.jobs, 'count', status],
    queryFn: async () => (await body(api.GET('/jobs', { params: { query: { status, limit: 1 } } }))).total,
    refetchInterval: LOOK_EVERY_MS,
  })
}

/** Reads the whole chain of the audit, so only when somebody asks. */
export const auditCheckQuery = queryOptions({
  queryKey: [...keys.audit, 'check'],
  queryFn: () => body(api.GET('/v1/audit/check')),
  staleTime: 60_000,
})

/** Every process obeys within two seconds; the page looks again after that. */
export function useSwitchCircuit(onDone: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: { name: string; action: 'force_open' | 'reset'; reason: string }) =>
      body(api.POST('/v1/circuits', { body: input })),
    onSuccess: () => {
      setTimeout(() => void client.invalidateQueries({ queryKey: keys.health }), 2_000)
      void client.invalidateQueries({ queryKey: keys.audit })
      onDone()
    },
  })
}
