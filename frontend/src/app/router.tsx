import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { ApiError } from '@/shared/api/problem'
import { keys, sessionQuery, setupQuery, storesQuery } from '@/shared/api/queries'
import { BASE, paths } from '@/shared/paths'
import type { PageSearch } from '@/shared/range/range'
import { type Ahead, readAhead } from '@/shared/range/use-range'
import { CrashPage, NotFoundPage, PendingPage } from './fallbacks'
import { whenSessionEnds } from './query-client'
import { parseSearch, stringifySearch } from './search'
import { Shell } from './shell/Shell'
import { forgetSignedIn, isLikelySignedIn } from './signed-in'

interface Context {
  client: QueryClient
}

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: NotFoundPage })

/** The URL holds texts; what they mean is read by those who need it. */
function keepTexts(search: Record<string, unknown>): PageSearch {
  return Object.fromEntries(
    Object.entries(search).filter(([, value]) => typeof value === 'string'),
  ) as PageSearch
}

async function signedIn(client: QueryClient, href: string) {
  // Who brought a cookie is most likely signed in: nothing else needs to be asked first. Without an owner nobody is, and asking
  // would only be refused.
  if (!isLikelySignedIn()) await refuseWithoutOwner(client)
  void client.prefetchQuery({ ...storesQuery, meta: { quiet: true } })
  try {
    await client.ensureQueryData(sessionQuery)
  } catch (error) {
    if (!(error instanceof ApiError) || (error.status !== 401 && error.status !== 403)) throw error
    forgetSignedIn()
    client.removeQueries({ queryKey: keys.stores })
    await refuseWithoutOwner(client)
    throw redirect({ to: paths.login, search: { next: href } })
  }
}

async function refuseWithoutOwner(client: QueryClient) {
  const setup = await client.ensureQueryData(setupQuery)
  if (setup.needs_owner) throw redirect({ to: paths.setup })
}

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  pendingComponent: PendingPage,
  validateSearch: keepTexts,
  beforeLoad: ({ context, location }) => signedIn(context.client, location.href),
})

/** Without a store there is nothing to report on: the way leads to choosing one. */
async function needsStore({ context }: { context: Context }) {
  const stores = await context.client.ensureQueryData(storesQuery)
  if (stores.length === 0) throw redirect({ to: paths.start })
}

/** The page's first question leaves before the page is drawn; whoever draws it finds the answer or its promise. */
function ahead(load: () => Promise<{ ahead: Ahead }>) {
  return ({ context, location }: { context: Context; location: { search: PageSearch } }) => {
    void load().then(
      module => {
        const reading = readAhead(context.client, location.search)
        if (reading) void module.ahead(context.client, reading, location.search)
      },
      () => undefined,
    )
  }
}

