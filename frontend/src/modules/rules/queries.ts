import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { paths as Api } from '@/shared/api/schema.gen'
import type { RuleDocument } from '@/shared/api/types'

const LOOK_EVERY_MS = 2_000

export function rulesQuery(store: string) {
  return queryOptions({
    // Under the agents: what the stream tells of agents and runs makes rules outdated, too.
    queryKey: [...keys.agents, 'rules', store],
    queryFn: () => body(api.GET('/v1/rules', { params: { query: { store } } })),
    refetchInterval: query =>
      query.state.data?.rules.some(rule => rule.status === 'queued' || rule.status === 'running')
        ? LOOK_EVERY_MS
        : false,
  })
}

export function versionsQuery(id: string, store: string) {
  return queryOptions({
    queryKey: [...keys.agents, 'rules', store, 'versions', id],
    queryFn: () => body(api.GET('/v1/rules/{id}/versions', { params: { path: { id }, query: { store } } })),
  })
}

export function previewQuery(rule: RuleDocument | null, id: string | null, store: string) {
  return queryOptions({
    queryKey: [...keys.agents, 'rules', store, 'preview', id, rule],
    queryFn: ({ signal }) =>
      body(
        api.POST('/v1/rules/preview', {
          params: { query: { store } },
          body: { rule: rule as RuleDocument, ...(id && { id }) },
          signal,
        }),
      ),
    enabled: rule !== null,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 15_000,
  })
}

export type NewRule = Api['/v1/rules']['post']['requestBody']['content']['application/json']
export type RuleChange = Api['/v1/rules/{id}']['put']['requestBody']['content']['application/json']

function useSettled(store: string) {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: rulesQuery(store).queryKey })
}

export function useCreateRule(store: string) {
  const onSettled = useSettled(store)
  return useMutation({
    mutationFn: (rule: NewRule) => body(api.POST('/v1/rules', { params: { query: { store } }, body: rule })),
    onSettled,
  })
}

export function useChangeRule(store: string) {
  const onSettled = useSettled(store)
  return useMutation({
    mutationFn: ({ id, change }: { id: string; change: RuleChange }) =>
      body(api.PUT('/v1/rules/{id}', { params: { path: { id }, query: { store } }, body: change })),
    onSettled,
  })
}

export function useRemoveRule(store: string) {
  const onSettled = useSettled(store)
  return useMutation({
    mutationFn: (id: string) =>
      body(api.DELETE('/v1/rules/{id}', { params: { path: { id }, query: { store } } })),
    onSettled,
  })
}
