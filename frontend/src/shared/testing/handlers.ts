/**
 * The mock backend. Keeps state like the server does, and fails on purpose for these inputs:
 * set-up code "WRONG", password "wrong password here", shop "unknown", token "shpat_bad",
 * search for "explode", order 404; what `access` and `second-factor` name.
 */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { Connection, ProductSummary, Session, Store } from '@/shared/api/types'
import { todayIn } from '@/shared/format/time'
import { accessHandlers, PERMISSIONS } from './access'
import { accuracyHandlers } from './accuracy'
import { agentHandlers } from './agents'
import { analysisHandlers } from './analysis'
import { assistantHandlers } from './assistant'
import { campaignHandlers } from './campaigns'
import { catalogueHandlers } from './catalogues'
import { changeHandlers } from './changes'
import { costHandlers } from './costs'
import { customerHandlers } from './customers'
import { figureHandlers } from './figures'
import { healthHandlers } from './health'
import { importHandlers } from './imports'
import { integrationHandlers } from './integrations'
import { inventoryHandlers } from './inventory'
import { inventorySettingsHandlers } from './inventory-settings'
import { notificationHandlers } from './notifications'
import { opportunityHandlers } from './opportunities'
import { passkeyHandlers } from './passkeys'
import { pictureHandlers } from './pictures'
import { purchaseOrderHandlers } from './purchase-orders'
import { rateHandlers } from './rates'
import { recommendationHandlers } from './recommendations'
import { reconciliationHandlers } from './reconciliation'
import {
  CURRENCY,
  orderAnswer,
  orderSummary,
  productAnswer,
  productRefunds,
  productSummary,
  profit,
  pulse,
  STORE,
  TIMEZONE,
} from './reports'
import { ruleHandlers } from './rules'
import { PROTECTED, pendingStep, secondFactorHandlers } from './second-factor'
import { secretHandlers } from './secrets'
import { segmentHandlers } from './segments'
import { makeShop, type Shop } from './shop'
import { supplierHandlers } from './suppliers'
import { supportHandlers } from './support'
import { MockSync } from './sync'
import { whatIfHandlers } from './what-if'

export type Stage = 'fresh' | 'ready'

interface State {
  owner: boolean
  signedIn: boolean
  connected: boolean
  sync: MockSync | null
  shop: Shop
}

const SESSION: Session = {
  user: { id: 'user_1', email: 'olivia@hearth.example', role: 'owner' },
  workspace: { id: 'ws_1', name: 'Hearth & Harbour' },
  permissions: PERMISSIONS.map(permission => permission.name),
  csrf_token: 'csrf-of-the-mock',
}

function problem(status: number, detail: string, errors?: { field: string; message: string }[]) {
  const title = `Status ${status}`
  return HttpResponse.json(
    {
      type: 'about:blank',
      title,
      status,
      detail,
      error: title,
      message: detail,
      path: '',
      request_id: 'req_mock',
      ...(errors && { errors }),
    },
    { status, headers: { 'content-type': 'application/problem+json' } },
  )
}

export function mockHandlers(stage: Stage = 'fresh', syncMs = 6_000): RequestHandler[] {
  const ready = stage === 'ready'
  const state: State = {
    owner: ready,
    signedIn: ready,
    connected: ready,
    sync: ready ? MockSync.finished() : null,
    shop: makeShop(todayIn(TIMEZONE)),
  }
  const board = { stops: [] }
  const enter = () => {
    state.signedIn = true
    return SESSION
  }
  return [
    ...peopleHandlers(state),
    ...secondFactorHandlers(enter),
    ...passkeyHandlers(enter),
    ...accessHandlers(),
    ...connectionHandlers(state, syncMs),
    ...factHandlers(state),
    ...integrationHandlers(),
    ...rateHandlers(),
    ...notificationHandlers(),
    ...secretHandlers(),
    ...figureHandlers(state.shop),
    ...importHandlers(STORE.id, ready),
    ...costHandlers(state.shop),
    ...reconciliationHandlers(todayIn(TIMEZONE)),
    ...customerHandlers(),
    ...inventoryHandlers(state.shop),
    ...healthHandlers(),
    ...inventorySettingsHandlers(),
    ...supplierHandlers(),
    ...campaignHandlers(state.shop.lastDay),
    ...segmentHandlers(),
    ...catalogueHandlers(),
    ...pictureHandlers(),
    ...analysisHandlers(),
    ...recommendationHandlers(),
    ...whatIfHandlers(),
    ...supportHandlers(),
    ...opportunityHandlers(),
    ...assistantHandlers(),
    ...purchaseOrderHandlers(state.shop),
    ...accuracyHandlers(state.shop.lastDay),
    ...changeHandlers(state.shop, board),
    ...agentHandlers(state.shop, board),
    ...ruleHandlers(),
    streamHandler(),
  ]
}

