/** The mock's campaigns: two accounts, one of them with a warning; a campaign that loses, one without sales, one that was renamed. */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type {
  AdAccount,
  AdCampaignRef,
  AdProductProfit,
  AdProfit,
  Attribution,
  Campaign,
  CampaignAdSets,
  CampaignDetail,
  CampaignList,
} from '@/shared/api/types'
import { addDays } from '@/shared/format/time'

const MARGIN = 0.41
const AT = '2026-03-01T08:00:00Z'

function account(platform: AdAccount['platform'], lastDay: string): AdAccount {
  const meta = platform === 'meta'
  return {
    id: meta ? 'ads_1' : 'ads_2',
    store_id: 'store_1',
    platform,
    number: meta ? '1234567890123456' : '1234567890',
    name: meta ? 'Royal Equips' : 'Royal Equips search',
    currency: 'USD',
    time_zone: 'America/New_York',
    is_sandbox: !meta,
    state: meta ? 'ok' : 'degraded',
    state_reason: meta ? null : 'Google Ads takes no more calls for now (RESOURCE_TEMPORARILY_EXHAUSTED).',
    missing: [],
    series: [{ from: null, currency: 'USD', time_zone: 'America/New_York' }],
    final_through: addDays(lastDay, -29),
    read_through: lastDay,
    purchase_definition: meta ? ['omni_purchase', 'purchase'] : ['conversions'],
    last_synced_at: new Date().toISOString(),
    from_environment: false,
    last_sync: null,
  }
}

interface Told {
  name: string
  platform?: Campaign['platform']
  status?: Campaign['status']
  spent: number
  purchases: number
  revenue: number
  earlier?: string
}

const TOLD: Told[] = [
  { name: 'Prospecting, lookalikes of buyers', spent: 4812.4, purchases: 241, revenue: 19_403.1 },
  { name: 'Retargeting', spent: 1220.75, purchases: 118, revenue: 8_122.9 },
  { name: 'Seasonal', spent: 2310, purchases: 31, revenue: 2_480.5, earlier: 'Spring sale' },
  { name: 'Brand', platform: 'google_ads', spent: 640.2, purchases: 96, revenue: 6_011.4 },
  {
    name: 'Shopping, all products',
    platform: 'google_ads',
    spent: 3_105.33,
    purchases: 102,
    revenue: 6_950.2,
  },
  { name: 'New arrivals', status: 'paused', spent: 0, purchases: 0, revenue: 0 },
]

function campaign(told: Told, index: number, lastDay: string, share = 1): Campaign {
  const spent = told.spent * share
  const revenue = told.revenue * share
  const roas = spent > 0 ? revenue / spent : null
  const clicks = Math.round(spent * 1.9)
  const unavailable: Record<string, string> = { reach: 'people cannot be added up over days' }
  if (roas === null) unavailable.roas = 'nothing was spent in these days'
  return {
    id: `ads_${told.platform ? 2 : 1}.${100 + index}`,
    account_id: told.platform ? 'ads_2' : 'ads_1',
    number: String(100 + index),
    name: told.name,
    earlier_names: told.earlier ? [{ name: told.earlier, until: AT }] : [],
    product_id: null,
    product_title: null,
    platform: told.platform ?? 'meta',
    format: told.platform ? 'SEARCH' : 'OUTCOME_SALES',
    status: told.status ?? 'active',
    delivery: null,
    budget: '180.00',
    budget_span: 'day',
    budget_is_shared: false,
    spent: spent.toFixed(2),
    impressions: clicks * 60,
    reach: null,
    clicks,
    conversions: told.purchases * share,
    claimed_revenue: revenue.toFixed(2),
    roas,
    poas: roas === null ? null : roas * MARGIN,
    profit: roas === null ? null : (revenue * MARGIN - spent).toFixed(2),
    created_at: AT,
    currency: 'USD',
    content: {
      headline: null,
      description: null,
      call_to_action: null,
      image_url: null,
      video_url: null,
    },
    performance: { ctr: 0.0167, conversion_rate: 0.02, cost_per_conversion: null, budget_utilization: 0.7 },
    provisional: spent > 0,
    last_day: lastDay,
    purchases_by: told.platform ? 'conversions' : 'omni_purchase',
    unavailable,
  }
}

