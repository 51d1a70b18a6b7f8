/** Customers of the mock backend: eighteen months of cohorts, a curve with its interval, segments, a few people. */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type {
  CohortCell,
  Cohorts,
  CustomerAnswer,
  CustomerOverview,
  CustomerSegments,
  CustomerSettings,
  CustomerSummary,
  Estimate,
  HorizonValue,
  Ltv,
  PrivacyRequest,
} from '@/shared/api/types'

/** `young`: the first cohort is a month old; `guests`: nobody has a name at all; `no_scope`: people without names. */
export type People = 'many' | 'young' | 'guests' | 'no_scope'

const CURRENCY = 'USD'
const STORE = { id: 'store_1', name: 'Hearth & Harbour' }
const AS_OF = () => new Date(Date.now() - 90_000).toISOString()
const DAYS = [30, 60, 90, 180, 365]

const money = (value: number) => value.toFixed(2)
const NAMES = ['Amelia Walker', 'Noah Schmidt', 'Sofia Rossi', 'Liam Martin', 'Emma Nguyen', 'Lucas Jansen']

function sums(customers: number, each: number) {
  return {
    customers,
    orders: Math.round(customers * 1.4),
    net_revenue: money(customers * each),
    margin: customers === 0 ? '0.00' : money(customers * each * 0.46),
    coverage: customers === 0 ? null : 0.94,
  }
}

function estimate(value: number, customers: number): Estimate {
  return { value: money(value), low: money(value * 0.95), high: money(value * 1.05), customers }
}

function horizon(days: number, age: number, value: number): HorizonValue {
  const seen = age >= days
  return {
    days,
    observed: seen ? estimate(value, 800) : null,
    projected: !seen && age >= 30 ? estimate(value, 120) : null,
    projected_from_day: !seen && age >= 30 ? 30 : null,
    reason: seen ? null : `${age} of ${days} days observed`,
    coverage: seen ? 0.94 : null,
  }
}

const ltvOf = (day: number) => 21 + 9 * Math.log1p(day / 12)

function overview(people: People, from: string, to: string): CustomerOverview {
  const customers = people === 'guests' ? 0 : people === 'young' ? 19 : 8_412
  const guests = { orders: 214, net_revenue: '9811.20', share: people === 'guests' ? 1 : 0.018 }
  return {
    store: STORE,
    currency: CURRENCY,
    from,
    to,
    range: {
      customers: Math.round(customers * 0.07),
      new_customers: Math.round(customers * 0.045),
      returning_customers: Math.round(customers * 0.028),
      returning_customer_rate: customers === 0 ? null : 0.3987,
      orders: Math.round(customers * 0.085),
      net_revenue: money(customers * 4.2),
      guests,
    },
    lifetime: sums(customers, 78.4),
    repeat_rate: customers === 0 ? null : 0.312,
    lifetime_guests: guests,
    ltv_90: horizon(90, people === 'young' ? 12 : 600, ltvOf(90)),
    personal_data: people === 'no_scope' ? 'no_scope' : 'granted',
    history_from: customers === 0 ? null : '2025-04-03',
    as_of: AS_OF(),
    stale: false,
    notes: [],
  }
}

function monthsBack(n: number): string {
  const now = new Date()
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - n, 1)).toISOString().slice(0, 7)
}

function cohortCell(measure: string, size: number, age: number, offset: number): CohortCell {
  const empty = { share: null, amount: null, reason: null, partial: offset === age, coverage: null }
  if (offset > age) return { ...empty, partial: false, reason: 'this month has not begun' }
  const kept = offset === 0 ? 1 : 0.21 / Math.sqrt(offset) + ((size + offset) % 7) / 200
  switch (measure) {
    case 'retention':
      return { ...empty, share: kept }
    case 'repeat_rate':
      return { ...empty, share: 0.08 + 0.05 * Math.log1p(offset) }
    case 'net_revenue':
      return { ...empty, amount: money(size * 62 * kept) }
    case 'margin':
      if (age === 17 && offset === 3)
        return { ...empty, reason: 'no product cost is known for what was bought' }
      return { ...empty, amount: money(size * 28 * kept - (offset === 5 ? 900 : 0)), coverage: 0.94 }
    default:
      return { ...empty, amount: money(ltvOf(offset * 30)), coverage: 0.94 }
  }
}

function cohorts(people: People, measure: Cohorts['measure']): Cohorts {
  const ages = Array.from({ length: people === 'young' ? 1 : 12 }, (_, age) => age)
  const size = (age: number) => 380 + ((age * 53) % 140)
  return {
    store: STORE,
    currency: CURRENCY,
    by: 'month',
    measure,
    columns: ages,
    cohorts: ages.map(age => ({
      month: monthsBack(age),
      customers: size(age),
      cells: ages.map(offset => cohortCell(measure, size(age), age, offset)),
      ltv: DAYS.map(days => horizon(days, age * 30, ltvOf(days))),
    })),
    average: ages.map(offset => cohortCell(measure, 400, 99, offset)),
    as_of: AS_OF(),
    stale: false,
  }
}

