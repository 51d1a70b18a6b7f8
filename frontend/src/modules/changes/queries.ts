import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { ChangeSetStatus } from '@/shared/api/types'
import { STATUSES } from '@/shared/changes/statuses'
import type { PageSearch } from '@/shared/range/range'
import type { Ahead } from '@/shared/range/use-range'

const PAGE = 50
const ALL_WAITING = 250
const LOOK_EVERY_MS = 1_500

/** Between the approval and the last word of the shop. */
export function isUnderWay(status: ChangeSetStatus | undefined): boolean {
  return status === 'approved' || status === 'applying'
}

export const inboxQuery = queryOptions({
  queryKey: [...keys.changeSets, 'inbox'],
  queryFn: () =>
    body(api.GET('/v1/change-sets', { params: { query: { status: 'proposed', limit: ALL_WAITING } } })),
})

export const aheadOfInbox: Ahead = client => client.prefetchQuery(inboxQuery)

export const FILTERS = ['status', 'agent', 'run'] as const

export interface ChangeSetFilters {
  status?: ChangeSetStatus
  agent?: string
  run?: string
}

function isStatus(value: string | undefined): value is ChangeSetStatus {
  return value !== undefined && value in STATUSES
}

/** What the list is asked for, with the choices that stand in the address. */
export function filtersOf({ status, agent, run }: PageSearch): ChangeSetFilters {
  return { ...(isStatus(status) && { status }), ...(agent && { agent }), ...(run && { run }) }
}

export const aheadOfChangeSets: Ahead = (client, _, search) =>
  client.prefetchInfiniteQuery(changeSetsQuery(filtersOf(search)))

export function changeSetsQuery(filters: ChangeSetFilters) {
  return infiniteQueryOptions({
    queryKey: [...keys.changeSets, 'list', filters],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/v1/change-sets', {
          params: { query: { ...filters, limit: PAGE, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next_cursor || undefined,
  })
}

export function changeSetQuery(id: string) {
  return queryOptions({
    queryKey: keys.changeSet(id),
    queryFn: () => body(api.GET('/v1/change-sets/{id}', { params: { path: { id } } })),
    // The stream tells of changes; asking now and then covers a stream that is cut.
    refetchInterval: query => (isUnderWay(query.state.data?.status) ? LOOK_EVERY_MS : false),
  })
}

export type Decision =
  | { kind: 'approve'; digest: string; reject: number[]; note: string }
  | { kind: 'reject'; note: string }
  | { kind: 'undo'; note: string }

/** Answers with the set as it stands after it; an undo with the new set that proposes it. */
export function useDecide(id: string) {
  const client = useQueryClient()
  const params = { path: { id } }
  return useMutation({
    mutationFn: (decision: Decision) => {
      const note = decision.note.trim() || null
      if (decision.kind === 'approve') {
        const { digest, reject } = decision
        return body(api.POST('/v1/change-sets/{id}/approve', { params, body: { digest, reject, note } }))
      }
      if (decision.kind === 'reject')
        return body(api.POST('/v1/change-sets/{id}/reject', { params, body: { note } }))
      return body(api.POST('/v1/change-sets/{id}/undo', { params, body: { reason: note } }))
    },
    onSuccess: set => client.setQueryData(keys.changeSet(set.id), set),
    onSettled: () => client.invalidateQueries({ queryKey: keys.changeSets }),
  })
}

export function guardrailsQuery(store: string) {
  return queryOptions({
    queryKey: keys.guardrails(store),
    queryFn: () => body(api.GET('/v1/guardrails', { params: { query: { store } } })),
  })
}
