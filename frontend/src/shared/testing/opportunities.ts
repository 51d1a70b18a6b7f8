/**
 * The mock's opportunities. Keeps what is decided; refuses a version that is not the last, a reason that is left out, and to launch what
 * has only a range of prices. Figures are made from each other as the server does.
 */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type {
  NewSupplierMatch,
  Opportunity,
  OpportunityResearch,
  OpportunitySettings,
  OpportunitySettingsChange,
  ScoreFactor,
  SourcedAmount,
  SupplierLead,
  SupplierMatch,
  TrendFile,
  TrendSeries,
} from '@/shared/api/types'
import { CURRENCY, STORE } from './reports'
import { cents } from './shop'

const OLIVIA = 'olivia@hearth.example'
const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()

interface Told {
  title: string
  category: string
  supplier: string
  platform: Opportunity['platform']
  from: string
  to: string[]
  /** Cents; null where the list is silent. */
  product: [number, number]
  shipping: number | null
  days: [number, number] | null
  rating: number | null
  price: number
  presence?: SupplierLead['presence']
  url?: string
}

const TOLD: Told[] = [
  {
    title: 'Ash wood monitor riser with drawer',
    category: 'Desk',
    supplier: 'Nordlys Studio',
    platform: 'spocket',
    from: 'DK',
    to: ['US', 'CA', 'DE'],
    product: [1840, 1840],
    shipping: 420,
    days: [4, 5],
    rating: 4.7,
    price: 6990,
    url: 'https://nordlys.example/riser',
  },
  {
    title: 'Linen desk mat, 90 × 40',
    category: 'Desk',
    supplier: 'Old Mill Paper',
    platform: 'autods',
    from: 'US',
    to: ['US'],
    product: [920, 920],
    shipping: 380,
    days: [5, 8],
    rating: 4.2,
    price: 3290,
  },
  {
    title:
      'Brass desk lamp with a very long name that says what it is made of, how tall it stands and where its cable goes',
    category: 'Lighting',
    supplier: 'Hearth & Co Workshop',
    platform: 'other',
    from: 'US',
    to: ['US', '*'],
    product: [2650, 3120],
    shipping: 610,
    days: [9, 14],
    rating: null,
    price: 7490,
    presence: 'unknown',
  },
  {
    title: 'Cork coaster set',
    category: 'Kitchen',
    supplier: 'Shenlong Trade',
    platform: 'autods',
    from: 'CN',
    to: ['*'],
    product: [310, 310],
    shipping: null,
    days: null,
    rating: 3.6,
    price: 1290,
    presence: 'out',
  },
]

const WEIGHTS = { margin: 30, trend: 25, viability: 20, reliability: 15, shipping: 10 }

const DEFAULTS: OpportunitySettings = {
  store_id: STORE.id,
  version: 0,
  weights: WEIGHTS,
  high_potential: 75,
  minimum_margin: 0.3,
  updated_at: null,
  updated_by: null,
}

const known = (value: number, source: string, low = value): SourcedAmount => ({
  value: cents(value),
  low: cents(low),
  source,
  reason: null,
})
const unknown = (reason: string): SourcedAmount => ({ value: null, low: null, source: null, reason })

const step = (value: number, steps: [number, number][], otherwise: number) =>
  steps.find(([from]) => value >= from)?.[1] ?? otherwise

function factor(
  name: ScoreFactor['name'],
  points: [low: number, value: number, high: number] | null,
  found: string | null,
  why: string,
): ScoreFactor {
  return {
    name,
    weight: WEIGHTS[name],
    points: points?.[1] ?? null,
    low: points?.[0] ?? null,
    high: points?.[2] ?? null,
    found,
    source: points ? why : null,
    reason: points ? null : why,
  }
}

const NO_SHIPPING = "the supplier's list has no shipping cost"
const LIST = "the supplier's list"

