/** Passports of the made-up shop: of the figures that its reports show. */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { FigurePassport, Row } from '@/shared/api/types'
import { CURRENCY, type Period, pulse, STORE, TIMEZONE } from './reports'
import { rowOf, type Shop } from './shop'

type Known = { title: string; words: string; symbols: string; inputs: [string, 'plus' | 'minus'][] }

const KNOWN: Record<string, Known> = {
  net_profit: {
    title: 'Net profit',
    words: 'what is left after fixed costs',
    symbols: 'CM3 − fixed costs',
    inputs: [
      ['cm3', 'plus'],
      ['fixed_costs', 'minus'],
    ],
  },
  cm3: {
    title: 'Contribution margin (CM3)',
    words: 'what sales contributed after advertising',
    symbols: 'CM2 − ad spend',
    inputs: [['ad_spend', 'minus']],
  },
  fixed_costs: { title: 'Fixed costs', words: 'by day', symbols: 'Σ fixed costs', inputs: [] },
  ad_spend: { title: 'Ad spend', words: 'what advertising cost', symbols: 'Σ spend', inputs: [] },
  net_sales: {
    title: 'Net sales',
    words: 'what the goods really brought',
    symbols: 'gross sales − discounts − returns',
    inputs: [],
  },
}

function amountIn(row: Row, name: string): string | null {
  const value = row[name as keyof Row]
  return typeof value === 'string' ? value : null
}

function passport(name: string, known: Known, shop: Shop, period: Period): FigurePassport {
  const report = pulse(shop, period, null)
  const reason = (of: string) => report.unavailable[of] ?? null
  return {
    name,
    title: known.title,
    unit: 'money',
    currency: CURRENCY,
    value: amountIn(report.total, name),
    reason: reason(name),
    store: STORE,
    stores: [{ ...STORE, currency: CURRENCY, timezone: TIMEZONE }],
    timezone: TIMEZONE,
    ...period,
    formula: { words: known.words, symbols: known.symbols },
    inputs: known.inputs.map(([input, role]) => ({
      name: input,
      title: KNOWN[input]?.title ?? input,
      unit: 'money',
      role,
      value: amountIn(report.total, input),
      reason: reason(input),
      href: `/v1/figures/${input}`,
    })),
    sources: [
      {
        store: STORE,
        provider: 'shopify',
        connection_id: 'connection_1',
        state: 'sandbox',
        last_success_at: report.as_of ?? null,
        last_error: null,
        newest_observed_at: report.as_of ?? null,
        orders: shop.orders.length,
      },
    ],
    rates: [],
    coverage: [{ of: 'cost', share: report.coverage.cost }],
    excludes: report.excludes[name] ?? [],
    notes: [],
    rounding: 'to the cent, where an amount is split',
    elsewhere:
      name === 'net_sales'
        ? [
            {
              who: 'Shopify',
              calls_it: 'Net sales',
              formula: 'gross sales − discounts − returns',
              so: 'the same figure',
              source: 'Shopify Help Center, Sales reports',
            },
          ]
        : [],
    reconciliation: [
      {
        store: STORE,
        state: 'agrees',
        days_checked: 30,
        days_unchecked: 0,
        days_unexplained: 0,
        difference: '0.00',
        unexplained: '0.00',
        currency: CURRENCY,
        as_of: report.as_of ?? null,
      },
    ],
    imports: [
      {
        id: 'import_1',
        store_id: STORE.id,
        file: 'costs_2026.csv',
        kind: 'costs',
        finished_at: report.as_of ?? null,
      },
    ],
    as_of: report.as_of ?? null,
  }
}

export function figureHandlers(shop: Shop): RequestHandler[] {
  return [
    http.get('*/v1/figures/:name', ({ params, request }) => {
      const name = String(params.name)
      const known = KNOWN[name]
      if (!known) return HttpResponse.json({ title: 'Not found', status: 404 }, { status: 404 })
      const query = new URL(request.url).searchParams
      const order = shop.orders.find(one => one.id === query.get('order_id'))
      if (order) {
        const row = rowOf(order.id, order.name, [order])
        const told = passport(name, known, shop, { from: order.day, to: order.day })
        return HttpResponse.json({ ...told, value: amountIn(row, name) })
      }
      const period = { from: query.get('from') ?? shop.firstDay, to: query.get('to') ?? shop.lastDay }
      return HttpResponse.json(passport(name, known, shop, period))
    }),
  ]
}