const margin = { share: MARGIN, contribution_margin: '24600.00', net_revenue: '60000.00', reason: null }

function listOf(lastDay: string, from: string, to: string): CampaignList {
  const campaigns = TOLD.map((told, index) => campaign(told, index, lastDay)).sort(
    (a, b) => Number(b.spent) - Number(a.spent),
  )
  const spent = TOLD.reduce((sum, told) => sum + told.spent, 0)
  const revenue = TOLD.reduce((sum, told) => sum + told.revenue, 0)
  return {
    campaigns,
    total: campaigns.length,
    active: 5,
    total_budget: '900.00',
    total_spent: spent.toFixed(2),
    total_conversions: 588,
    average_roas: revenue / spent,
    poas: (revenue / spent) * MARGIN,
    break_even_roas: 1 / MARGIN,
    mer: 60_000 / spent,
    spend_share: spent / 60_000,
    new_customer_cac: '31.20',
    claimed_revenue: revenue.toFixed(2),
    pacing: { spent: '6120.00', projected: '9400.00', limit: null, unknown: null },
    margin,
    currency: 'USD',
    from,
    to,
    ad_accounts: [account('meta', lastDay), account('google_ads', lastDay)],
    unavailable: {},
    timestamp: new Date().toISOString(),
  }
}

function detailOf(id: string, lastDay: string, from: string, to: string): CampaignDetail | undefined {
  const index = TOLD.findIndex((told, at) => campaign(told, at, lastDay).id === id)
  const told = TOLD[index]
  if (!told) return undefined
  const days = Array.from({ length: 14 }, (_, at) => {
    const part = (1 + ((at * 5) % 7)) / 56
    return {
      day: addDays(lastDay, at - 13),
      spent: (told.spent * part).toFixed(2),
      impressions: 900,
      clicks: 20,
      conversions: Math.round(told.purchases * part),
      claimed_revenue: (told.revenue * part).toFixed(2),
      roas: told.spent ? told.revenue / told.spent : null,
      poas: told.spent ? (told.revenue / told.spent) * MARGIN : null,
      provisional: true,
    }
  })
  const part = (name: string, share: number) => ({
    ...campaign({ ...told, name }, index, lastDay, share),
    id: `${id}/${name}`,
    number: `12021100${index}${Math.round(share * 100)}`,
  })
  return {
    campaign: campaign(told, index, lastDay),
    ad_account: account(told.platform ?? 'meta', lastDay),
    ad_sets: [part('Broad', 0.6), part('Interest', 0.4)],
    days: told.spent ? days : [],
    changes: told.spent
      ? [
          {
            change_set: 'set_1',
            at: `${addDays(lastDay, -3)}T10:00:00Z`,
            kind: 'ad_budget',
            label: told.name,
            before: { type: 'text', text: '100.00 USD a day' },
            after: { type: 'text', text: '75.00 USD a day' },
            state: 'applied',
            agent: 'marketing_automation',
          },
        ]
      : [],
    margin,
    break_even_roas: 1 / MARGIN,
    from,
    to,
  }
}

