/**
 * The mock's stock and forecasts: of the made-up shop, one variant for each product, with the mean of its last four weeks as what is expected. Keeps state:
 * a forecast that is asked for goes on with each look at it. Fails on purpose: search for "explode", variant 404.
 */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { ForecastRun, InventoryItem, InventoryList, InventoryVariant } from '@/shared/api/types'
import { addDays, daysBetween } from '@/shared/format/time'
import { CURRENCY, STORE } from './reports'
import { cents, type MockProduct, type Shop } from './shop'

const HORIZON = 28
const BACK = 180
/** How many days of its own demand each product has in stock; then those that stand apart. */
const COVER = [0, 2.2, 5, 10, 30, 9, 40, 21, 400, 6.1, 55, 25, 33, 17]
const UNTRACKED = 4
const YOUNG = 14
const DEAD = 15

export const variantIdOf = (product: MockProduct) => `${product.id}1`

function soldOn(shop: Shop, product: MockProduct, from: string, to: string): Map<string, number> {
  const days = new Map<string, number>()
  for (const order of shop.orders) {
    if (order.product.id !== product.id || order.cancelled || order.day < from || order.day > to) continue
    days.set(order.day, (days.get(order.day) ?? 0) + order.quantity)
  }
  return days
}

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0)

function urgencyOf(cover: number | null): InventoryItem['urgency'] {
  if (cover === null) return 'unknown'
  if (cover <= 0) return 'out'
  return cover < 3 ? 'critical' : cover < 7 ? 'high' : cover < 14 ? 'medium' : 'low'
}

