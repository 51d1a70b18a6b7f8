/**
 * What comes with the first page, by the first part of its address. Each address of the application needs a line here: without
 * one this does not compile.
 */
import type { paths } from '../src/shared/paths.ts'
import type { Page } from './vite-preload-pages.ts'

type Address = (typeof paths)[keyof typeof paths]
type FirstOf<A extends string> = A extends `/${infer First}/${string}`
  ? First
  : A extends `/${infer Only}`
    ? Only
    : never

/** Only who brings a session's cookie gets it. */
const inside = (module: string): Page => ({ module, answers: ['/v1/auth/me', '/v1/stores'], signedIn: true })

/** For everybody; it asks nothing that would be refused without a session. */
const outside = (module: string, ...answers: string[]): Page => ({ module, answers, signedIn: false })

export const PAGES: Record<FirstOf<Address>, Page> = {
  '': inside('pulse'),
  pnl: inside('pnl'),
  products: inside('products'),
  inventory: inside('inventory'),
  accuracy: inside('accuracy'),
  brief: inside('analysis'),
  anomalies: inside('analysis'),
  recommendations: inside('recommendations'),
  'what-if': inside('what-if'),
  support: inside('support'),
  suppliers: inside('suppliers'),
  catalogues: inside('catalogues'),
  campaigns: inside('campaigns'),
  opportunities: inside('opportunities'),
  'purchase-orders': inside('purchase-orders'),
  customers: inside('customers'),
  orders: inside('orders'),
  costs: inside('costs'),
  assistant: inside('assistant'),
  inbox: inside('changes'),
  'change-sets': inside('changes'),
  agents: inside('agents'),
  runs: inside('agents'),
  rules: inside('rules'),
  jobs: inside('jobs'),
  health: inside('health'),
  reconciliation: inside('reconciliation'),
  connections: inside('connections'),
  syncs: inside('connections'),
  start: inside('connections'),
  settings: inside('settings'),
  imports: inside('imports'),
  login: outside('session', '/v1/setup', '/v1/auth/methods'),
  setup: outside('session', '/v1/setup'),
  forgot: outside('session'),
  join: outside('people'),
}