function attributionOf(lastDay: string, asked: URLSearchParams): Attribution {
  const own = (orders: number, revenue: number) => ({
    orders,
    net_revenue: revenue.toFixed(2),
    cm2: (revenue * MARGIN).toFixed(2),
  })
  const named = TOLD.map((told, index) => campaign(told, index, lastDay)).map((of, at) => {
    const share = asked.get('model') === 'first' ? 0.4 : 0.6
    const revenue = at === 5 ? 0 : Number(of.claimed_revenue) * share
    return {
      source: at === 5 ? null : of.platform === 'meta' ? 'meta' : 'google',
      campaign: at === 5 ? null : of.number,
      own: own(revenue / 50, revenue),
      claims: {
        campaign_id: of.id,
        name: of.name,
        platform: of.platform,
        spent: of.spent,
        claimed_revenue: of.claimed_revenue,
        claimed_purchases: of.conversions,
      },
      roas: Number(of.spent) > 0 ? revenue / Number(of.spent) : null,
      poas: Number(of.spent) > 0 ? (revenue * MARGIN) / Number(of.spent) : null,
    }
  })
  const plain = (source: string, revenue: number) => ({
    source,
    campaign: null,
    own: own(revenue / 50, revenue),
    claims: null,
    roas: null,
    poas: null,
  })
  return {
    model: (asked.get('model') ?? 'last') as Attribution['model'],
    from: asked.get('from') ?? lastDay,
    to: asked.get('to') ?? lastDay,
    currency: 'USD',
    rows: [plain('direct', 21_000), ...named, plain('google', 9_000)],
    total: own(1_200, 60_000),
    not_read: own(12, 610),
    unavailable: null,
    margin,
  }
}

function profitOf(lastDay: string, asked: URLSearchParams): AdProfit {
  const from = asked.get('from') ?? lastDay
  const list = listOf(lastDay, from, asked.get('to') ?? lastDay)
  const refs: AdCampaignRef[] = list.campaigns.map(of => ({
    id: of.id,
    name: of.name,
    platform: of.platform,
    status: of.status,
  }))
  const own = (orders: number, revenue: number): AdProductProfit['own'] => ({
    orders,
    units: orders + 3,
    net_revenue: revenue.toFixed(2),
    cm2: (revenue * MARGIN).toFixed(2),
  })
  const product = (
    id: string,
    title: string,
    spent: number,
    revenue: number,
    at: number,
  ): AdProductProfit => ({
    product_id: id,
    title,
    spent: spent.toFixed(2),
    own: own(Math.round(revenue / 55), revenue),
    poas: (revenue * MARGIN) / spent,
    campaigns: refs.slice(at, at + 2),
    stock: at === 0 ? 'empty' : 'stocked',
  })
  const products = [
    product('1', 'Trekking tent, two people', 3_120.5, 5_400, 0),
    product('2', 'Down sleeping bag', 1_410, 6_890.4, 1),
    product('3', 'Cast-iron pan', 322.25, 310, 2),
  ]
  return {
    from,
    to: list.to,
    currency: 'USD',
    waste: {
      final_spend: '8120.00',
      final_through: addDays(lastDay, -30),
      below_break_even: '2310.00',
      lost: '1290.40',
      without_stock: '412.30',
      total: '2640.10',
      share: 0.325,
      campaigns: refs.slice(2, 3).map(campaign => ({ campaign, spent: '2310.00', lost: '1290.40' })),
      unavailable: {},
    },
    payback: { new_customers: 212, cac: '48.20', payback_days: 34, reason: null },
    campaigns: list.campaigns.map((of, at) => ({
      campaign: refs[at] as AdCampaignRef,
      spent: of.spent,
      spent_final: of.spent,
      own: at === 4 ? null : own(12 * (at + 1), Number(of.spent) * (at + 1)),
      poas: at === 4 || Number(of.spent) === 0 ? null : MARGIN * (at + 1),
      payback: {
        new_customers: at === 4 ? 0 : 8 + at,
        cac: at === 4 ? null : (31 + at).toFixed(2),
        payback_days: at < 2 ? 12 + at * 40 : null,
        reason: at < 2 ? null : 'not within the 365 days that customers have been seen for',
      },
    })),
    products,
    unattributed: '640.00',
    other_channels: [
      {
        channel: 'tiktok',
        campaign: 'Summer tents',
        spent: '512.40',
        days: 14,
        last_day: lastDay,
        own: own(11, 803.2),
        poas: 0.64,
        payback: { new_customers: 4, cac: '128.10', payback_days: null, reason: 'not within the 365 days' },
      },
    ],
    without_stock: products
      .slice(0, 1)
      .map(of => ({ product_id: of.product_id, title: of.title, spent: of.spent, campaigns: of.campaigns })),
    days: [],
    orders_not_read: 12,
    margin,
    unavailable: null,
  }
}

