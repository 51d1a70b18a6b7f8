/** Costs of the mock backend: entries that are kept, a preview and a run that has ended at once. */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type {
  CostChange,
  CostEntry,
  CostPreview,
  CoverageReport,
  Recost,
  VariantCost,
} from '@/shared/api/types'
import { CURRENCY } from './reports'
import type { Shop } from './shop'

const AT = '2026-02-01T08:00:00Z'

function variantOf(product: Shop['products'][number], told: string | undefined): VariantCost {
  const cost = told ?? (product.cost == null ? null : (product.cost / 100).toFixed(2))
  return {
    variant_id: `${product.id}1`,
    product_id: product.id,
    product_title: product.title,
    variant_title: 'Default Title',
    sku: `SKU-${product.id}`,
    price: '40.00',
    cost,
    cost_currency: cost == null ? null : CURRENCY,
    state: cost == null ? 'missing' : 'known',
    source: cost == null ? null : told ? 'sheet' : 'store',
    valid_from: null,
    margin: cost == null ? null : 0.6,
    net_sales: '1200.00',
    net_sales_without_cost: cost == null ? '1200.00' : '0.00',
  }
}

const PREVIEW: CostPreview = {
  currency: CURRENCY,
  candidates: 12,
  looked_at: 12,
  is_complete: true,
  orders: 12,
  entries: 24,
  days: 9,
  net_profit_before: '1000.00',
  net_profit_after: '940.00',
  cost_gained: '480.00',
  months: [
    { month: '2026-01', net_profit_before: '600.00', net_profit_after: '570.00' },
    { month: '2026-02', net_profit_before: '400.00', net_profit_after: '370.00' },
  ],
  products: [{ key: '7', label: 'Linen throw', net_profit_before: '90.00', net_profit_after: '30.00' }],
}

export function costHandlers(shop: Shop): RequestHandler[] {
  const entries = new Map<string, CostEntry>()
  const told = new Map<string, string>()
  let percent: string | null = null
  let revision = 0
  const runs: Recost[] = []
  const list = (kind: CostEntry['kind']) => {
    const found = [...entries.values()].filter(entry => entry.kind === kind)
    return HttpResponse.json({ entries: found, total: found.length, next_cursor: null, currency: CURRENCY })
  }
  const refuse = (errors: { field: string; message: string }[]) =>
    HttpResponse.json(
      {
        type: 'about:blank',
        title: 'Validation failed',
        status: 400,
        detail: errors.map(error => error.message).join('; '),
        error: 'Validation failed',
        message: '',
        path: '',
        request_id: 'req_mock',
        errors,
      },
      { status: 400, headers: { 'content-type': 'application/problem+json' } },
    )
  /** The mock knows one mistake: the currency XBT. */
  const mistakes = (changes: CostChange[]) =>
    changes.flatMap((change, place) =>
      change.entry && 'currency' in change.entry && change.entry.currency === 'XBT'
        ? [
            {
              field: `changes[${place}].currency`,
              message: '"XBT" is not a currency that this version knows',
            },
          ]
        : [],
    )
  const make = (change: CostChange) => {
    if (change.remove) entries.delete(change.remove)
    const { entry } = change
    if (!entry) return
    if (entry.kind === 'default_cost') percent = entry.percent
    else if (entry.kind === 'variant_cost') told.set(entry.variant_id, entry.amount ?? '')
    else {
      const id = `entry_${revision}_${entries.size}`
      entries.set(id, {
        ...entry,
        id,
        revision,
        told_by: 'person',
        import_id: null,
        told_at: AT,
      } as CostEntry)
    }
  }
  return [
    http.get('*/v1/coverage', () => {
      const missing = shop.products.filter(product => product.cost == null && !told.has(`${product.id}1`))
      const answer: CoverageReport = {
        from: shop.firstDay,
        to: shop.lastDay,
        currency: CURRENCY,
        net_sales: '9000.00',
        coverage: {
          cost: { actual: 0.92, estimated: 0, missing: 0.08 },
          shipping: { actual: 0, estimated: 0, missing: 1 },
          fees: { actual: 1, estimated: 0, missing: 0 },
          ad_spend: { actual: 0, estimated: 0, missing: 1 },
        },
        kinds: [
          {
            kind: 'cost',
            count: missing.length,
            missing: missing.map(product => ({
              key: `${product.id}1`,
              label: product.title,
              net_sales: '720.00',
              orders: 18,
              reasons: [{ code: 'no_cost', message: 'No source tells what it costs.' }],
            })),
          },
          {
            kind: 'shipping',
            count: 1,
            missing: [
              {
                key: 'US',
                label: 'US',
                net_sales: '9000.00',
                orders: 80,
                reasons: [
                  {
                    code: 'no_shipping_table',
                    message: 'There is no shipping table, or none for that day.',
                  },
                ],
              },
            ],
          },
          { kind: 'fees', count: 0, missing: [] },
          { kind: 'ad_spend', count: 30, missing: [] },
        ],
        gateways_without_fee: ['paypal'],
      }
      return HttpResponse.json(answer)
    }),
    http.get('*/v1/costs', ({ request }) => {
      const state = new URL(request.url).searchParams.get('state')
      const costs = shop.products
        .map(product => variantOf(product, told.get(`${product.id}1`)))
        .filter(variant => !state || variant.state === state)
        .sort((a, b) => Number(b.net_sales_without_cost) - Number(a.net_sales_without_cost))
      return HttpResponse.json({
        costs,
        total: costs.length,
        next_cursor: null,
        currency: CURRENCY,
        default_percent: percent,
      })
    }),
    http.get('*/v1/costs/:variant', ({ params }) => {
      const product = shop.products.find(candidate => `${candidate.id}1` === params.variant)
      if (!product) return new HttpResponse(null, { status: 404 })
      return HttpResponse.json({ ...variantOf(product, told.get(`${product.id}1`)), history: [] })
    }),
    http.get('*/v1/cost-settings', () =>
      HttpResponse.json({
        default_percent: percent,
        revision: percent ? revision : null,
        currency: CURRENCY,
      }),
    ),
    http.get('*/v1/shipping-costs', () => list('shipping_rate')),
    http.get('*/v1/fee-rules', () => list('fee_rule')),
    http.get('*/v1/spend', () => list('ad_spend')),
    http.get('*/v1/fixed-costs', () => list('fixed_cost')),
    http.get('*/v1/recosts', () =>
      HttpResponse.json({ recosts: runs, total: runs.length, next_cursor: null }),
    ),
    http.post('*/v1/costs/preview', async ({ request }) => {
      const { changes } = (await request.json()) as { changes: CostChange[] }
      const wrong = mistakes(changes)
      return wrong.length > 0 ? refuse(wrong) : HttpResponse.json(PREVIEW)
    }),
    http.post('*/v1/costs/changes', async ({ request }) => {
      const { changes } = (await request.json()) as { changes: CostChange[] }
      revision += 1
      for (const change of changes) make(change)
      return HttpResponse.json({ revision, run: null })
    }),
  ]
}
