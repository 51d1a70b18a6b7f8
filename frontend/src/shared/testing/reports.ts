/** Reports and lists over the made-up shop, in the shapes of the API. */
import type {
  OrderAnswer,
  OrderSummary,
  ProductAnswer,
  ProductRefunds,
  ProductSummary,
  ProfitReport,
  Pulse,
} from '@/shared/api/types'
import { addDays, daysBetween } from '@/shared/format/time'
import { cents, type MockOrder, type MockProduct, rowOf, type Shop } from './shop'

export const STORE = { id: 'store_1', name: 'Hearth & Harbour' }
export const CURRENCY = 'USD'
export const TIMEZONE = 'America/New_York'

const UNAVAILABLE = {
  shipping_cost: 'What you pay for shipping is not recorded yet. Enter a shipping table under Costs.',
  ad_spend: 'No ad spend is recorded for these days. Enter or import it under Costs.',
  fixed_costs: 'No fixed costs were entered.',
}
const EXCLUDES = {
  cm2: ['shipping_cost'],
  cm3: ['shipping_cost', 'ad_spend'],
  net_profit: ['shipping_cost', 'ad_spend', 'fixed_costs'],
}

export interface Period {
  from: string
  to: string
}

function inside(shop: Shop, { from, to }: Period): MockOrder[] {
  return shop.orders.filter(order => order.day >= from && order.day <= to)
}

function daysOf({ from, to }: Period): string[] {
  return Array.from({ length: daysBetween(from, to) + 1 }, (_, index) => addDays(from, index))
}

export function before(period: Period, kind: string): Period {
  const length = kind === 'year' ? 365 : daysBetween(period.from, period.to) + 1
  return { from: addDays(period.from, -length), to: addDays(period.to, -length) }
}

function head(shop: Shop, period: Period) {
  const total = rowOf('total', 'Total', inside(shop, period))
  return {
    store: STORE,
    currency: CURRENCY,
    timezone: TIMEZONE,
    stores: [{ ...STORE, currency: CURRENCY, timezone: TIMEZONE }],
    rates: [],
    ...period,
    as_of: new Date(Date.now() - 90_000).toISOString(),
    total,
    coverage: total.coverage,
    unavailable: UNAVAILABLE,
    excludes: EXCLUDES,
    notes: [],
  }
}

function bucket(day: string, by: string): string {
  if (by === 'month') return day.slice(0, 7)
  if (by !== 'week') return day
  const date = new Date(`${day}T00:00:00Z`)
  const thursday = addDays(day, 4 - (date.getUTCDay() || 7))
  const week = Math.floor(daysBetween(`${thursday.slice(0, 4)}-01-01`, thursday) / 7) + 1
  return `${thursday.slice(0, 4)}-W${String(week).padStart(2, '0')}`
}

export function profit(shop: Shop, period: Period, by: string, compare: string | null): ProfitReport {
  const groups = new Map<string, MockOrder[]>()
  for (const day of daysOf(period)) groups.set(bucket(day, by), groups.get(bucket(day, by)) ?? [])
  for (const order of inside(shop, period)) groups.get(bucket(order.day, by))?.push(order)
  const rows = [...groups].map(([key, orders]) => rowOf(key, key, orders))
  return { ...head(shop, period), by, rows, comparison: comparison(shop, period, compare) }
}

function comparison(shop: Shop, period: Period, kind: string | null): Pulse['comparison'] {
  if (!kind) return null
  const earlier = before(period, kind)
  const total = rowOf('total', 'Total', inside(shop, earlier))
  return { kind, ...earlier, total, coverage: total.coverage, rows: null }
}

function series(shop: Shop, period: Period) {
  return daysOf(period).map(day => ({ ...rowOf(day, day, inside(shop, { from: day, to: day })), day }))
}

function productRows(shop: Shop, period: Period) {
  const orders = inside(shop, period)
  return shop.products
    .map(product => ({ product, orders: orders.filter(order => order.product.id === product.id) }))
    .filter(entry => entry.orders.length > 0)
    .map(({ product, orders: own }) => ({ ...rowOf(product.id, product.title, own), product_id: product.id }))
}

export function pulse(shop: Shop, period: Period, compare: string | null): Pulse {
  const rows = productRows(shop, period)
  const known = rows
    .filter(row => row.net_profit != null)
    .sort((a, b) => Number(b.net_profit) - Number(a.net_profit))
  const uncosted = inside(shop, period).filter(order => order.product.cost === null)
  const losers = known.filter(row => Number(row.net_profit) < 0 || known.length > 10).slice(-5)
  return {
    ...head(shop, period),
    comparison: comparison(shop, period, compare),
    series: series(shop, period),
    comparison_series: compare ? series(shop, before(period, compare)) : null,
    best_products: known.slice(0, 5),
    worst_products: losers.reverse(),
    weekday_median: {
      metric: 'net_profit',
      day: addDays(period.to, -1),
      day_value: '231.10',
      value: '212.40',
      samples: 8,
    },
    products_without_cost: {
      variants: new Set(uncosted.map(order => order.product.id)).size,
      net_sales: rowOf('', '', uncosted).net_sales ?? '0.00',
    },
  }
}