const pulse = createRoute({
  getParentRoute: () => shell,
  path: paths.pulse,
  beforeLoad: needsStore,
  loader: ahead(() => import('@/modules/pulse')),
  component: lazyRouteComponent(() => import('@/modules/pulse'), 'PulsePage'),
})
const pnl = createRoute({
  getParentRoute: () => shell,
  path: paths.pnl,
  beforeLoad: needsStore,
  loader: ahead(() => import('@/modules/pnl')),
  component: lazyRouteComponent(() => import('@/modules/pnl'), 'PnlPage'),
})
const products = createRoute({
  getParentRoute: () => shell,
  path: paths.products,
  beforeLoad: needsStore,
  loader: ahead(() => import('@/modules/products')),
  component: lazyRouteComponent(() => import('@/modules/products'), 'ProductsPage'),
})
const product = createRoute({
  getParentRoute: () => shell,
  path: paths.product,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/products'), 'ProductPage'),
})
const inventory = createRoute({
  getParentRoute: () => shell,
  path: paths.inventory,
  beforeLoad: needsStore,
  loader: ahead(() => import('@/modules/inventory')),
  component: lazyRouteComponent(() => import('@/modules/inventory'), 'InventoryPage'),
})
const stocked = createRoute({
  getParentRoute: () => shell,
  path: paths.stocked,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/inventory'), 'VariantPage'),
})
const brief = createRoute({
  getParentRoute: () => shell,
  path: paths.brief,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/analysis'), 'BriefPage'),
})
const anomalies = createRoute({
  getParentRoute: () => shell,
  path: paths.anomalies,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/analysis'), 'AnomaliesPage'),
})
const recommendations = createRoute({
  getParentRoute: () => shell,
  path: paths.recommendations,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/recommendations'), 'RecommendationsPage'),
})
const whatIf = createRoute({
  getParentRoute: () => shell,
  path: paths.whatIf,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/what-if'), 'WhatIfPage'),
})
const support = createRoute({
  getParentRoute: () => shell,
  path: paths.support,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/support'), 'SupportPage'),
})
const ticket = createRoute({
  getParentRoute: () => shell,
  path: paths.ticket,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/support'), 'TicketPage'),
})
const accuracy = createRoute({
  getParentRoute: () => shell,
  path: paths.accuracy,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/accuracy'), 'AccuracyPage'),
})
const suppliers = createRoute({
  getParentRoute: () => shell,
  path: paths.suppliers,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/suppliers'), 'SuppliersPage'),
})
const catalogues = createRoute({
  getParentRoute: () => shell,
  path: paths.catalogues,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/catalogues'), 'CataloguesPage'),
})
const campaigns = createRoute({
  getParentRoute: () => shell,
  path: paths.campaigns,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/campaigns'), 'CampaignsPage'),
})
const attribution = createRoute({
  getParentRoute: () => shell,
  path: paths.attribution,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/campaigns'), 'AttributionPage'),
})
const campaign = createRoute({
  getParentRoute: () => shell,
  path: paths.campaign,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/campaigns'), 'CampaignPage'),
})
const opportunities = createRoute({
  getParentRoute: () => shell,
  path: paths.opportunities,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/opportunities'), 'OpportunitiesPage'),
})
const opportunity = createRoute({
  getParentRoute: () => shell,
  path: paths.opportunity,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/opportunities'), 'OpportunityPage'),
})
const purchaseOrders = createRoute({
  getParentRoute: () => shell,
  path: paths.purchaseOrders,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/purchase-orders'), 'PurchaseOrdersPage'),
})
const purchaseOrder = createRoute({
  getParentRoute: () => shell,
  path: paths.purchaseOrder,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/purchase-orders'), 'PurchaseOrderPage'),
})
const costs = createRoute({
  getParentRoute: () => shell,
  path: paths.costs,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/costs'), 'CostsPage'),
})
const customers = createRoute({
  getParentRoute: () => shell,
  path: paths.customers,
  beforeLoad: needsStore,
  loader: ahead(() => import('@/modules/customers')),
  component: lazyRouteComponent(() => import('@/modules/customers'), 'CustomersPage'),
})
const segments = createRoute({
  getParentRoute: () => shell,
  path: paths.segments,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/segments'), 'SegmentsPage'),
})
const customer = createRoute({
  getParentRoute: () => shell,
  path: paths.customer,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/customers'), 'CustomerPage'),
})
const orders = createRoute({
  getParentRoute: () => shell,
  path: paths.orders,
  beforeLoad: needsStore,
  loader: ahead(() => import('@/modules/orders')),
  component: lazyRouteComponent(() => import('@/modules/orders'), 'OrdersPage'),
})
const order = createRoute({
  getParentRoute: () => shell,
  path: paths.order,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/orders'), 'OrderPage'),
})
const reconciliation = createRoute({
  getParentRoute: () => shell,
  path: paths.reconciliation,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/reconciliation'), 'ReconciliationPage'),
})
const assistant = createRoute({
  getParentRoute: () => shell,
  path: paths.assistant,
  component: lazyRouteComponent(() => import('@/modules/assistant'), 'AssistantPage'),
})
const conversation = createRoute({
  getParentRoute: () => shell,
  path: paths.conversation,
  component: lazyRouteComponent(() => import('@/modules/assistant'), 'AssistantPage'),
})
const inbox = createRoute({
  getParentRoute: () => shell,
  path: paths.inbox,
  beforeLoad: needsStore,
  loader: ahead(() => import('@/modules/changes').then(changes => ({ ahead: changes.aheadOfInbox }))),
  component: lazyRouteComponent(() => import('@/modules/changes'), 'InboxPage'),
})
const changeSets = createRoute({
  getParentRoute: () => shell,
  path: paths.changeSets,
  beforeLoad: needsStore,
  loader: ahead(() => import('@/modules/changes').then(changes => ({ ahead: changes.aheadOfChangeSets }))),
  component: lazyRouteComponent(() => import('@/modules/changes'), 'ChangeSetsPage'),
})
const changeSet = createRoute({
  getParentRoute: () => shell,
  path: paths.changeSet,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/changes'), 'ChangeSetPage'),
})
const agents = createRoute({
  getParentRoute: () => shell,
  path: paths.agents,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/agents'), 'AgentsPage'),
})
const agent = createRoute({
  getParentRoute: () => shell,
  path: paths.agent,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/agents'), 'AgentFrame'),
})
const agentOverview = createRoute({
  getParentRoute: () => agent,
  path: '/',
  component: lazyRouteComponent(() => import('@/modules/agents'), 'OverviewTab'),
})
const agentRuns = createRoute({
  getParentRoute: () => agent,
  path: 'runs',
  component: lazyRouteComponent(() => import('@/modules/agents'), 'RunsTab'),
})
const agentSettings = createRoute({
  getParentRoute: () => agent,
  path: 'settings',
  component: lazyRouteComponent(() => import('@/modules/agents'), 'SettingsTab'),
})
const agentRehearsals = createRoute({
  getParentRoute: () => agent,
  path: 'rehearsals',
  component: lazyRouteComponent(() => import('@/modules/agents'), 'RehearsalsTab'),
})
const rules = createRoute({
  getParentRoute: () => shell,
  path: paths.rules,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/rules'), 'RulesPage'),
})
const rule = createRoute({
  getParentRoute: () => shell,
  path: paths.rule,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/rules'), 'RulePage'),
})
const run = createRoute({
  getParentRoute: () => shell,
  path: paths.run,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/agents'), 'RunPage'),
})
const jobs = createRoute({
  getParentRoute: () => shell,
  path: paths.jobs,
  component: lazyRouteComponent(() => import('@/modules/jobs'), 'JobsPage'),
})
const health = createRoute({
  getParentRoute: () => shell,
  path: paths.health,
  component: lazyRouteComponent(() => import('@/modules/health'), 'HealthPage'),
})
const connections = createRoute({
  getParentRoute: () => shell,
  path: paths.connections,
  component: lazyRouteComponent(() => import('@/modules/connections'), 'ConnectionsPage'),
})
const start = createRoute({
  getParentRoute: () => shell,
  path: paths.start,
  component: lazyRouteComponent(() => import('@/modules/connections'), 'StartPage'),
})
const startCosts = createRoute({
  getParentRoute: () => shell,
  path: paths.startCosts,
  beforeLoad: needsStore,
  component: lazyRouteComponent(() => import('@/modules/costs'), 'FirstCosts'),
})
const sync = createRoute({
  getParentRoute: () => shell,
  path: paths.sync,
  component: lazyRouteComponent(() => import('@/modules/connections'), 'SyncPage'),
})

