/** The mock's what-if: a mug whose demand answers to price, a lamp without a cost, and two campaigns. Its arithmetic is a stand-in for the server's. */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { ChangeEffect, WhatIf, WhatIfCampaign } from '@/shared/api/types'
import { addDays, todayIn } from '@/shared/format/time'
import { CURRENCY, STORE, TIMEZONE } from './reports'

const MUG = { variant_id: '90021', label: 'Stoneware mug · speckled, 350 ml' }
const LAMP = { variant_id: '90055', label: 'Brass desk lamp' }
const ACCOUNT = '0190b2f0-0000-7000-8000-0000000000ad'
const RATE = 5.2
const DAYS = 28

const effect = (mean: number, width: number): ChangeEffect => ({
  days: DAYS,
  low: (mean - width).toFixed(2),
  mean: mean.toFixed(2),
  high: (mean + width).toFixed(2),
})

function campaign(id: string, name: string, own: Partial<WhatIfCampaign>): WhatIfCampaign {
  const today = todayIn(TIMEZONE)
  return {
    account_id: ACCOUNT,
    campaign_id: id,
    name,
    spend: '1840.22',
    from: addDays(today, -56),
    to: addDays(today, -29),
    poas: 0.71,
    ahead: effect(-540, 210),
    break_even_roas: 2.6,
    why: null,
    ...own,
  }
}

function variantOf(id: string | null): WhatIf['variant'] {
  if (id === MUG.variant_id)
    return {
      ...MUG,
      price: '24.90',
      unit_cost: '8.40',
      shipping: '4.10',
      fee_share: 0.0312,
      stock: 640,
      units_a_day: RATE,
      why: null,
      elasticity: {
        low: -2.1,
        mean: -1.6,
        high: -1.1,
        own_changes: 2,
        changes: 19,
        seen_low: -0.15,
        seen_high: 0.12,
      },
      price_why: null,
    }
  if (id !== LAMP.variant_id) return null
  return {
    ...LAMP,
    price: '119.00',
    unit_cost: null,
    shipping: '4.10',
    fee_share: 0.0312,
    stock: 12,
    units_a_day: null,
    why: 'the unit cost is unknown',
    elasticity: null,
    price_why: null,
  }
}

export function whatIfHandlers(): RequestHandler[] {
  return [
    http.get('*/v1/what-if', ({ request }) => {
      const asked = new URL(request.url).searchParams
      const variant = variantOf(asked.get('variant_id'))
      const moved = (key: string) => asked.get(key)
      const isMoved = moved('price') ?? moved('unit_cost') ?? moved('shipping')
      let answer: WhatIf['answer'] = null
      if (variant && isMoved) {
        const price = Number(moved('price') ?? variant.price)
        const cost =
          Number(moved('unit_cost') ?? variant.unit_cost) + Number(moved('shipping') ?? variant.shipping)
        const units = RATE * DAYS
        const then = units * (price / Number(variant.price)) ** -1.6
        const [before, after] = [units * (24.9 * 0.97 - 12.5), then * (price * 0.97 - cost)]
        answer = {
          units_now: units,
          units_after: then,
          now: effect(before, 260),
          after: effect(after, 310),
          change: effect(after - before, 190),
          confidence: moved('price') ? 0.71 : null,
          is_beyond_seen: Math.abs(price / 24.9 - 1) > 0.15,
          sells_out: false,
          why: null,
        }
      }
      const spend = Number(asked.get('spend_change') ?? 0)
      const ads: WhatIf['ads'] =
        spend === 0
          ? null
          : spend > 0
            ? {
                change: null,
                budgets: [],
                budgets_why: null,
                why: 'what more money brings is not known: each further sum usually brings less than the one before',
              }
            : {
                change: effect(-spend * 5.4, -spend * 2.1),
                budgets:
                  spend === -100
                    ? []
                    : [
                        {
                          level: 'campaign',
                          ad_id: '120',
                          name: 'Spring, broad',
                          currency: CURRENCY,
                          before: '60.00',
                          after: (60 * (1 + spend / 100)).toFixed(2),
                        },
                      ],
                budgets_why: null,
                why: null,
              }
      const search = asked.get('search')?.toLowerCase() ?? ''
      const parts = [answer?.change, ads?.change].filter(part => part != null)
      const sum = parts.reduce((all, part) => all + Number(part.mean), 0)
      const isWhole = parts.length > 0 && !ads?.why
      const body: WhatIf = {
        store_id: STORE.id,
        currency: CURRENCY,
        as_of: new Date().toISOString(),
        gathered_at: new Date().toISOString(),
        days: DAYS,
        choices: [MUG, LAMP].filter(choice => choice.label.toLowerCase().includes(search)),
        variant,
        answer,
        campaigns: [
          campaign('120', 'Spring, broad', {}),
          campaign('121', 'Retargeting', {
            spend: null,
            from: null,
            to: null,
            poas: null,
            ahead: null,
            why: 'it runs for less than 7 days',
          }),
        ],
        ads,
        change: isWhole ? effect(sum, 220) : null,
      }
      return HttpResponse.json(body)
    }),
  ]
}
