/** The mock's recommendations: two pairs, of which one is tagged in part, and a bundle of three. */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { BoughtTogether, Recommendations } from '@/shared/api/types'
import { addDays, todayIn } from '@/shared/format/time'
import { STORE, TIMEZONE } from './reports'

const thing = (
  id: number,
  title: string,
  orders: number,
  own: Partial<BoughtTogether> = {},
): BoughtTogether => ({
  product_id: String(7000 + id),
  title,
  orders,
  variant_id: String(90000 + id),
  offered: true,
  tag: `goes-with:${title.toLowerCase().replaceAll(' ', '-')}`,
  tags: [],
  ...own,
})

const KETTLE = thing(1, 'Enamel kettle', 412)
const MUG = thing(2, 'Stoneware mug, speckled, 350 ml', 1_204, {
  variant_id: null,
  tags: ['goes-with:enamel-kettle'],
})
const TRIVET = thing(3, 'Cork trivet', 188)

export function recommendationsAnswer(): Recommendations {
  const today = todayIn(TIMEZONE)
  return {
    store_id: STORE.id,
    found: {
      run_id: 'run_7',
      found_at: `${today}T06:00:04Z`,
      as_of: `${today}T05:58:00Z`,
      from: addDays(today, -365),
      until: addDays(today, -1),
      orders: 11_971,
      orders_too_large: 3,
      products: 118,
      pairs: 2,
      bundles: 1,
      pair_tests: 6_903,
      bundle_tests: 266_916,
      pairs_left: 41,
      pairs_bundled: 1,
    },
    pairs: [
      {
        products: [KETTLE, MUG],
        together: 158,
        expected: 41.4,
        support: { low: 0.0113, value: 0.0132, high: 0.0154 },
        confidence: { low: 0.338, value: 0.383, high: 0.431 },
        backward: { low: 0.113, value: 0.131, high: 0.152 },
        lift: { low: 3.4, value: 3.81, high: 4.28 },
        p: 3.2e-61,
      },
      {
        products: [KETTLE, TRIVET],
        together: 24,
        expected: 6.5,
        support: { low: 0.0013, value: 0.002, high: 0.003 },
        confidence: { low: 0.0395, value: 0.0583, high: 0.0853 },
        backward: { low: 0.0872, value: 0.1277, high: 0.183 },
        lift: { low: 2.51, value: 3.71, high: 5.48 },
        p: 1.4e-8,
      },
    ],
    bundles: [
      {
        products: [KETTLE, MUG, TRIVET],
        together: 14,
        expected: 2.5,
        support: { low: 0.0007, value: 0.0012, high: 0.002 },
        weakest_product_id: TRIVET.product_id,
        confidence: { low: 0.0535, value: 0.0886, high: 0.143 },
        lift: { low: 3.4, value: 5.64, high: 9.35 },
        p: 4.4e-8,
      },
    ],
  }
}

export function recommendationHandlers(): RequestHandler[] {
  return [http.get('*/v1/recommendations', () => HttpResponse.json(recommendationsAnswer()))]
}