const settings = createRoute({
  getParentRoute: () => shell,
  path: paths.settings,
  component: lazyRouteComponent(() => import('@/modules/settings'), 'SettingsFrame'),
})
const settingsIndex = createRoute({
  getParentRoute: () => settings,
  path: '/',
  component: lazyRouteComponent(() => import('@/modules/settings'), 'SettingsIndex'),
})
const settingsStores = createRoute({
  getParentRoute: () => settings,
  path: 'stores',
  component: lazyRouteComponent(() => import('@/modules/settings'), 'StoresSection'),
})
const settingsCurrencies = createRoute({
  getParentRoute: () => settings,
  path: 'currencies',
  component: lazyRouteComponent(() => import('@/modules/currencies'), 'CurrenciesSection'),
})
const settingsIntegrations = createRoute({
  getParentRoute: () => settings,
  path: 'integrations',
  component: lazyRouteComponent(() => import('@/modules/integrations'), 'IntegrationsSection'),
})
const settingsSecrets = createRoute({
  getParentRoute: () => settings,
  path: 'secrets',
  component: lazyRouteComponent(() => import('@/modules/secrets'), 'SecretsSection'),
})
const settingsGuardrails = createRoute({
  getParentRoute: () => settings,
  path: 'guardrails',
  component: lazyRouteComponent(() => import('@/modules/changes'), 'GuardrailsSection'),
})
const settingsPeople = createRoute({
  getParentRoute: () => settings,
  path: 'people',
  component: lazyRouteComponent(() => import('@/modules/people'), 'PeopleSection'),
})
const settingsRoles = createRoute({
  getParentRoute: () => settings,
  path: 'roles',
  component: lazyRouteComponent(() => import('@/modules/people'), 'RolesSection'),
})
const settingsSessions = createRoute({
  getParentRoute: () => settings,
  path: 'sessions',
  component: lazyRouteComponent(() => import('@/modules/people'), 'SessionsSection'),
})
const settingsSecurity = createRoute({
  getParentRoute: () => settings,
  path: 'security',
  component: lazyRouteComponent(() => import('@/modules/people'), 'SecuritySection'),
})
const settingsTokens = createRoute({
  getParentRoute: () => settings,
  path: 'tokens',
  component: lazyRouteComponent(() => import('@/modules/people'), 'TokensSection'),
})
const settingsNotifications = createRoute({
  getParentRoute: () => settings,
  path: 'notifications',
  component: lazyRouteComponent(() => import('@/modules/notifications'), 'NotificationsSection'),
})
const settingsAudit = createRoute({
  getParentRoute: () => settings,
  path: 'audit',
  component: lazyRouteComponent(() => import('@/modules/people'), 'AuditSection'),
})
const settingsAppearance = createRoute({
  getParentRoute: () => settings,
  path: 'appearance',
  component: lazyRouteComponent(() => import('@/modules/settings'), 'AppearanceSection'),
})

