import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type {
  NewSupplierMatch,
  Opportunity,
  OpportunityFilters,
  OpportunitySettingsChange,
  TrendFile,
} from '@/shared/api/types'

const PAGE = 50

export const FILTERS = ['status', 'score', 'margin', 'ships_to', 'supplier', 'view'] as const
type Values = Record<(typeof FILTERS)[number], string | undefined>

/** What waits is what one comes for; `all` is everything. */
export function filtersOf(storeId: string, values: Values): OpportunityFilters {
  const status = values.status ?? 'proposed'
  const least = (text: string | undefined) =>
    text && /^\d{1,2}$|^100$/.test(text) ? Number(text) : undefined
  const asked = {
    store_id: storeId,
    status: status === 'all' ? undefined : status,
    score: least(values.score),
    margin: least(values.margin),
    ships_to: values.ships_to,
    supplier: values.supplier,
  }
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined))
}

export function opportunitiesQuery(filters: OpportunityFilters) {
  return infiniteQueryOptions({
    queryKey: [...keys.opportunities, 'list', filters],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/v1/opportunities', {
          params: { query: { ...filters, limit: PAGE, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next_cursor || undefined,
    placeholderData: keepPreviousData,
  })
}

/** Whether there is anything at all, whatever was decided about it. */
export function anyQuery(storeId: string) {
  return queryOptions({
    queryKey: [...keys.opportunities, 'any', storeId],
    queryFn: async () => {
      const query = { store_id: storeId, limit: 1 }
      const { opportunities } = await body(api.GET('/v1/opportunities', { params: { query } }))
      return opportunities.length > 0
    },
  })
}

export function opportunityQuery(id: string) {
  return queryOptions({
    queryKey: [...keys.opportunities, 'one', id],
    queryFn: () => body(api.GET('/v1/opportunities/{id}', { params: { path: { id } } })),
  })
}

export function scoringQuery(storeId: string) {
  return queryOptions({
    queryKey: [...keys.opportunities, 'settings', storeId],
    queryFn: () => body(api.GET('/v1/opportunity-settings', { params: { query: { store_id: storeId } } })),
  })
}

export function researchQuery(storeId: string) {
  return queryOptions({
    queryKey: [...keys.opportunities, 'research', storeId],
    queryFn: () => body(api.GET('/v1/opportunity-research', { params: { query: { store_id: storeId } } })),
  })
}

export function matchesQuery(storeId: string) {
  return queryOptions({
    queryKey: [...keys.opportunities, 'matches', storeId],
    queryFn: async () =>
      (await body(api.GET('/v1/supplier-matches', { params: { query: { store_id: storeId } } }))).matches,
  })
}

/** Offers by their words, for whoever looks for another one of the same thing. */
export function offersQuery(storeId: string, q: string) {
  return queryOptions({
    queryKey: [...keys.opportunities, 'offers', storeId, q],
    queryFn: async () => {
      const query = { store_id: storeId, q, limit: 20 }
      return (await body(api.GET('/v1/supplier-products', { params: { query } }))).supplier_products
    },
    placeholderData: keepPreviousData,
  })
}

/** Everything is scored again before the answer comes. */
export function useSetMatches(then: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (match: NewSupplierMatch) => body(api.POST('/v1/supplier-matches', { body: match })),
    onSuccess: then,
    onSettled: () => client.invalidateQueries({ queryKey: keys.opportunities }),
  })
}

export type Decision =
  | { kind: 'approve'; price: string | null; title: string | null; reason: string | null }
  | { kind: 'reject'; reason: string }
  | { kind: 'snooze'; until: string; reason: string | null }

function decide({ id, version }: Opportunity, decision: Decision): Promise<Opportunity> {
  const params = { path: { id } }
  switch (decision.kind) {
    case 'approve': {
      const { price, title, reason } = decision
      return body(
        api.POST('/v1/opportunities/{id}/approve', { params, body: { version, price, title, reason } }),
      )
    }
    case 'reject':
      return body(
        api.POST('/v1/opportunities/{id}/reject', { params, body: { version, reason: decision.reason } }),
      )
    case 'snooze': {
      const { until, reason } = decision
      return body(api.POST('/v1/opportunities/{id}/snooze', { params, body: { version, until, reason } }))
    }
  }
}

/** `then` comes with the answer: what is asked for again afterwards is not waited for. */
export function useDecide(opportunity: Opportunity, then: (decided: Opportunity) => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (decision: Decision) => decide(opportunity, decision),
    onSuccess: decided => {
      client.setQueryData(opportunityQuery(decided.id).queryKey, decided)
      then(decided)
    },
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.opportunities }),
        client.invalidateQueries({ queryKey: keys.changeSets }),
      ]),
  })
}

/** Everything is scored again before the answer comes. */
export function useSetScoring(storeId: string, then: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (change: OpportunitySettingsChange) =>
      body(
        api.PUT('/v1/opportunity-settings', {
          params: { query: { store_id: storeId } },
          body: change,
        }),
      ),
    onSuccess: stored => {
      client.setQueryData(scoringQuery(storeId).queryKey, stored)
      then()
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.opportunities }),
  })
}

export function trendsQuery(storeId: string) {
  return queryOptions({
    queryKey: [...keys.opportunities, 'trends', storeId],
    queryFn: async () =>
      (await body(api.GET('/v1/trends', { params: { query: { store_id: storeId } } }))).trends,
  })
}

/** Looks at a file, or takes it over: everything is scored by it before the answer comes. */
export function useTrendFile(what: 'preview' | 'import') {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (file: TrendFile) =>
      body(
        what === 'preview'
          ? api.POST('/v1/trend-file/preview', { body: file })
          : api.POST('/v1/trend-file', { body: file }),
      ),
    onSettled: () =>
      what === 'preview' ? undefined : client.invalidateQueries({ queryKey: keys.opportunities }),
  })
}

export function useForgetTrend(storeId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) =>
      body(api.DELETE('/v1/trends/{id}', { params: { path: { id }, query: { store_id: storeId } } })),
    onSettled: () => client.invalidateQueries({ queryKey: keys.opportunities }),
  })
}
