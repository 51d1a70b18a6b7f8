/** The mock's suppliers. Keeps them; refuses the name "Nordlys Studio" a second time, and the e-mail address "nobody". */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { NewSupplier, Supplier, SupplierRatingFactor } from '@/shared/api/types'
import { CURRENCY } from './reports'

const UNRATED: Supplier['rating'] = {
  score: null,
  interval: { low: 0, high: 100 },
  completeness: 0,
  factors: [
    { name: 'delivery', weight: 40, reason: 'fewer than 2 orders with an agreed day have come or are late' },
    { name: 'quality', weight: 30, reason: 'fewer than 2 orders have come' },
    { name: 'cost', weight: 20, reason: 'what was charged is written down of fewer than 2 orders' },
    {
      name: 'service',
      weight: 10,
      reason: 'nothing is written down of how they answer and set right what was wrong',
    },
  ].map(factor => ({ points: null, found: null, source: null, ...factor }) as SupplierRatingFactor),
}

const RATED: Supplier['rating'] = {
  score: 71.43,
  interval: { low: 50, high: 80 },
  completeness: 70,
  factors: UNRATED.factors.map(factor => {
    if (factor.name === 'delivery') {
      const found = '3 of 4 orders in time, 1.2 days late on average'
      return { ...factor, points: 69, found, source: '4 own orders with an agreed day', reason: null }
    }
    if (factor.name !== 'quality') return factor
    const found = '119 of 160 units came and can be sold, 4 came damaged'
    return { ...factor, points: 74, found, source: '4 own orders that have come', reason: null }
  }),
}

export const SUPPLIERS: Supplier[] = [
  {
    id: 'sup_1',
    name: 'Hearth & Co Workshop',
    email: 'orders@hearth-workshop.example',
    currency: CURRENCY,
    lead_days: 10,
    note: 'Closed in the last week of December.',
    archived: false,
    learned_lead: { mean_days: 9.2, sd_days: 2.1, orders: 4 },
    rating: RATED,
  },
  {
    id: 'sup_2',
    name: 'Nordlys Studio',
    email: null,
    currency: 'EUR',
    lead_days: null,
    note: null,
    archived: false,
    learned_lead: null,
    rating: UNRATED,
  },
  {
    id: 'sup_3',
    name: 'Old Mill Paper',
    email: 'mill@paper.example',
    currency: CURRENCY,
    lead_days: 21,
    note: null,
    archived: true,
    learned_lead: null,
    rating: UNRATED,
  },
]

function refused(detail: string, field: string) {
  return HttpResponse.json(
    { title: 'Refused', status: 422, detail, errors: [{ field, message: detail }] },
    { status: 422, headers: { 'content-type': 'application/problem+json' } },
  )
}

export function supplierHandlers(): RequestHandler[] {
  let suppliers = SUPPLIERS
  const fault = (told: NewSupplier, id?: string) => {
    if (told.email === 'nobody') return refused('this is no e-mail address', 'email')
    if (suppliers.some(one => one.id !== id && one.name === told.name))
      return refused('another supplier has this name', 'name')
    return undefined
  }
  return [
    http.get('*/v1/suppliers', () =>
      HttpResponse.json({ suppliers, total: suppliers.length, next_cursor: null }),
    ),
    http.post('*/v1/suppliers', async ({ request }) => {
      const told = (await request.json()) as NewSupplier
      const wrong = fault(told)
      if (wrong) return wrong
      const made = {
        id: `sup_${suppliers.length + 1}`,
        archived: false,
        learned_lead: null,
        rating: UNRATED,
        ...told,
      }
      suppliers = [...suppliers, made]
      return HttpResponse.json(made, { status: 201 })
    }),
    http.put('*/v1/suppliers/:id', async ({ request, params }) => {
      const told = (await request.json()) as NewSupplier & { archived: boolean }
      const found = suppliers.find(one => one.id === params.id)
      if (!found) return new HttpResponse(null, { status: 404 })
      const wrong = fault(told, found.id)
      if (wrong) return wrong
      const changed = { ...found, ...told }
      suppliers = suppliers.map(one => (one.id === found.id ? changed : one))
      return HttpResponse.json(changed)
    }),
  ]
}
