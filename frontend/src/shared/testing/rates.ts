/**
 * Exchange rates of the mock backend: dollars are the workspace's, a pair is missing days, the series is well. Fails on
 * purpose for the value "1,1".
 */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { RateStatus, Workspace } from '@/shared/api/types'
import { addDays, isoDay } from '@/shared/format/time'

const today = isoDay(new Date())

function series(quote: string, value: string, source: string, age: number, count: number) {
  const newest = addDays(today, -age)
  return {
    base: 'EUR',
    quote,
    source,
    count,
    oldest: addDays(newest, -count),
    newest,
    latest: {
      day: newest,
      base: 'EUR',
      quote,
      value,
      source,
      origin: source === 'feed' ? 'European Central Bank' : 'olivia@hearth.example',
      observed_at: new Date().toISOString(),
    },
  }
}

export function rateHandlers(): RequestHandler[] {
  const workspace: Workspace = {
    id: 'ws_1',
    name: 'Hearth & Harbour',
    currency: 'USD',
    currency_from: 'first_store',
    max_rate_age_days: 7,
    currencies: ['USD'],
  }
  const status: RateStatus = {
    currency: 'USD',
    max_rate_age_days: 7,
    feed: {
      state: 'ok',
      url: 'https://www.ecb.europa.eu/stats/eurofxref',
      publisher: 'European Central Bank',
      last_attempt_at: new Date(Date.now() - 3_600_000).toISOString(),
      last_success_at: new Date(Date.now() - 3_600_000).toISOString(),
      newest: addDays(today, -1),
      error: null,
      failures: 0,
    },
    series: [series('USD', '1.1657', 'feed', 1, 520), series('GBP', '0.87315', 'feed', 1, 520)],
    missing: [
      {
        from: 'JPY',
        to: 'USD',
        count: 12,
        first: addDays(today, -40),
        last: addDays(today, -29),
        days: [],
        stores: ['Hearth Tokyo'],
      },
    ],
  }
  return [
    http.get('*/v1/workspace', () => HttpResponse.json(workspace)),
    http.put('*/v1/workspace', async ({ request }) => {
      const input = (await request.json()) as { currency: string | null; max_rate_age_days: number }
      workspace.currency = input.currency ?? 'USD'
      workspace.currency_from = input.currency ? 'set' : 'first_store'
      workspace.max_rate_age_days = input.max_rate_age_days
      return HttpResponse.json(workspace)
    }),
    http.get('*/v1/rates/status', () => HttpResponse.json(status)),
    http.get('*/v1/rates', ({ request }) => {
      const query = new URL(request.url).searchParams
      const found = status.series.filter(
        entry => entry.quote === query.get('quote') && entry.source === query.get('source'),
      )
      const rates = found.map(entry => entry.latest)
      return HttpResponse.json({ rates, total: rates.length, next_cursor: null })
    }),
    http.delete('*/v1/rates/:day/:base/:quote', ({ params, request }) => {
      const source = new URL(request.url).searchParams.get('source')
      const before = status.series.length
      status.series = status.series.filter(
        entry => entry.quote !== params.quote || entry.source !== source || entry.newest !== params.day,
      )
      return new HttpResponse(null, { status: status.series.length < before ? 204 : 404 })
    }),
    http.put('*/v1/rates', async ({ request }) => {
      const { rates } = (await request.json()) as { rates: { quote: string; value: string }[] }
      const [rate] = rates
      if (!rate || rate.value === '1,1') {
        const message = '"1,1" is not a decimal amount'
        const body = {
          title: 'Validation failed',
          detail: message,
          errors: [{ field: 'rates[0].value', message }],
        }
        return HttpResponse.json(body, { status: 400 })
      }
      status.series = [...status.series, series(rate.quote, rate.value, 'entered', 0, 1)]
      return HttpResponse.json({ saved: 1, replaced: 0 })
    }),
    http.post('*/v1/rates/refresh', () => HttpResponse.json({ told: 30, newest: today })),
  ]
}