export function orderSummary(order: MockOrder): OrderSummary {
  const row = rowOf(order.id, order.name, [order])
  const known = order.product.cost !== null
  return {
    id: order.id,
    name: order.name,
    processed_at: order.at,
    day: order.day,
    channel: 'Online Store',
    country: order.country,
    financial_status: order.returned > 0 ? 'REFUNDED' : 'PAID',
    fulfillment_status: order.cancelled || order.name.endsWith('7') ? 'UNFULFILLED' : 'FULFILLED',
    cancelled_at: order.cancelled ? order.at : null,
    test: false,
    edited: false,
    refunded: order.returned > 0,
    customer_id: '77',
    units: order.quantity,
    total: row.total_sales ?? '0.00',
    currency: CURRENCY,
    net_sales: row.net_sales ?? '0.00',
    cost_of_goods: known ? (row.cost_of_goods ?? null) : null,
    profit: known ? (row.net_profit ?? null) : null,
    cost_coverage: known ? 'actual' : 'missing',
    version: 1,
  }
}

export function orderAnswer(order: MockOrder): OrderAnswer {
  const summary = orderSummary(order)
  const row = rowOf(order.id, order.name, [order])
  const gross = order.product.price * order.quantity
  const entry = (seq: number, kind: string, amount: number, title: string | null = null) => ({
    seq,
    day: order.day,
    occurred_at: order.at,
    kind,
    amount: cents(amount),
    title,
    basis: 'actual',
    reason: kind === 'return' ? 'refund' : 'order',
    quantity: kind === 'gross_sale' ? order.quantity : null,
  })
  const ledger = [
    entry(1, 'gross_sale', gross, order.product.title),
    ...(order.discount > 0 ? [entry(2, 'discount', -order.discount, order.product.title)] : []),
    ...(order.shipping > 0 ? [entry(3, 'shipping', order.shipping)] : []),
    entry(4, 'tax', order.tax),
    ...(order.returned > 0 ? [entry(5, 'return', -order.returned, order.product.title)] : []),
    entry(6, 'payment_fee', -order.fee),
    ...(order.product.cost === null || order.returned > 0
      ? []
      : [entry(7, 'cost_of_goods', -order.product.cost * order.quantity, order.product.title)]),
  ]
  return {
    order: {
      ...summary,
      created_at: order.at,
      updated_at: order.at,
      source: 'shopify',
      observed_at: order.at,
      customer: { id: '77', orders_count: 3 },
      tags: ['wholesale'],
      taxes_included: false,
      lines: [
        {
          id: '1',
          title: order.product.title,
          variant_title: null,
          sku: `SKU-${order.product.id}`,
          product_id: order.product.id,
          variant_id: order.product.id,
          quantity: order.quantity,
          current_quantity: order.returned > 0 ? 0 : order.quantity,
          unit_price: cents(order.product.price),
          discount: cents(order.discount),
          tax: cents(order.tax),
          unit_cost: order.product.cost === null ? null : cents(order.product.cost),
          cost_basis: order.product.cost === null ? 'missing' : 'actual',
        },
      ],
      shipping_lines:
        order.shipping > 0
          ? [{ title: 'Standard', price: cents(order.shipping), amount: cents(order.shipping) }]
          : [],
      transactions: [
        {
          id: 't1',
          kind: 'SALE',
          status: 'SUCCESS',
          gateway: 'shopify_payments',
          amount: row.total_sales ?? '0.00',
          fees: cents(order.fee),
          processed_at: order.at,
          test: false,
        },
      ],
      refunds:
        order.returned > 0
          ? [
              {
                id: 'r1',
                created_at: order.at,
                amount: cents(order.returned),
                lines: [
                  {
                    line_id: '1',
                    quantity: order.quantity,
                    restock: 'return',
                    subtotal: cents(order.returned),
                    tax: '0.00',
                    amount: cents(order.returned),
                  },
                ],
              },
            ]
          : [],
      totals: {
        subtotal: cents(gross - order.discount),
        discounts: cents(order.discount),
        shipping: cents(order.shipping),
        tax: cents(order.tax),
        duties: '0.00',
        tips: '0.00',
        total: cents(gross - order.discount + order.shipping + order.tax),
        refunded: cents(order.returned),
        current_total: row.total_sales ?? '0.00',
      },
    },
    ledger,
    ledger_totals: row,
    checks: {
      ledger_total: row.total_sales ?? '0.00',
      provider_total: row.total_sales ?? '0.00',
      difference: '0.00',
      explained_by: null,
    },
    unknown_costs: [
      ...(order.product.cost === null
        ? [
            {
              of: 'cost',
              line_id: '1',
              gateway: null,
              why: { code: 'no_cost', message: 'No source tells what it costs.' },
            },
          ]
        : []),
      {
        of: 'shipping',
        line_id: null,
        gateway: null,
        why: {
          code: 'no_weight',
          message: 'The shipping table asks for a weight, and the order tells none.',
        },
      },
    ],
    converted_costs:
      order.product.cost === null
        ? []
        : [
            {
              of: 'cost',
              line_id: '1',
              gateway: null,
              from: 'EUR',
              to: CURRENCY,
              rate: '1.1657',
              rate_day: order.day,
              age_days: 0,
              source: 'feed',
              via: null,
            },
          ],
  }
}