function peopleHandlers(state: State): RequestHandler[] {
  return [
    http.get('*/v1/setup', () =>
      HttpResponse.json({
        needs_owner: !state.owner,
        sandbox_available: true,
        sandboxes: 1,
        version: '0.1.0',
        api_docs: '/docs',
      }),
    ),
    http.get('*/v1/auth/me', () =>
      state.signedIn ? HttpResponse.json(SESSION) : problem(401, 'Sign in first.'),
    ),
    http.post('*/v1/auth/setup', async ({ request }) => {
      const input = (await request.json()) as { setup_code: string }
      if (input.setup_code === 'WRONG') return problem(403, 'This is not the code that the terminal printed.')
      state.owner = true
      state.signedIn = true
      return HttpResponse.json(SESSION, { status: 201 })
    }),
    http.post('*/v1/auth/login', async ({ request }) => {
      const input = (await request.json()) as { email: string; password: string }
      if (input.password === 'wrong password here') return problem(401, 'E-mail or password is wrong.')
      if (input.email === PROTECTED) return HttpResponse.json(pendingStep(), { status: 202 })
      state.signedIn = true
      return HttpResponse.json(SESSION)
    }),
    http.post('*/v1/auth/logout', () => {
      state.signedIn = false
      return new HttpResponse(null, { status: 204 })
    }),
  ]
}

function connectionHandlers(state: State, syncMs: number): RequestHandler[] {
  const start = () => {
    state.sync = new MockSync(syncMs, state.shop)
    return state.sync.answer()
  }
  return [
    http.get('*/v1/stores', () => HttpResponse.json({ stores: state.connected ? [storeOf(state)] : [] })),
    http.get('*/v1/connections', () =>
      HttpResponse.json({ connections: state.connected ? [connectionOf(state)] : [] }),
    ),
    http.post('*/v1/connections', async ({ request }) => {
      if (!request.headers.get('x-csrf-token')) return problem(403, 'The CSRF token is missing.')
      const input = (await request.json()) as { shop?: string; access_token?: string; start_sync?: boolean }
      if (input.shop === 'unknown') {
        return problem(422, 'No such shop.', [
          { field: 'shop', message: 'Shopify knows no shop “unknown.myshopify.com”. Check the spelling.' },
        ])
      }
      if (input.access_token === 'shpat_bad') {
        return problem(422, 'The token was refused.', [
          {
            field: 'access_token',
            message: 'Shopify refused this token. Install the app again and copy the new one.',
          },
        ])
      }
      state.connected = true
      if (input.start_sync) start()
      return HttpResponse.json(connectionOf(state), { status: 201 })
    }),
    http.post('*/v1/connections/:id/check', () => HttpResponse.json(connectionOf(state))),
    http.delete('*/v1/connections/:id', () => {
      state.connected = false
      return new HttpResponse(null, { status: 204 })
    }),
    http.get('*/v1/syncs', () =>
      HttpResponse.json({ syncs: state.sync ? [state.sync.answer()] : [], next_cursor: null }),
    ),
    http.get('*/v1/syncs/:id', () =>
      state.sync ? HttpResponse.json(state.sync.answer()) : problem(404, 'No such sync.'),
    ),
    http.post('*/v1/syncs', () => HttpResponse.json(start(), { status: 202 })),
    http.post('*/v1/syncs/:id/cancel', () => HttpResponse.json(state.sync?.cancel(), { status: 202 })),
    http.post('*/v1/syncs/:id/resume', () => HttpResponse.json(state.sync?.resume(), { status: 202 })),
  ]
}

function storeOf(state: State): Store {
  const sync = state.sync?.answer()
  return {
    ...STORE,
    shop_domain: 'hearth-harbour.myshopify.com',
    currency: CURRENCY,
    timezone: TIMEZONE,
    is_sandbox: true,
    connection_id: 'con_1',
    first_day: state.shop.firstDay,
    last_day: state.shop.lastDay,
    orders: state.shop.orders.length,
    as_of: new Date(Date.now() - 90_000).toISOString(),
    sync: sync ? { id: sync.id, status: sync.status, progress: sync.progress ?? null } : null,
  }
}

function connectionOf(state: State): Connection {
  const at = new Date(Date.now() - 90_000).toISOString()
  const sync = state.sync?.answer()
  const moving = sync && ['queued', 'running', 'cancelling'].includes(sync.status)
  const fact = (kind: string, count: number) => ({
    kind,
    count,
    newest_at: at,
    last_success_at: at,
    last_error: null,
  })
  return {
    id: 'con_1',
    provider: 'shopify',
    name: STORE.name,
    store_id: STORE.id,
    shop_domain: 'hearth-harbour.myshopify.com',
    state: 'sandbox',
    is_sandbox: true,
    state_reason: null,
    api_version: '2026-10',
    api_version_answered: '2026-10',
    currency: CURRENCY,
    timezone: TIMEZONE,
    scopes: {
      granted: ['read_orders', 'read_all_orders', 'read_products', 'read_inventory', 'read_customers'],
      missing: [
        {
          scope: 'read_shopify_payments_payouts',
          costs: 'payouts are not reconciled; fees come from transactions alone.',
          severity: 'recommended',
        },
      ],
    },
    webhooks: { state: 'ok', detail: '8 subscriptions', last_received_at: at },
    breaker: { read: { state: 'closed', until: null }, write: { state: 'closed', until: null } },
    facts: [
      fact('orders', state.shop.orders.length),
      fact('products', state.shop.products.length),
      fact('customers', 312),
      fact('inventory', 16),
    ],
    last_success_at: at,
    last_error: null,
    reconciliation: {
      store: { id: STORE.id, name: STORE.name },
      state: 'unexplained',
      days_checked: 30,
      days_unchecked: 0,
      days_unexplained: 1,
      difference: '12.00',
      unexplained: '12.00',
      currency: CURRENCY,
      as_of: at,
    },
    current_sync_id: moving ? sync.id : null,
    created_at: at,
  }
}