function opportunityOf(told: Told, index: number): Opportunity {
  const [low, high] = told.product
  const fee = Math.round(told.price * 0.029) + 30
  const costs =
    told.shipping === null ? null : ([low + told.shipping + fee, high + told.shipping + fee] as const)
  const margins = costs?.map(cost => ((told.price - cost) / told.price) * 100)
  const [most, least] = margins ?? []
  const pointsOf = (margin: number) =>
    step(
      margin,
      [
        [60, 100],
        [45, 80],
        [30, 60],
      ],
      20,
    )
  const daysOf = (days: number) => (days <= 5 ? 90 : days <= 10 ? 70 : 40)
  const factors = [
    least === undefined || most === undefined
      ? factor('margin', null, null, NO_SHIPPING)
      : factor(
          'margin',
          [pointsOf(least), pointsOf(least), pointsOf(most)],
          `${least.toFixed(1)} %`,
          'the price less what it costs until it is with a customer',
        ),
    factor('trend', null, null, 'no source of trends is connected'),
    told.category === 'Desk'
      ? factor(
          'viability',
          [90, 90, 90],
          '5 of 6 own products of the type sold',
          'own sales of the last 90 days',
        )
      : factor('viability', null, null, 'fewer than 3 own products are of its type'),
    told.rating === null
      ? factor('reliability', null, null, "the supplier's list has no rating")
      : factor(
          'reliability',
          [0, 0, 0].map(() =>
            step(
              told.rating ?? 0,
              [
                [4.5, 95],
                [4, 80],
                [3.5, 65],
              ],
              40,
            ),
          ) as [number, number, number],
          `${told.rating.toFixed(2)} of 5`,
          `the rating in the list of ${told.supplier}`,
        ),
    told.days === null
      ? factor('shipping', null, null, "the supplier's list has no shipping time to where orders go")
      : factor(
          'shipping',
          [daysOf(told.days[1]), daysOf(told.days[1]), daysOf(told.days[0])],
          `${told.days[0]} to ${told.days[1]} days`,
          `${LIST}, with processing`,
        ),
  ]
  const there = factors.filter(one => one.points !== null)
  const weights = there.reduce((sum, one) => sum + one.weight, 0)
  const sum = (of: (one: ScoreFactor) => number) =>
    factors.reduce((all, one) => all + one.weight * of(one), 0)
  const score = there.reduce((all, one) => all + one.weight * (one.points ?? 0), 0) / weights
  const enough = least !== undefined && least >= 30
  return {
    id: `opp_${index + 1}`,
    store_id: STORE.id,
    title: told.title,
    description: null,
    category: told.category,
    // One has none.
    image_url: index === 3 ? null : `https://cdn.example/${index}.jpg`,
    price_range: `${cents(told.price)} ${CURRENCY}`,
    currency: CURRENCY,
    trend_score: null,
    profit_potential: least !== undefined && !enough ? 'Low' : enough && score >= 75 ? 'High' : 'Medium',
    platform: told.platform,
    supplier_leads: [
      {
        supplier_product_id: `sp_${index + 1}`,
        platform: told.platform,
        supplier: told.supplier,
        ships_from: told.from,
        url: told.url ?? null,
        presence: told.presence ?? 'in',
        orderable: low === high,
        has_image: index !== 3,
        same: [],
        product: known(high, LIST, low),
        shipping: told.shipping === null ? unknown(NO_SHIPPING) : known(told.shipping, `${LIST}, to US`),
        min_days: told.days?.[0] ?? null,
        max_days: told.days?.[1] ?? null,
        times: [
          {
            country: 'US',
            orders_percent: 82.5,
            min_days: told.days?.[0] ?? null,
            max_days: told.days?.[1] ?? null,
            source: told.days ? 'api:run_1' : null,
            observed_at: told.days ? ago(2) : null,
          },
          {
            country: 'DE',
            orders_percent: 12,
            min_days: null,
            max_days: null,
            source: null,
            observed_at: null,
          },
        ],
        rating: told.rating,
        observed_at: ago(2),
      },
    ],
    market_insights: null,
    search_volume: null,
    competition_level: null,
    seasonal_factor: null,
    confidence_score: weights,
    profit_margin: least ?? null,
    profit_margin_high: most ?? null,
    monthly_searches: null,
    discovered_at: ago(2),
    agent_source: null,
    score,
    interval: { low: sum(one => one.low ?? 0) / 100, high: sum(one => one.high ?? 100) / 100 },
    factors,
    price: known(told.price, `the margin of 6 own variants of the type ${told.category}: 58 %`),
    supplier_price: null,
    landed_cost: {
      product: known(high, LIST, low),
      shipping: told.shipping === null ? unknown(NO_SHIPPING) : known(told.shipping, `${LIST}, to US`),
      duties: unknown('no source tells duties'),
      payment_fee: known(fee, 'the fees of the last 90 days: 2.9 % and 0.30 of an order'),
      ad_cost: unknown('no ad spend is connected'),
      total: costs
        ? known(costs[1], 'without advertisements: no ad spend is connected', costs[0])
        : unknown(NO_SHIPPING),
    },
    break_even_cost_per_order: costs
      ? known(told.price - costs[1], 'the price less all but advertisements')
      : unknown(NO_SHIPPING),
    ships_to: told.to,
    status: 'proposed',
    version: 0,
    decision: null,
    gone: false,
    settings_version: 0,
    computed_at: ago(0),
    unavailable: {
      trend_score: 'no source of trends is connected',
      agent_source: "a supplier's list brought it, no agent",
      ...(costs ? {} : { profit_margin: NO_SHIPPING, profit_margin_high: NO_SHIPPING }),
    },
  }
}

