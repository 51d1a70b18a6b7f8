/** The mock's suppliers. Keeps them; refuses the name "Nordlys Studio" a second time, and the e-mail address "nobody". */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { NewSupplier, Supplier } from '@/shared/api/types'
import { CURRENCY } from './reports'

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
      const made = { id: `sup_${suppliers.length + 1}`, archived: false, learned_lead: null, ...told }
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