export function productSummary(product: MockProduct, shop: Shop, period: Period): ProductSummary {
  const own = inside(shop, period).filter(order => order.product.id === product.id)
  return {
    id: product.id,
    title: product.title,
    vendor: product.vendor,
    product_type: 'Home',
    status: 'ACTIVE',
    image_url: null,
    variants_count: 1,
    price_min: cents(product.price),
    price_max: cents(product.price),
    cost_min: product.cost === null ? null : cents(product.cost),
    cost_max: product.cost === null ? null : cents(product.cost),
    variants_without_cost: product.cost === null ? 1 : 0,
    inventory: 42,
    version: 1,
    performance: own.length > 0 ? rowOf(product.id, product.title, own) : null,
  }
}

export function productAnswer(product: MockProduct, shop: Shop, period: Period): ProductAnswer {
  const { performance, ...rest } = productSummary(product, shop, period)
  const own = { ...shop, orders: shop.orders.filter(order => order.product.id === product.id) }
  return {
    product: {
      ...rest,
      tags: [],
      created_at: `${shop.firstDay}T09:00:00Z`,
      updated_at: `${shop.firstDay}T09:00:00Z`,
      observed_at: `${shop.lastDay}T09:00:00Z`,
      variants: [
        {
          id: product.id,
          title: 'Default',
          sku: `SKU-${product.id}`,
          price: cents(product.price),
          compare_at_price: null,
          unit_cost: product.cost === null ? null : cents(product.cost),
          cost_currency: product.cost === null ? null : CURRENCY,
          cost_source: product.cost === null ? null : 'shopify',
          cost_valid_from: product.cost === null ? null : shop.firstDay,
          inventory: 42,
          tracked: true,
        },
      ],
    },
    currency: CURRENCY,
    performance: performance ?? null,
    series: series(own, period).filter(row => row.orders > 0),
    variants_performance: performance ? [{ ...performance, key: product.id, label: 'Default' }] : [],
    costs:
      product.cost === null
        ? []
        : [
            {
              variant_id: product.id,
              unit_cost: cents(Math.round(product.cost * 0.94)),
              currency: CURRENCY,
              source: 'store',
              valid_from: null,
            },
            {
              variant_id: product.id,
              unit_cost: cents(product.cost),
              currency: CURRENCY,
              source: 'store',
              valid_from: `${addDays(shop.lastDay, -20)}T09:00:00Z`,
            },
          ],
    prices: [
      {
        variant_id: product.id,
        price: cents(Math.round(product.price * 0.9)),
        compare_at_price: null,
        seen_at: `${addDays(shop.lastDay, -60)}T09:00:00Z`,
      },
      {
        variant_id: product.id,
        price: cents(product.price),
        compare_at_price: null,
        seen_at: `${addDays(shop.lastDay, -12)}T09:00:00Z`,
      },
    ],
  }
}

/** Every refund of the made-up shop is on the day of its order. */
export function productRefunds(product: MockProduct, shop: Shop, period: Period): ProductRefunds {
  const own = { ...shop, orders: shop.orders.filter(order => order.product.id === product.id) }
  const periods = series(own, period).map(row => {
    const sold = Number(row.gross_sales) - Number(row.discounts)
    const rate = sold > 0 ? Number(row.returns) / sold : null
    const both = { sold: sold.toFixed(2), returned: row.returns ?? '0', rate }
    return { key: row.day, by_refund_day: both, by_order_day: both }
  })
  return {
    grain: 'day',
    currency: CURRENCY,
    orders: own.orders.length,
    periods,
    by_order_day_unavailable: null,
  }
}