function refused(status: number, detail: string, errors: { field: string; message: string }[] = []) {
  return HttpResponse.json(
    { title: `Status ${status}`, status, detail, request_id: 'req_mock', errors },
    { status, headers: { 'content-type': 'application/problem+json' } },
  )
}

interface Decided {
  version: number
  reason?: string | null
  until?: string
}

const STATUS_OF = { approve: 'approved', reject: 'rejected', snooze: 'snoozed' } as const

function decided(of: Opportunity, step: keyof typeof STATUS_OF, told: Decided): Opportunity {
  const status = STATUS_OF[step]
  return {
    ...of,
    status,
    version: of.version + 1,
    decision: {
      status,
      by: OLIVIA,
      at: ago(0),
      reason: told.reason ?? null,
      until: told.until ?? null,
      change_set_id: step === 'approve' ? 'set_1' : null,
    },
  }
}

function matchOf(told: NewSupplierMatch, other: string): SupplierMatch {
  return {
    product_id: told.product_id,
    title: 'Linen desk mat, 90 × 40',
    other_id: other,
    other_title: 'Linen desk mat, small',
    verdict: told.verdict,
    reason: told.reason ?? null,
    by: 'Ada',
    at: ago(0),
  }
}

/** As the agent's newest look would tell it. */
function research(all: Opportunity[]): OpportunityResearch {
  const watched = all.filter(of => of.status === 'proposed' && of.profit_potential !== 'High')
  return {
    agent: 'product_research',
    run_id: '0192f000-0000-7000-8000-000000000001',
    looked_at: ago(2),
    summary: '2 proposed.',
    hit_rate: { hits: 3, of: 8, rate: 37.5, low: 13.68, high: 69.43 },
    open: 2,
    accepted: { hits: 10, of: 14, rate: 71.42, low: 45.35, high: 88.28 },
    categories: [{ name: 'desk', accepted: 8, rejected: 1, sold: 3, unsold: 1, points: 1.75 }],
    suppliers: [{ name: 'acme', accepted: 2, rejected: 3, sold: 0, unsold: 4, points: -3.5 }],
    watch_list: watched.map(of => ({
      opportunity_id: of.id,
      title: of.title,
      score: of.score ?? 0,
      why: 'its margin is 28.1 % of 30.0 %',
    })),
  }
}

const SERIES: TrendSeries = {
  id: '0192f000-0000-7000-8000-0000000000b1',
  about: 'keyword',
  text: 'desk mat',
  source: 'Google Trends, export of the United States',
  weeks: 104,
  first_week: ago(735).slice(0, 10),
  last_week: ago(9).slice(0, 10),
  read_at: ago(2),
  read_by: OLIVIA,
  points: 68,
  low: 61,
  high: 75,
  growth_percent: 36,
  against: 'the same weeks of the year before',
  reason: null,
}

const OLD: TrendSeries = {
  ...SERIES,
  id: '0192f000-0000-7000-8000-0000000000b2',
  about: 'category',
  text: 'Kitchen',
  points: null,
  low: null,
  high: null,
  growth_percent: null,
  against: null,
  reason: 'it ends on 2026-01-04, which is too long ago',
}

/** As the server tells of a file; one with the word `wrong` is no table. */
function reported(told: unknown, applied: boolean) {
  const { text, source } = told as TrendFile
  if (text.includes('wrong')) {
    const errors = [{ field: 'file', message: 'has no column week, day or date' }]
    return refused(422, 'this cannot be done', errors)
  }
  return HttpResponse.json({
    applied,
    series: [{ ...SERIES, source, replaces: true }],
    refused: [{ line: 7, reason: '"many" is no index from 0 to 1000000' }],
    refused_count: 1,
    left_out: ['lap desk'],
  })
}

