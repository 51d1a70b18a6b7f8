/** The mock's scores of forecasts: worse the further ahead; of the last week nothing yet, so that one sees how that looks. */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { ForecastAccuracy, ForecastScore } from '@/shared/api/types'
import { addDays } from '@/shared/format/time'

function score(n: number, mase: number): ForecastScore {
  return { n, mase, wape: mase * 0.82, bias: (mase - 0.9) / 2, coverage: 0.92 - mase * 0.13 }
}

function answer(today: string, days: number, level: ForecastAccuracy['level']): ForecastAccuracy {
  const to = addDays(today, -1)
  const from = addDays(today, -days)
  const frame = { from, to, level }
  if (level === 'product' && days === 7) {
    return {
      ...frame,
      total: null,
      buckets: [],
      models: [],
      days: [],
      drift: {
        state: 'too_early',
        recent_mase: null,
        past_mase: null,
        p_value: null,
        reason: 'nothing was scored yet',
      },
      unavailable: {
        total:
          'no forecast was held against what followed yet; the first is scored the night after it was made',
      },
    }
  }
  const scored = Math.min(days, 28)
  return {
    ...frame,
    total: score(scored * 16, 0.91),
    buckets: [
      { bucket: '1', from: 1, to: 1, ...score(440, 0.84) },
      { bucket: '2-7', from: 2, to: 7, ...score(1_900, 0.9) },
      { bucket: '8-14', from: 8, to: 14, ...score(1_620, 0.97) },
      { bucket: '15-28', from: 15, to: 28, ...score(880, 1.06) },
    ],
    models: [
      { model: 'theta', ...score(2_600, 0.89) },
      { model: 'seasonal naive', ...score(1_400, 0.99) },
      { model: 'TSB', ...score(840, 0.94), mase: null },
    ],
    days: Array.from({ length: scored }, (_, at) => ({
      day: addDays(to, at + 1 - scored),
      ...score(16, 0.8 + ((at * 37) % 40) / 100),
    })),
    drift: {
      state: days > 28 ? 'drifting' : 'none',
      recent_mase: days > 28 ? 1.12 : 0.92,
      past_mase: 0.9,
      p_value: days > 28 ? 0.004 : 0.61,
      reason:
        days > 28
          ? 'the last 14 days were missed by more than those before; look at what changed in the shop'
          : 'the last 14 days were missed by no more than those before',
    },
    unavailable: {},
  }
}

export function accuracyHandlers(today: string): RequestHandler[] {
  return [
    http.get('*/v1/forecasts/accuracy', ({ request }) => {
      const { searchParams: asked } = new URL(request.url)
      const level = (asked.get('level') ?? 'variant') as ForecastAccuracy['level']
      return HttpResponse.json(answer(today, Number(asked.get('days') ?? 28), level))
    }),
  ]
}