export function mockItem(shop: Shop, product: MockProduct): InventoryItem {
  const today = shop.lastDay
  const index = shop.products.indexOf(product)
  const sold = (days: number) => sum(soldOn(shop, product, addDays(today, -days), today).values())
  const perDay = index === DEAD ? 0 : Math.max(0.05, sold(28) / 28)
  const tracked = index !== UNTRACKED
  const young = index === YOUNG
  const stock = tracked ? (index === DEAD ? 38 : Math.round((COVER[index] ?? 20) * perDay)) : null
  const onOrder = index === 2 || index === 9 ? 24 : 0
  const cover = stock === null ? null : index === DEAD ? null : stock / perDay
  const urgency = stock === null ? 'unknown' : index === DEAD ? 'low' : urgencyOf(cover)
  const lead = product.vendor === 'Nordlys' ? null : { mean_days: 9, sd_days: 2 }
  const out = (factor: number) =>
    cover !== null && cover * factor < 365 ? addDays(today, Math.floor(cover * factor)) : null
  const point = lead && stock !== null ? perDay * lead.mean_days + 1.64 * Math.sqrt(perDay * 12) : null
  const position = stock === null ? null : stock + onOrder + (index === 0 ? 12 : 0)
  const needs = point !== null && position !== null && position <= point
  const quantity = point === null ? null : needs ? Math.ceil((perDay * 30) / 6) * 6 : 0
  const cost = product.cost === null ? null : cents(product.cost)
  const over = index === 8 && stock !== null ? Math.round(stock * 0.55) : index === DEAD ? 38 : 0
  const unavailable: Record<string, string> = {}
  const unknown = (why: string, ...fields: string[]) => {
    for (const field of fields) unavailable[field] ??= why
  }
  const NO_LEAD = 'no lead time is set for this variant, its vendor or the store'
  if (!lead) unknown(NO_LEAD, 'lead_time', 'reorder.point', 'reorder.quantity')
  if (!tracked)
    unknown(
      'the shop does not count it',
      'available',
      'cover_days',
      'stock_out',
      'position',
      'reorder.quantity',
    )
  if (!cost) unknown('the cost of a unit is not known', 'value', 'reorder.unit_cost', 'reorder.cost')
  return {
    variant_id: variantIdOf(product),
    product_id: product.id,
    title: product.title,
    sku: index % 4 === 3 ? null : `HH-${product.id}`,
    vendor: product.vendor,
    product_type: index % 2 === 0 ? 'Desk' : 'Home',
    image_url: null,
    tracked,
    on_hand: stock === null ? null : stock + (index % 3),
    available: stock,
    committed: stock === null ? null : index % 3,
    incoming: stock === null ? null : 0,
    on_order: onOrder,
    uncounted: index === 0 ? 12 : 0,
    position,
    locations: [
      {
        id: '70001',
        name: 'Main',
        on_hand: stock === null ? null : stock + (index % 3),
        available: stock,
        committed: stock === null ? null : index % 3,
        incoming: stock === null ? null : 0,
      },
    ],
    demand: {
      per_day: perDay,
      next_28: perDay * HORIZON,
      sold_7: sold(7),
      sold_28: sold(28),
      sold_90: sold(90),
      sell_through: stock === null ? null : sold(28) / Math.max(1, sold(28) + stock),
      lost_28: index === 0 ? perDay * 3 : 0,
      history: young ? 'too_little' : 'enough',
    },
    cover_days: cover !== null && cover > 365 ? null : cover,
    stock_out:
      stock === null
        ? null
        : {
            earliest: out(0.75),
            expected: out(1),
            latest: out(1.4),
            beyond_forecast: (cover ?? 0) > HORIZON,
          },
    urgency,
    abc: product.cost === null ? 'unknown' : index < 4 ? 'a' : index < 9 ? 'b' : 'c',
    xyz: index % 3 === 0 ? 'x' : index % 3 === 1 ? 'y' : 'z',
    states: [
      ...(needs ? (['reorder'] as const) : []),
      ...(index === 8 ? (['overstock'] as const) : []),
      ...(index === DEAD ? (['dead', 'overstock'] as const) : []),
      ...(tracked ? [] : (['untracked'] as const)),
    ],
    lead_time: lead && {
      ...lead,
      source: index % 2 === 0 ? 'vendor' : 'orders',
      orders: index % 2 === 0 ? 0 : 4,
    },
    reorder: {
      point,
      safety_stock: point === null || !lead ? null : point - perDay * lead.mean_days,
      order_by: lead && cover !== null && out(1) ? addDays(out(1) ?? today, -lead.mean_days) : null,
      quantity,
      economic_quantity: quantity === null || !cost ? null : perDay * 31.4,
      unit_cost: cost,
      cost: quantity === null || product.cost === null ? null : cents(product.cost * quantity),
    },
    value: stock === null || product.cost === null ? null : cents(product.cost * stock),
    overstock: {
      units: stock === null ? null : over,
      value: stock === null || product.cost === null ? null : cents(product.cost * over),
    },
    last_sold_on:
      index === DEAD ? addDays(today, -121) : ([...soldOn(shop, product, '', today).keys()].at(-1) ?? null),
    unavailable,
  }
}

const SOONEST: Record<string, (item: InventoryItem) => number | string> = {
  urgency: item => (item.urgency === 'unknown' ? 1e6 : (item.cover_days ?? 1e5)),
  cover: item => (item.urgency === 'unknown' ? 1e6 : (item.cover_days ?? 1e5)),
  '-cover': item => (item.urgency === 'unknown' ? 1e6 : -(item.cover_days ?? 1e5)),
  title: item => item.title,
  '-value': item => (item.value == null ? 1e9 : -Number(item.value)),
  '-units': item => -item.demand.sold_28,
}

function sorted(items: InventoryItem[], sort: string): InventoryItem[] {
  const of = SOONEST[sort] ?? SOONEST.urgency
  return items.toSorted((left, right) => {
    const [a, b] = [of?.(left) ?? 0, of?.(right) ?? 0]
    return typeof a === 'string' ? a.localeCompare(String(b)) : a - Number(b)
  })
}

function matching(items: InventoryItem[], url: URL): InventoryItem[] {
  const get = (name: string) => url.searchParams.get(name)
  const text = (get('q') ?? '').toLowerCase()
  return items.filter(
    item =>
      [item.title, item.sku ?? '', item.vendor ?? ''].some(part => part.toLowerCase().includes(text)) &&
      (!get('urgency') || item.urgency === get('urgency')) &&
      (!get('state') || item.states.some(state => state === get('state'))) &&
      (!get('abc') || item.abc === get('abc')) &&
      (!get('xyz') || item.xyz === get('xyz')) &&
      (!get('vendor') || item.vendor === get('vendor')),
  )
}