function ltv(people: People): Ltv {
  const last = people === 'young' ? 12 : 365
  return {
    store: STORE,
    currency: CURRENCY,
    values: DAYS.map(days => horizon(days, people === 'young' ? 12 : 600, ltvOf(days))),
    points: Array.from({ length: last + 1 }, (_, day) => ({
      day,
      value: money(ltvOf(day)),
      low: people === 'young' ? null : money(ltvOf(day) * (0.97 - day / 4000)),
      high: people === 'young' ? null : money(ltvOf(day) * (1.03 + day / 4000)),
      customers: people === 'young' ? 19 : 8_412 - day * 18,
    })),
    acquisition:
      people === 'many'
        ? {
            cost: '31.40',
            spend: '264132.10',
            new_customers: 8_412,
            from: '2025-11-28',
            to: '2026-11-27',
            reason: null,
          }
        : {
            cost: null,
            spend: null,
            new_customers: null,
            from: '2025-11-28',
            to: '2026-11-27',
            reason: 'no ad spend is recorded in these days',
          },
    payback:
      people === 'many'
        ? { day: 27, reason: null }
        : { day: null, reason: 'what a new customer costs is not known' },
    cohorts: Array.from({ length: people === 'young' ? 1 : 6 }, (_, age) => ({
      month: monthsBack(age),
      customers: 402 - age,
      values: DAYS.map(days => horizon(days, age * 30, ltvOf(days))),
    })),
    interval_note: people === 'young' ? 'an interval needs at least 30 customers; there are 19' : null,
    as_of: AS_OF(),
    stale: false,
  }
}

const SCORED: [string, string, string, number][] = [
  ['champions', 'Champions', 'bought just now, and often or much', 1_204],
  ['loyal', 'Loyal', 'buy often or much, and lately', 1_388],
  ['potential_loyalists', 'Potential loyalists', 'bought lately, more than once', 977],
  ['new_customers', 'New customers', 'bought just now, little so far', 640],
  ['promising', 'Promising', 'bought lately, little so far', 512],
  ['needs_attention', 'Need attention', 'average in everything', 433],
  ['about_to_sleep', 'About to sleep', 'little, and not lately', 690],
  ['at_risk', 'At risk', 'used to buy well, long ago', 805],
  ['cannot_lose', 'Cannot lose', 'among the best, but long ago', 121],
  ['hibernating', 'Hibernating', 'little, and long ago', 744],
  ['lost', 'Lost', 'little, and longest ago', 898],
]

function segmentOf(recency: number, worth: number): string {
  if (recency >= 4) {
    if (worth >= 4) return recency === 5 ? 'champions' : 'loyal'
    if (worth >= 2) return 'potential_loyalists'
    return recency === 5 ? 'new_customers' : 'promising'
  }
  if (recency === 3) return worth >= 4 ? 'loyal' : worth === 3 ? 'needs_attention' : 'about_to_sleep'
  if (worth === 5) return 'cannot_lose'
  if (worth >= 3) return 'at_risk'
  return recency === 2 ? 'hibernating' : 'lost'
}

function segments(people: People): CustomerSegments {
  const few = people === 'young'
  const scores = [1, 2, 3, 4, 5]
  return {
    store: STORE,
    currency: CURRENCY,
    scored: few
      ? []
      : SCORED.map(([id, name, rule, n]) => ({ id, name, rule, share: n / 8_412, sums: sums(n, 78) })),
    scored_reason: few ? 'quintiles need at least 25 customers with an order; there are 19' : null,
    grid: few
      ? []
      : scores.flatMap(recency =>
          scores.map(worth => ({
            recency,
            worth,
            segment: segmentOf(recency, worth),
            sums: sums(40 + ((recency * worth * 97) % 560), 78),
          })),
        ),
    fixed: [
      {
        id: 'vip',
        name: 'VIP',
        rule: 'more than 1000 USD of net revenue',
        share: 0.021,
        sums: sums(177, 1_420),
      },
      {
        id: 'lapsing',
        name: 'At risk by days',
        rule: 'no order for more than 90 days',
        share: 0.54,
        sums: sums(4_560, 61),
      },
      {
        id: 'one_order',
        name: 'New',
        rule: 'exactly one order',
        share: few ? 1 : 0,
        sums: sums(few ? 19 : 0, 52),
      },
    ],
    settings: { vip_above: 1_000, at_risk_after_days: 90 },
    notes: [{ code: 'consent', message: 'Whether a customer agreed to marketing is not read yet' }],
    as_of: AS_OF(),
    stale: false,
  }
}

