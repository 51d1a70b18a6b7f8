/** The mock's reconciliation: never run at first; then a deleted order and something unexplained; a mended day agrees. */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type {
  ReconciledDay,
  ReconciledDayDetail,
  ReconciledSales,
  Reconciliation,
  ReconciliationRun,
} from '@/shared/api/types'
import { addDays } from '@/shared/format/time'
import { CURRENCY, STORE, TIMEZONE } from './reports'

const DAYS = 30

function sales(total: number): ReconciledSales {
  const amount = total.toFixed(2)
  return {
    orders: null,
    gross_sales: amount,
    discounts: '0.00',
    reversals: '0.00',
    net_sales: amount,
    shipping: '0.00',
    taxes: '0.00',
    total_sales: amount,
  }
}

function dayOf(day: string, difference: number, deleted: number): ReconciledDay {
  const ours = 1_842.5
  return {
    day,
    state: difference === 0 ? 'agrees' : difference === deleted ? 'explained' : 'unexplained',
    source: 'analytics',
    ours: sales(ours),
    theirs: sales(ours + difference),
    difference: sales(difference),
    unexplained: sales(difference - deleted),
    causes: deleted === 0 ? [] : ['deletion'],
    orders: deleted === 0 ? 0 : 1,
    checked_at: new Date(Date.now() - 120_000).toISOString(),
  }
}

export function reconciliationHandlers(today: string): RequestHandler[] {
  let ran = false
  let mended = false
  const days = () =>
    Array.from({ length: DAYS }, (_, index) => {
      const day = addDays(today, index + 1 - DAYS)
      if (index === 11) return dayOf(day, -64.9, -64.9)
      if (index === 26 && !mended) return dayOf(day, -121.13, -120)
      return dayOf(day, 0, 0)
    })
  const run = (): ReconciliationRun => ({
    id: 'rec_1',
    store_id: STORE.id,
    status: 'succeeded',
    trigger: 'request',
    from: addDays(today, 1 - DAYS),
    to: today,
    done_days: DAYS,
    total_days: DAYS,
    agree: 28,
    explained: 1,
    unexplained: 1,
    source: 'analytics',
    source_reason: null,
    resumed: 0,
    created_at: new Date().toISOString(),
    started_at: new Date().toISOString(),
    finished_at: new Date().toISOString(),
    error: null,
  })
  const answer = (): Reconciliation => {
    const list = ran ? days() : []
    const of = (state: ReconciledDay['state']) => list.filter(day => day.state === state).length
    return {
      store_id: STORE.id,
      store_name: STORE.name,
      currency: CURRENCY,
      timezone: TIMEZONE,
      from: addDays(today, 1 - DAYS),
      to: today,
      days: list,
      total: list.length,
      next_cursor: null,
      latest_run: ran ? run() : null,
      summary: {
        days: list.length,
        agree: of('agrees'),
        explained: of('explained'),
        unexplained: of('unexplained'),
        unchecked: DAYS - list.length,
        agree_share: list.length > 0 ? of('agrees') / list.length : null,
        source: ran ? 'analytics' : null,
        source_reason: null,
        as_of: list[0]?.checked_at ?? null,
        difference: mended ? '-64.90' : '-186.03',
        unexplained_amount: mended ? '0.00' : '-1.13',
      },
    }
  }
  const detail = (day: string): ReconciledDayDetail | undefined => {
    const found = days().find(candidate => candidate.day === day)
    if (!found) return undefined
    const deleted = Number(found.difference.total_sales) - Number(found.unexplained.total_sales)
    return {
      ...found,
      currency: CURRENCY,
      findings:
        found.causes.length === 0
          ? []
          : [
              {
                cause: 'deletion',
                order_id: '5600000000042',
                name: '#1042',
                ours: sales(-deleted),
                theirs: sales(0),
                difference: sales(deleted),
                held: true,
                mendable: true,
              },
            ],
    }
  }
  return [
    http.get('*/v1/reconciliation', () => HttpResponse.json(answer())),
    http.post('*/v1/reconciliation/runs', () => {
      ran = true
      return HttpResponse.json(run(), { status: 202 })
    }),
    http.post('*/v1/reconciliation/mend', () => {
      mended = true
      return HttpResponse.json({ orders: [{ order_id: '5600000000042', name: '#1042', outcome: 'removed' }] })
    }),
    http.get('*/v1/reconciliation/:day', ({ params }) => {
      const found = detail(String(params.day))
      return found ? HttpResponse.json(found) : new HttpResponse(null, { status: 404 })
    }),
  ]
}