function summaryOf(items: InventoryItem[]): InventoryList['summary'] {
  const urgent = (urgency: InventoryItem['urgency']) => items.filter(item => item.urgency === urgency).length
  const state = (name: string) => items.filter(item => item.states.some(found => found === name))
  const worth = (list: InventoryItem[], of: (item: InventoryItem) => string | null | undefined) =>
    cents(Math.round(sum(list.map(item => Number(of(item) ?? 0) * 100))))
  return {
    variants: items.length,
    out: urgent('out'),
    critical: urgent('critical'),
    high: urgent('high'),
    medium: urgent('medium'),
    low: urgent('low'),
    unknown: urgent('unknown'),
    reorder: state('reorder').length,
    overstock: state('overstock').length,
    dead: state('dead').length,
    slow: state('slow').length,
    without_cost: items.filter(item => item.value == null && (item.available ?? 0) > 0).length,
    stock_value: worth(items, item => item.value),
    overstock_value: worth(state('overstock'), item => item.overstock.value),
    dead_value: null,
    unavailable: { dead_value: 'the cost of what is dead is not known' },
  }
}

function variantOf(shop: Shop, product: MockProduct): InventoryVariant {
  const item = mockItem(shop, product)
  const today = shop.lastDay
  const index = shop.products.indexOf(product)
  const sold = soldOn(shop, product, addDays(today, -BACK), today)
  const rate = item.demand.per_day ?? 0
  const young = index === YOUNG
  const known = daysBetween(shop.firstDay, today)
  const history = Array.from(
    { length: young ? 20 : Math.min(BACK, known) },
    (_, at, all = young ? 20 : Math.min(BACK, known)) => {
      const day = addDays(today, at - all)
      const out = index === 0 && all - at <= 3
      return {
        day,
        sold: sold.get(day) ?? 0,
        returned: 0,
        demand: out ? null : (sold.get(day) ?? 0),
        stock:
          all - at > 8 || item.available == null
            ? null
            : out
              ? 0
              : item.available + Math.round(rate * (all - at)),
      }
    },
  )
  const weekly = (day: string) => (new Date(`${day}T00:00:00Z`).getUTCDay() % 6 === 0 ? 1.4 : 0.84)
  const steps = Array.from({ length: HORIZON }, (_, at) => {
    const day = addDays(today, at)
    const mean = rate * weekly(day)
    return {
      day,
      mean,
      point: Math.round(mean),
      p10: Math.max(0, Math.floor(mean - 1.3)),
      p90: Math.ceil(mean + 1.6),
    }
  })
  const arrivals =
    item.on_order > 0
      ? [
          { day: addDays(today, 6), units: item.on_order, purchase_order_id: 'po_1', number: 'PO-0007' },
          { day: null, units: 6, purchase_order_id: 'po_8', number: 'PO-0008' },
        ]
      : []
  const cover =
    item.available == null
      ? []
      : steps.map(({ day }, at) => {
          const there =
            (item.available ?? 0) +
            sum(arrivals.filter(one => one.day !== null && one.day <= day).map(one => one.units))
          const used = sum(steps.slice(0, at + 1).map(step => step.mean))
          const spread = 1.3 * Math.sqrt(used)
          const left = (value: number) => Math.max(0, there - value)
          return {
            day,
            low: left(used + spread),
            expected: left(used),
            high: left(Math.max(0, used - spread)),
          }
        })
  return {
    ...item,
    history,
    forecast: {
      level: 'variant',
      variant_id: item.variant_id,
      product_id: null,
      title: item.title,
      state: 'ready',
      made_at: new Date(Date.now() - 5 * 3_600_000).toISOString(),
      first: today,
      steps,
      levels: [80],
      model: young
        ? 'theta 1.00'
        : 'theta 0.40 + seasonal naive 0.30 + weekly median of 8 weeks 0.20 + TSB 0.06 + Croston SBA 0.04',
      trained: {
        from: history[0]?.day ?? today,
        to: addDays(today, -1),
        days: history.length,
        censored: index === 0 ? 3 : 0,
      },
      own_past: young ? null : { mase: 0.88, wape: 0.74, coverage: 0.81, origins: 6 },
      history: item.demand.history,
      history_reason: young
        ? 'too little history: 20 of 28 days; the level is borrowed from its product type'
        : null,
      borrowed_from: young ? (item.product_type ?? null) : null,
      reused: false,
      past: history.map(({ day, demand }) => ({ day, demand })),
      unavailable: {},
    },
    cover,
    arrivals,
    settings: { lead_time: null, pack: null, minimum: null, supplier_id: null },
    components: [],
    part_of: [],
    currency: CURRENCY,
    today,
  }
}