function person(n: number, people: People): CustomerSummary {
  const name = NAMES[n % NAMES.length] ?? 'Ada'
  const named = people !== 'no_scope' && n !== 3
  return {
    id: String(7_200_000_000_000 + n),
    name: named ? name : null,
    email: named ? `${name.toLowerCase().replace(' ', '.')}.${n}@example.com` : null,
    country: named ? 'US' : null,
    redacted: n === 3,
    first_order_on: '2025-06-11',
    last_order_on: '2026-11-02',
    orders: 14 - (n % 12),
    net_revenue: money(2_400 - n * 31.5),
    margin: n === 5 ? null : money(1_040 - n * 12.25),
    coverage: n === 5 ? 0 : 0.91,
  }
}

function answer(id: string, people: People): CustomerAnswer {
  const customer = person(Number(id) - 7_200_000_000_000, people)
  return {
    customer,
    currency: CURRENCY,
    scores: people === 'young' ? null : { recency: 5, worth: 5, segment: 'champions' },
    segments: ['vip'],
    days_since_first_order: 534,
    days_since_last_order: 25,
    days: [
      { day: '2025-06-11', orders: 1, net_revenue: '64.00', margin: '28.10', coverage: 1 },
      { day: '2025-06-29', orders: 0, net_revenue: '-12.00', margin: '-5.20', coverage: 1 },
      { day: '2026-11-02', orders: 2, net_revenue: '188.50', margin: null, coverage: 0 },
    ],
    orders: [],
    orders_total: 0,
    personal_data: people === 'no_scope' ? 'no_scope' : 'granted',
  }
}

function requests(): PrivacyRequest[] {
  const request = (
    n: number,
    kind: PrivacyRequest['kind'],
    state: PrivacyRequest['state'],
  ): PrivacyRequest => ({
    id: `privacy_${n}`,
    kind,
    state,
    store_id: STORE.id,
    customer_id: kind === 'shop_redact' ? null : String(7_200_000_000_000 + n),
    received_at: '2026-11-20T10:00:00Z',
    due_at: '2026-12-20T10:00:00Z',
    settled_at: state === 'done' ? '2026-11-20T10:00:04Z' : null,
    note: state === 'done' ? '1 record(s) deleted; 4 order(s) kept by number, without words.' : null,
  })
  return [request(1, 'data_request', 'ready'), request(3, 'customer_redact', 'done')]
}

export function customerHandlers(people: People = 'many'): RequestHandler[] {
  let settings: CustomerSettings = { vip_above: 1_000, at_risk_after_days: 90 }
  return [
    http.get('*/v1/customers/overview', ({ request }) => {
      const query = new URL(request.url).searchParams
      return HttpResponse.json(overview(people, query.get('from') ?? '', query.get('to') ?? ''))
    }),
    http.get('*/v1/customers/ltv', () => HttpResponse.json(ltv(people))),
    http.get('*/v1/customers/settings', () => HttpResponse.json(settings)),
    http.put('*/v1/customers/settings', async ({ request }) => {
      settings = (await request.json()) as CustomerSettings
      return HttpResponse.json(settings)
    }),
    http.get('*/v1/customers/segments', () => HttpResponse.json(segments(people))),
    http.get('*/v1/cohorts', ({ request }) => {
      const measure = new URL(request.url).searchParams.get('measure') ?? 'retention'
      return HttpResponse.json(cohorts(people, measure as Cohorts['measure']))
    }),
    http.get('*/v1/customers', ({ request }) => {
      const query = new URL(request.url).searchParams
      const text = query.get('q')?.toLowerCase() ?? ''
      if (text === 'explode') {
        return HttpResponse.json(
          { status: 503, title: 'Status 503', detail: 'The database did not answer.' },
          { status: 503 },
        )
      }
      const all = Array.from({ length: 40 }, (_, n) => person(n, people))
      const found = all.filter(c => !text || c.id.includes(text) || c.email?.includes(text))
      return HttpResponse.json({
        customers: found,
        total: found.length,
        next_cursor: null,
        currency: CURRENCY,
        personal_data: people === 'no_scope' ? 'no_scope' : 'granted',
      })
    }),
    http.get('*/v1/customers/:id', ({ params }) => HttpResponse.json(answer(String(params.id), people))),
    http.get('*/v1/privacy/requests', () =>
      HttpResponse.json({ requests: requests(), total: 2, next_cursor: null }),
    ),
    http.post('*/v1/privacy/requests/:id/answer', () =>
      HttpResponse.json({ customer: { email: 'amelia.walker.1@example.com' }, orders: [] }),
    ),
  ]
}
