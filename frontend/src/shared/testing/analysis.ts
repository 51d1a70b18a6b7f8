/** The mock's unusual days and briefs. Keeps what is said about a day; refuses an old version and to dismiss without a reason. */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { Anomaly, AnomalyStatus, Brief } from '@/shared/api/types'
import { addDays, todayIn } from '@/shared/format/time'
import { CURRENCY, STORE, TIMEZONE } from './reports'

const FOUND = 'T06:04:00Z'

function days(): Anomaly[] {
  const today = todayIn(TIMEZONE)
  const day = (ago: number) => addDays(today, -ago)
  const common = {
    store_id: STORE.id,
    currency: CURRENCY,
    over_two_days: false,
    history_days: 84,
    gone: false,
    version: 0,
    mark: null,
    found_at: today + FOUND,
    status: 'open' as const,
  }
  return [
    {
      ...common,
      id: '0190b2f0-0000-7000-8000-0000000000a1',
      figure: 'refund_rate',
      title: 'Refund rate',
      kind: 'ratio',
      day: day(1),
      value: '0.1820',
      expected: '0.0410',
      low: '0.0000',
      high: '0.0960',
      score: 5.9,
      may_move: true,
    },
    {
      ...common,
      id: '0190b2f0-0000-7000-8000-0000000000a2',
      figure: 'net_sales',
      title: 'Net sales',
      kind: 'money',
      day: day(2),
      value: '412345.67',
      expected: '186220.10',
      low: '121004.55',
      high: '264870.31',
      score: 4.2,
      over_two_days: true,
      may_move: false,
    },
    {
      ...common,
      id: '0190b2f0-0000-7000-8000-0000000000a3',
      figure: 'orders',
      title: 'Orders',
      kind: 'count',
      day: day(12),
      value: '3',
      expected: '41',
      low: '22',
      high: '66',
      score: -6.4,
      may_move: false,
      status: 'dismissed',
      version: 1,
      mark: {
        status: 'dismissed',
        by: 'olivia@hearth.example',
        at: day(11) + FOUND,
        reason: 'the shop was closed for stocktaking',
      },
    },
  ]
}

function briefOf(ago: number, unusual: Anomaly[]): Brief {
  const day = addDays(todayIn(TIMEZONE), -ago)
  const figure = (
    key: string,
    title: string,
    kind: 'money' | 'count' | 'ratio',
    value: string,
    before: string,
  ) => ({
    key,
    title,
    kind,
    value,
    before,
    reason: null,
  })
  return {
    store_id: STORE.id,
    day,
    against: addDays(day, -7),
    currency: CURRENCY,
    made_at: addDays(day, 1) + FOUND,
    as_of: `${addDays(day, 1)}T05:58:00Z`,
    headline: 'Saturday brought a net profit of 1\u202f204.18 USD, 310.40 USD less than the Saturday before.',
    figures: [
      figure('net_profit', 'Net profit', 'money', '1204.18', '1514.58'),
      figure('net_sales', 'Net sales', 'money', '4210.00', '4080.50'),
      figure('orders', 'Orders', 'count', '61', '58'),
      figure('refund_rate', 'Refund rate', 'ratio', '0.1820', '0.0395'),
      figure('margin', 'Margin (CM2)', 'ratio', '0.3610', '0.4120'),
      {
        ...figure('ad_spend', 'Ad spend', 'money', '', '310.00'),
        value: null,
        reason: 'nobody told the spend of this day',
      },
      {
        ...figure('poas', 'POAS', 'ratio', '', '5.4200'),
        value: null,
        reason: 'ad spend or costs are not known',
      },
      figure('unit_cost', 'Cost per unit', 'money', '14.20', '14.05'),
    ],
    parts: [
      { title: 'Refunds', change: '-590.10' },
      { title: 'Ad spend', change: '310.00' },
      { title: 'Volume', change: '61.90' },
      { title: 'Unit costs', change: '-54.20' },
      { title: 'Mix of products', change: '-38.00' },
    ],
    parts_unknown: null,
    needs: [{ text: '2 change-sets wait for approval.', link: '/inbox' }],
    run_id: 'run_brief',
    version: 1,
    moved: [],
    anomalies: unusual,
    gaps: [
      {
        code: 'not_told_ad_spend',
        text: 'Ad spend of the day is not told, so net profit is without it.',
        link: '/costs',
      },
      {
        code: 'conversion_not_read',
        text: 'Visits are not read from the store, so conversion is not known.',
        link: null,
      },
    ],
  }
}

function refused(status: number, detail: string, errors?: { field: string; message: string }[]) {
  const problem = { type: 'about:blank', title: detail, status, detail, ...(errors && { errors }) }
  return HttpResponse.json(problem, { status, headers: { 'content-type': 'application/problem+json' } })
}

interface Marking {
  version: number
  status: AnomalyStatus
  reason?: string | null
}

export function analysisHandlers(): RequestHandler[] {
  let all = days()
  const first = all.slice(0, 1)
  return [
    http.get('*/v1/briefs', () => {
      const briefs = [briefOf(1, first), briefOf(2, [])]
      return HttpResponse.json({ briefs, total: briefs.length, next_cursor: null })
    }),
    http.get('*/v1/anomalies', ({ request }) => {
      const status = new URL(request.url).searchParams.get('status')
      const anomalies = all.filter(one => !status || one.status === status)
      return HttpResponse.json({ anomalies, total: anomalies.length, next_cursor: null })
    }),
    http.post('*/v1/anomalies/:id/mark', async ({ params, request }) => {
      const told = (await request.json()) as Marking
      const one = all.find(row => row.id === params.id)
      if (!one) return refused(404, 'there is no such anomaly')
      if (one.version !== told.version)
        return refused(409, 'somebody else said something about it meanwhile; look at it again')
      const reason = told.reason?.trim() || null
      if (told.status === 'dismissed' && !reason)
        return refused(422, 'this cannot be said', [{ field: 'reason', message: 'is needed' }])
      const at = new Date().toISOString()
      const mark = { status: told.status, by: 'olivia@hearth.example', at, reason }
      const next: Anomaly = { ...one, status: told.status, version: one.version + 1, mark }
      all = all.map(row => (row.id === one.id ? next : row))
      return HttpResponse.json(next)
    }),
  ]
}