const settingsInventory = createRoute({
  getParentRoute: () => settings,
  path: 'inventory',
  component: lazyRouteComponent(() => import('@/modules/inventory-settings'), 'InventorySection'),
})
const settingsImports = createRoute({
  getParentRoute: () => settings,
  path: 'imports',
  component: lazyRouteComponent(() => import('@/modules/imports'), 'ImportsSection'),
})
const importing = createRoute({
  getParentRoute: () => shell,
  path: paths.import,
  component: lazyRouteComponent(() => import('@/modules/imports'), 'ImportPage'),
})

const missing = createRoute({ getParentRoute: () => shell, path: '$', component: NotFoundPage })

const setup = createRoute({
  getParentRoute: () => root,
  path: paths.setup,
  validateSearch: keepTexts,
  beforeLoad: async ({ context }) => {
    const state = await context.client.ensureQueryData(setupQuery)
    if (!state.needs_owner) throw redirect({ to: paths.login })
  },
  component: lazyRouteComponent(() => import('@/modules/session'), 'SetupPage'),
})
const login = createRoute({
  getParentRoute: () => root,
  path: paths.login,
  validateSearch: keepTexts,
  beforeLoad: ({ context }) => refuseWithoutOwner(context.client),
  component: lazyRouteComponent(() => import('@/modules/session'), 'LoginPage'),
})

const forgot = createRoute({
  getParentRoute: () => root,
  path: paths.forgot,
  validateSearch: keepTexts,
  component: lazyRouteComponent(() => import('@/modules/session'), 'ForgotPage'),
})
const join = createRoute({
  getParentRoute: () => root,
  path: paths.join,
  validateSearch: keepTexts,
  component: lazyRouteComponent(() => import('@/modules/people'), 'JoinPage'),
})

const tree = root.addChildren([
  shell.addChildren([
    pulse,
    pnl,
    products,
    product,
    inventory,
    stocked,
    accuracy,
    brief,
    anomalies,
    recommendations,
    whatIf,
    support,
    ticket,
    suppliers,
    catalogues,
    campaigns,
    attribution,
    campaign,
    opportunities,
    assistant,
    conversation,
    opportunity,
    purchaseOrders,
    purchaseOrder,
    costs,
    customers,
    segments,
    customer,
    orders,
    order,
    reconciliation,
    inbox,
    changeSets,
    changeSet,
    agents,
    agent.addChildren([agentOverview, agentRuns, agentSettings, agentRehearsals]),
    rules,
    rule,
    run,
    jobs,
    health,
    connections,
    start,
    startCosts,
    sync,
    settings.addChildren([
      settingsIndex,
      settingsStores,
      settingsCurrencies,
      settingsIntegrations,
      settingsInventory,
      settingsImports,
      settingsGuardrails,
      settingsPeople,
      settingsRoles,
      settingsSessions,
      settingsSecurity,
      settingsTokens,
      settingsSecrets,
      settingsAudit,
      settingsNotifications,
      settingsAppearance,
    ]),
    importing,
    missing,
  ]),
  setup,
  login,
  forgot,
  join,
])

export function makeRouter(client: QueryClient) {
  const router = createRouter({
    routeTree: tree,
    basepath: BASE,
    context: { client },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: CrashPage,
    defaultNotFoundComponent: NotFoundPage,
    defaultPendingComponent: PendingPage,
    defaultPendingMs: 300,
    scrollRestoration: true,
    parseSearch,
    stringifySearch,
  })
  whenSessionEnds(() => {
    if (router.state.location.pathname === paths.login) return
    client.clear()
    void router.navigate({ to: paths.login, search: { next: router.state.location.href } })
  })
  return router
}