const problem = (status: number, detail: string) =>
  HttpResponse.json(
    { type: 'about:blank', title: `Status ${status}`, status, detail, request_id: 'req_mock' },
    { status, headers: { 'content-type': 'application/problem+json' } },
  )

function newRun(day: string, more: Partial<ForecastRun>): ForecastRun {
  const at = new Date(Date.now() - 5 * 3_600_000).toISOString()
  return {
    id: 'frun_1',
    store_id: STORE.id,
    trigger: 'schedule',
    status: 'succeeded',
    day,
    done: 16,
    total: 16,
    refitted: 16,
    reused: 0,
    too_little: 1,
    scored_days: 1,
    seconds: 1.2,
    created_at: at,
    started_at: at,
    finished_at: at,
    error: null,
    ...more,
  }
}

export function inventoryHandlers(shop: Shop): RequestHandler[] {
  const today = shop.lastDay
  const items = shop.products.map(product => mockItem(shop, product))
  let run = newRun(today, {})
  const isMoving = () => run.status === 'queued' || run.status === 'running'
  const goOn = () => {
    if (!isMoving()) return
    const done = Math.min(16, run.done + 6)
    run = { ...run, status: done === 16 ? 'succeeded' : 'running', done, total: 16 }
    if (done === 16) run.finished_at = new Date().toISOString()
  }
  return [
    http.get('*/v1/inventory', ({ request }) => {
      const url = new URL(request.url)
      if (url.searchParams.get('q') === 'explode') return problem(500, 'The database did not answer.')
      const limit = Number(url.searchParams.get('limit') ?? 50)
      const from = Number(url.searchParams.get('cursor') ?? 0)
      const found = sorted(matching(items, url), url.searchParams.get('sort') ?? 'urgency')
      return HttpResponse.json({
        items: found.slice(from, from + limit),
        total: found.length,
        next_cursor: from + limit < found.length ? String(from + limit) : null,
        currency: CURRENCY,
        today,
        summary: summaryOf(items),
        forecast: {
          as_of: run.finished_at ?? null,
          learned_to: addDays(today, -1),
          state: isMoving() ? 'running' : 'fresh',
          run_id: run.id,
          reason: null,
        },
        stock_history: { since: addDays(today, -8), reason: null },
      } satisfies InventoryList)
    }),
    http.get('*/v1/inventory/:variant', ({ params }) => {
      const product = shop.products.find(candidate => variantIdOf(candidate) === params.variant)
      if (!product) return problem(404, 'There is no such variant.')
      return HttpResponse.json(variantOf(shop, product))
    }),
    http.get('*/v1/forecasts/runs', () => {
      goOn()
      return HttpResponse.json({ runs: [run], total: 1, next_cursor: null })
    }),
    http.post('*/v1/forecasts/runs/:id/cancel', ({ params }) => {
      if (params.id !== run.id || !isMoving()) return problem(409, 'The run has ended.')
      run = { ...run, status: 'cancelled', finished_at: new Date().toISOString() }
      return HttpResponse.json(run, { status: 202 })
    }),
    http.post('*/v1/forecasts/refresh', () => {
      if (isMoving()) return problem(409, 'A forecast is being made already.')
      const now = new Date().toISOString()
      run = newRun(today, {
        id: 'frun_2',
        trigger: 'request',
        status: 'queued',
        done: 0,
        total: null,
        created_at: now,
        finished_at: null,
      })
      return HttpResponse.json(run, { status: 202, headers: { location: `/v1/forecasts/runs/${run.id}` } })
    }),
  ]
}