/** The first two ad sets of a campaign, of which one is named by no link, and what no link decides. */
function adSetsOf(id: string, lastDay: string, asked: URLSearchParams): CampaignAdSets | undefined {
  const [from, to] = [asked.get('from') ?? lastDay, asked.get('to') ?? lastDay]
  const detail = detailOf(id, lastDay, from, to)
  if (!detail) return undefined
  const own = (orders: number, revenue: number) => ({
    orders,
    units: orders + 1,
    net_revenue: revenue.toFixed(2),
    cm2: (revenue * MARGIN).toFixed(2),
  })
  const spent = Number(detail.campaign.spent)
  const poas = (revenue: number, cost: number) => (cost > 0 ? (revenue * MARGIN) / cost : null)
  return {
    from,
    to,
    currency: 'USD',
    spent: detail.campaign.spent,
    own: own(19, spent + 1_260.4),
    poas: poas(spent + 1_260.4, spent),
    ad_sets: detail.ad_sets.map((set, at) => ({
      number: set.number,
      name: set.name,
      status: set.status,
      spent: set.spent,
      own: at === 0 ? own(14, spent) : null,
      poas: at === 0 ? poas(spent, Number(set.spent)) : null,
    })),
    not_told: [
      { reason: 'not_read', own: own(3, 1_060.4) },
      { reason: 'no_words', own: own(2, 200) },
    ],
    orders_not_read: 12,
    unavailable: null,
  }
}

export function campaignHandlers(lastDay: string): RequestHandler[] {
  return [
    http.get('*/v1/attribution', ({ request }) =>
      HttpResponse.json(attributionOf(lastDay, new URL(request.url).searchParams)),
    ),
    http.get('*/v1/ad-profit', ({ request }) =>
      HttpResponse.json(profitOf(lastDay, new URL(request.url).searchParams)),
    ),
    http.get('*/v1/campaigns', ({ request }) => {
      const asked = new URL(request.url).searchParams
      return HttpResponse.json(listOf(lastDay, asked.get('from') ?? lastDay, asked.get('to') ?? lastDay))
    }),
    http.get('*/v1/campaigns/:id/ad-sets', ({ params, request }) => {
      const found = adSetsOf(String(params.id), lastDay, new URL(request.url).searchParams)
      return found ? HttpResponse.json(found) : new HttpResponse(null, { status: 404 })
    }),
    http.get('*/v1/campaigns/:id', ({ params, request }) => {
      const asked = new URL(request.url).searchParams
      const days = [asked.get('from') ?? lastDay, asked.get('to') ?? lastDay] as const
      const found = detailOf(String(params.id), lastDay, ...days)
      if (found) return HttpResponse.json(found)
      return HttpResponse.json(
        { type: 'about:blank', title: 'Not found', status: 404, detail: 'there is no such campaign' },
        { status: 404, headers: { 'content-type': 'application/problem+json' } },
      )
    }),
    http.get('*/v1/ad-accounts', () => {
      const ad_accounts = [account('meta', lastDay)]
      return HttpResponse.json({ ad_accounts, total: ad_accounts.length })
    }),
    http.post('*/v1/ad-accounts', async ({ request }) => {
      const asked = (await request.json()) as { platform: AdAccount['platform'] }
      return HttpResponse.json(account(asked.platform, lastDay), { status: 201 })
    }),
    http.post('*/v1/ad-accounts/:id/sync', ({ params }) =>
      HttpResponse.json({ id: 'ad_sync_1', account_id: params.id, status: 'queued' }, { status: 202 }),
    ),
  ]
}