export function opportunityHandlers(): RequestHandler[] {
  let all = TOLD.map(opportunityOf)
  let matches: SupplierMatch[] = []
  let settings = DEFAULTS
  let trends = [SERIES, OLD]
  const find = (id: unknown) => all.find(of => of.id === id)
  return [
    http.get('*/v1/opportunities', ({ request }) => {
      const asked = new URL(request.url).searchParams
      const least = (name: string) => Number(asked.get(name) ?? 0)
      const to = asked.get('ships_to')
      const supplier = asked.get('supplier')
      const found = all
        .filter(of => !asked.get('status') || of.status === asked.get('status'))
        .filter(of => (of.score ?? 0) >= least('score'))
        .filter(of => !asked.get('margin') || (of.profit_margin ?? -1) >= least('margin'))
        .filter(of => !to || of.ships_to.includes(to) || of.ships_to.includes('*'))
        .filter(of => !supplier || of.supplier_leads.some(lead => lead.supplier === supplier))
        .sort((a, b) => b.interval.low - a.interval.low)
      return HttpResponse.json({
        opportunities: found.slice(0, Number(asked.get('limit') ?? 50)),
        total: found.length,
        high_potential: all.filter(of => of.status === 'proposed' && of.profit_potential === 'High').length,
        next_cursor: null,
        timestamp: ago(0),
      })
    }),
    http.get('*/v1/opportunities/:id', ({ params }) => {
      const of = find(params.id)
      return of ? HttpResponse.json(of) : refused(404, 'there is no such opportunity')
    }),
    http.post('*/v1/opportunities/:id/:step', async ({ params, request }) => {
      const of = find(params.id)
      const step = params.step as keyof typeof STATUS_OF
      const told = (await request.json()) as Decided
      if (!of) return refused(404, 'there is no such opportunity')
      if (told.version !== of.version) {
        return refused(409, 'somebody else decided about it meanwhile; look at it again')
      }
      if (step === 'reject' && !told.reason) {
        return refused(422, 'this cannot be done', [{ field: 'reason', message: 'is needed' }])
      }
      if (step === 'approve' && of.supplier_leads.some(lead => !lead.orderable)) {
        const message = 'has only a range of prices: a draft needs one'
        return refused(422, 'no draft can be made of it', [{ field: 'variants[0].cost', message }])
      }
      const next = decided(of, step, told)
      all = all.map(one => (one.id === next.id ? next : one))
      return HttpResponse.json(next)
    }),
    http.get('*/v1/opportunity-research', () => HttpResponse.json(research(all))),
    http.get('*/v1/supplier-matches', () => HttpResponse.json({ matches, total: matches.length })),
    http.post('*/v1/supplier-matches', async ({ request }) => {
      const told = (await request.json()) as NewSupplierMatch
      const isTold = (one: SupplierMatch) =>
        one.product_id === told.product_id && told.other_ids.includes(one.other_id)
      matches = matches.filter(one => !isTold(one))
      const said = told.other_ids.map(other => matchOf(told, other))
      if (told.verdict !== 'open') matches = [...matches, ...said]
      return HttpResponse.json({ matches: said, total: said.length })
    }),
    http.get('*/v1/trends', () => HttpResponse.json({ trends })),
    http.post('*/v1/trend-file/preview', async ({ request }) => reported(await request.json(), false)),
    http.post('*/v1/trend-file', async ({ request }) => {
      const told = await request.json()
      trends = [SERIES, OLD]
      return reported(told, true)
    }),
    http.delete('*/v1/trends/:id', ({ params }) => {
      trends = trends.filter(one => one.id !== params.id)
      return new HttpResponse(null, { status: 204 })
    }),
    http.get('*/v1/opportunity-settings', () => HttpResponse.json(settings)),
    http.put('*/v1/opportunity-settings', async ({ request }) => {
      const told = (await request.json()) as OpportunitySettingsChange
      if (told.version !== settings.version)
        return refused(409, 'the settings were changed otherwise meanwhile')
      const sum = Object.values(told.weights).reduce((all, weight) => all + weight, 0)
      if (sum !== 100) {
        const message = 'are percentages that add up to 100'
        return refused(422, 'this cannot be done', [{ field: 'weights', message }])
      }
      settings = {
        ...settings,
        ...told,
        version: settings.version + 1,
        updated_at: ago(0),
        updated_by: OLIVIA,
      }
      return HttpResponse.json(settings)
    }),
  ]
}
