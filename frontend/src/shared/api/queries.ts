/** Questions that more than one area asks: who is signed in, which stores there are, what is syncing. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import { api, body, setCsrfToken } from './client'
import type { paths as Api } from './schema.gen'
import type { ProfitReport, Session } from './types'

export const keys = {
  setup: ['setup'],
  session: ['session'],
  stores: ['stores'],
  connections: ['connections'],
  syncs: ['syncs'],
  sync: (id: string) => ['syncs', id],
  reports: ['reports'],
  orders: ['orders'],
  products: ['products'],
  rates: ['rates'],
  workspace: ['workspace'],
  imports: ['imports'],
  import: (id: string) => ['imports', 'one', id],
  costs: ['costs'],
  reconciliation: ['reconciliation'],
  people: ['people'],
  tokens: ['tokens'],
  sessions: ['sessions'],
  secondFactor: ['second-factor'],
  passkeys: ['passkeys'],
  audit: ['audit'],
  customers: ['customers'],
  privacy: ['privacy'],
  changeSets: ['change-sets'],
  changeSet: (id: string) => ['change-sets', 'one', id],
  stops: ['stops'],
  notices: ['notices'],
  channels: ['channels'],
  guardrails: (store: string) => ['guardrails', store],
  agents: ['agents'],
  agent: (id: string, store: string) => ['agents', 'one', store, id],
  runs: ['runs'],
  run: (id: string) => ['runs', 'one', id],
  jobs: ['jobs'],
  health: ['health'],
  conversations: ['conversations'],
  conversation: (id: string) => ['conversation', id],
  inventory: ['inventory'],
  forecasts: ['forecasts'],
  suppliers: ['suppliers'],
  catalogues: ['catalogues'],
  campaigns: ['campaigns'],
  segments: ['segments'],
  analysis: ['analysis'],
  whatIf: ['what-if'],
  support: ['support'],
  opportunities: ['opportunities'],
  purchaseOrders: ['purchase-orders'],
  inventorySettings: ['inventory-settings'],
} as const

export const setupQuery = queryOptions({
  queryKey: keys.setup,
  queryFn: () => body(api.GET('/v1/setup')),
  staleTime: 60_000,
})

export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: async () => {
    const session = await body(api.GET('/v1/auth/me'))
    setCsrfToken(session.csrf_token ?? '')
    return session
  },
  staleTime: 5 * 60_000,
  retry: false,
})

export const storesQuery = queryOptions({
  queryKey: keys.stores,
  queryFn: async () => (await body(api.GET('/v1/stores'))).stores,
  staleTime: 30_000,
})

export const connectionsQuery = queryOptions({
  queryKey: keys.connections,
  queryFn: async () => (await body(api.GET('/v1/connections'))).connections,
  staleTime: 15_000,
})

export const supplierAccountsQuery = queryOptions({
  queryKey: [...keys.catalogues, 'accounts'],
  queryFn: async () => (await body(api.GET('/v1/supplier-accounts'))).supplier_accounts,
})

export const workspaceQuery = queryOptions({
  queryKey: keys.workspace,
  queryFn: () => body(api.GET('/v1/workspace')),
  staleTime: 60_000,
})

const MOVING = new Set<string>(['queued', 'running', 'cancelling'])

export function isMoving(status: string | undefined): boolean {
  return status !== undefined && MOVING.has(status)
}

export function syncQuery(id: string) {
  return queryOptions({
    queryKey: keys.sync(id),
    queryFn: () => body(api.GET('/v1/syncs/{id}', { params: { path: { id } } })),
    // The stream patches this; asking now and then covers a stream that is cut.
    refetchInterval: query => (isMoving(query.state.data?.status) ? 2_000 : false),
  })
}

/** How many change-sets wait for a decision: the number beside Inbox. */
export const waitingQuery = queryOptions({
  queryKey: [...keys.changeSets, 'waiting'],
  queryFn: async () =>
    (await body(api.GET('/v1/change-sets', { params: { query: { status: 'proposed', limit: 1 } } }))).waiting,
  staleTime: 30_000,
})

/** What one has not read: the second number beside Inbox. */
export const unreadQuery = queryOptions({
  queryKey: [...keys.notices, 'unread'],
  queryFn: async () =>
    (await body(api.GET('/v1/notifications', { params: { query: { unread: true, limit: 1 } } }))).unread,
  staleTime: 30_000,
})

export const stopsQuery = queryOptions({
  queryKey: keys.stops,
  queryFn: async () => (await body(api.GET('/v1/stops'))).stops,
  staleTime: 30_000,
})

const LOOK_AT_WORK_EVERY_MS = 2_000

export function agentsQuery(store: string) {
  return queryOptions({
    queryKey: [...keys.agents, 'list', store],
    queryFn: () => body(api.GET('/v1/agents', { params: { query: { store } } })),
    // The stream tells of changes; asking now and then covers a stream that is cut.
    refetchInterval: query =>
      query.state.data?.agents.some(agent => agent.open_run) ? LOOK_AT_WORK_EVERY_MS : false,
  })
}

export function useStores() {
  return useQuery(storesQuery)
}

export function useSession(): Session | undefined {
  return useQuery({ ...sessionQuery, enabled: false }).data
}

export type ProfitQuery = NonNullable<Api['/v1/reports/profit']['get']['parameters']['query']>

/** The same address answers with CSV when it is asked for that. */
export async function profitReport(query: ProfitQuery): Promise<ProfitReport> {
  const report = await body(api.GET('/v1/reports/profit', { params: { query } }))
  if (typeof report === 'string') throw new TypeError('the report came as text')
  return report
}