function factHandlers({ shop }: State): RequestHandler[] {
  const period = (url: URL) => ({
    from: url.searchParams.get('from') ?? shop.firstDay,
    to: url.searchParams.get('to') ?? shop.lastDay,
  })
  return [
    http.get('*/v1/reports/pulse', ({ request }) => {
      const url = new URL(request.url)
      return HttpResponse.json(pulse(shop, period(url), url.searchParams.get('compare')))
    }),
    http.get('*/v1/reports/profit', ({ request }) => {
      const url = new URL(request.url)
      const report = profit(
        shop,
        period(url),
        url.searchParams.get('by') ?? 'day',
        url.searchParams.get('compare'),
      )
      if (url.searchParams.get('format') !== 'csv') return HttpResponse.json(report)
      const lines = report.rows.map(row => `${row.key},${row.net_sales},${row.net_profit ?? ''}`)
      return new HttpResponse(`key,net_sales,net_profit\n${lines.join('\n')}\n`, {
        headers: { 'content-type': 'text/csv' },
      })
    }),
    http.get('*/v1/orders', ({ request }) => orderList(shop, new URL(request.url))),
    http.get('*/v1/orders/:id', ({ params }) => {
      const order = shop.orders.find(candidate => candidate.id === params.id)
      return order ? HttpResponse.json(orderAnswer(order)) : problem(404, 'There is no such order.')
    }),
    http.get('*/v1/products', ({ request }) => {
      const url = new URL(request.url)
      const text = (url.searchParams.get('q') ?? '').toLowerCase()
      const cost = url.searchParams.get('cost')
      const list = shop.products
        .filter(product => product.title.toLowerCase().includes(text))
        .filter(product => !cost || (cost === 'missing') === (product.cost === null))
        .map(product => productSummary(product, shop, period(url)))
        .sort(earnedOrder(url.searchParams.get('sort') ?? 'title'))
      return HttpResponse.json({ products: list, total: list.length, next_cursor: null, currency: CURRENCY })
    }),
    http.get('*/v1/products/:id/refunds', ({ params, request }) => {
      const product = shop.products.find(candidate => candidate.id === params.id)
      if (!product) return problem(404, 'There is no such product.')
      return HttpResponse.json(productRefunds(product, shop, period(new URL(request.url))))
    }),
    http.get('*/v1/products/:id', ({ params, request }) => {
      const product = shop.products.find(candidate => candidate.id === params.id)
      if (!product) return problem(404, 'There is no such product.')
      return HttpResponse.json(productAnswer(product, shop, period(new URL(request.url))))
    }),
  ]
}

/** As the server sorts: what is not known stands last, either way. */
function earnedOrder(sort: string) {
  const down = sort.startsWith('-')
  const field = sort.replace(/^-/, '')
  const value = (product: ProductSummary) => {
    const row = product.performance
    const found = field === 'units' ? row?.units : field === 'net_sales' ? row?.net_sales : row?.net_profit
    return found == null ? null : Number(found)
  }
  return (left: ProductSummary, right: ProductSummary) => {
    if (field === 'title') return left.title.localeCompare(right.title)
    const [a, b] = [value(left), value(right)]
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    return down ? b - a : a - b
  }
}

function orderList(shop: Shop, url: URL) {
  const get = (name: string) => url.searchParams.get(name)
  const text = (get('q') ?? '').toLowerCase()
  if (text === 'explode') return problem(500, 'The database did not answer.')
  const limit = Number(get('limit') ?? 50)
  const from = Number(get('cursor') ?? 0)
  const list = shop.orders
    .filter(
      order => order.name.toLowerCase().includes(text) || order.product.title.toLowerCase().includes(text),
    )
    .filter(
      order =>
        (!get('from') || order.day >= (get('from') ?? '')) && (!get('to') || order.day <= (get('to') ?? '')),
    )
    .filter(order => !get('product_id') || order.product.id === get('product_id'))
    .filter(order => get('has') !== 'refund' || order.returned > 0)
    .filter(order => get('has') !== 'cancelled' || order.cancelled)
    .map(orderSummary)
    .reverse()
  const next = from + limit
  return HttpResponse.json({
    orders: list.slice(from, next),
    total: list.length,
    next_cursor: next < list.length ? String(next) : null,
  })
}

function streamHandler(): RequestHandler {
  return http.get('*/v1/stream', () => {
    const text = new TextEncoder()
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(text.encode(': ping\n\n'))
      },
    })
    return new HttpResponse(stream, { headers: { 'content-type': 'text/event-stream' } })
  })
}
