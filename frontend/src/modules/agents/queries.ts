import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { paths as Api } from '@/shared/api/schema.gen'
import type { Run } from '@/shared/api/types'
import { isOpen, isUnderWay } from './words'

const PAGE = 50
const LOOK_EVERY_MS = 1_500
/** What waits for people is looked at less often. */
const LOOK_AT_WAITING_EVERY_MS = 15_000

export { agentQuery } from '@/shared/agents/agent-query'

export interface RunFilters {
  status?: Run['status']
  kind?: Run['kind']
}

export function runsQuery(agent: string, store: string, filters: RunFilters, limit = PAGE) {
  return infiniteQueryOptions({
    queryKey: [...keys.runs, 'of', store, agent, filters, limit],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/v1/agents/{id}/runs', {
          params: {
            path: { id: agent },
            query: { store, ...filters, limit, ...(pageParam && { cursor: pageParam }) },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next_cursor || undefined,
    refetchInterval: query =>
      query.state.data?.pages.some(page => page.runs.some(run => isUnderWay(run.status)))
        ? LOOK_EVERY_MS
        : false,
    placeholderData: keepPreviousData,
  })
}

export function runQuery(id: string) {
  return queryOptions({
    queryKey: keys.run(id),
    queryFn: () => body(api.GET('/v1/runs/{id}', { params: { path: { id } } })),
    refetchInterval: query => {
      const status = query.state.data?.status
      if (isUnderWay(status)) return LOOK_EVERY_MS
      return isOpen(status) ? LOOK_AT_WAITING_EVERY_MS : false
    },
  })
}

/** The change-sets that a run proposed, with their titles. */
export function proposedByQuery(run: string) {
  return queryOptions({
    queryKey: [...keys.changeSets, 'of-run', run],
    queryFn: () => body(api.GET('/v1/change-sets', { params: { query: { run, limit: 100 } } })),
  })
}

export function useCancelRun(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => body(api.POST('/v1/runs/{id}/cancel', { params: { path: { id } } })),
    onSuccess: run => client.setQueryData(keys.run(id), run),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.runs })
      void client.invalidateQueries({ queryKey: keys.agents })
    },
  })
}

export function useReplay(id: string) {
  return useMutation({
    mutationFn: () => body(api.POST('/v1/runs/{id}/replay', { params: { path: { id } } })),
  })
}

export type AgentChange = Api['/v1/agents/{id}']['put']['requestBody']['content']['application/json']

/** `onStored` comes with the answer: what is asked for again afterwards is not waited for. */
export function useChangeAgent(id: string, store: string, onStored: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (change: AgentChange) =>
      body(api.PUT('/v1/agents/{id}', { params: { path: { id }, query: { store } }, body: change })),
    onSuccess: agent => {
      client.setQueryData(keys.agent(id, store), agent)
      onStored()
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.agents }),
  })
}

export function useRehearse(agent: string, store: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (span: { from: string; to: string }) =>
      body(
        api.POST('/v1/agents/{id}/rehearsals', {
          params: { path: { id: agent }, query: { store } },
          body: span,
        }),
      ),
    onSuccess: run => client.setQueryData(keys.run(run.id), run),
    onSettled: () => client.invalidateQueries({ queryKey: keys.runs }),
  })
}
