/**
 * The mock's orders of goods. Keeps their states, as the server does: what is above 5 000 is not approved by who wrote it, goods are received in parts,
 * and a version that is not the last is refused.
 */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type {
  NewPurchaseOrder,
  NewReceipt,
  PurchaseLine,
  PurchaseOrder,
  PurchaseOutlook,
} from '@/shared/api/types'
import { addDays } from '@/shared/format/time'
import { variantIdOf } from './inventory'
import { CURRENCY, STORE } from './reports'
import { cents, type Shop } from './shop'
import { SUPPLIERS } from './suppliers'

const OLIVIA = 'olivia@hearth.example'
const SAMUEL = 'samuel.blackwood-harrington@hearth-and-harbour.example'
const LIMIT = 500_000
const OPEN = ['approved', 'sent', 'received_partly']

const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()
const minor = (text: string | null | undefined) => Math.round(Number(text ?? 0) * 100)

function linesOf(shop: Shop, told: NewPurchaseOrder['lines']): PurchaseLine[] {
  return told.map((line, index) => {
    const product = shop.products.find(one => variantIdOf(one) === line.variant_id)
    return {
      line: index,
      variant_id: line.variant_id,
      title: product?.title ?? line.variant_id,
      sku: product ? `HH-${product.id}` : null,
      quantity: line.quantity,
      unit_cost: line.unit_cost,
      cost: cents(minor(line.unit_cost) * line.quantity),
      received: 0,
      difference: null,
    }
  })
}

function orderOf(shop: Shop, no: number, told: NewPurchaseOrder): PurchaseOrder {
  const supplier = SUPPLIERS.find(one => one.id === told.supplier_id) ?? SUPPLIERS[0]
  const order: PurchaseOrder = {
    id: `po_${no}`,
    number: `PO-${String(no).padStart(4, '0')}`,
    store_id: STORE.id,
    supplier: {
      id: told.supplier_id,
      name: supplier?.name ?? told.supplier_id,
      email: supplier?.email ?? null,
    },
    status: 'draft',
    version: 1,
    currency: supplier?.currency ?? CURRENCY,
    total: '0.00',
    expected_on: told.expected_on,
    pay_on: told.pay_on,
    note: told.note,
    lines: linesOf(shop, told.lines),
    receipts: [],
    created_at: ago(0),
    created_by: OLIVIA,
    approved_at: null,
    approved_by: null,
    sent_at: null,
    sent_by: null,
    sent_how: null,
    closed_at: null,
    close_reason: null,
    needs: 'nothing',
    may_approve: true,
    why_not: null,
  }
  return judged(order)
}

function judged(order: PurchaseOrder): PurchaseOrder {
  const total = order.lines.reduce((sum, line) => sum + minor(line.cost), 0)
  const large = total > LIMIT
  const own = order.created_by === OLIVIA
  const ended = order.status === 'received' || order.status === 'closed'
  return {
    ...order,
    lines: order.lines.map(line => ({ ...line, difference: ended ? line.received - line.quantity : null })),
    total: cents(total),
    needs: large ? 'somebody_else' : 'nothing',
    may_approve: order.status === 'draft' && !(large && own),
    why_not: large && own ? 'orders of this size are approved by somebody else than who wrote them' : null,
  }
}

function start(shop: Shop): PurchaseOrder[] {
  const today = shop.lastDay
  const line = (index: number, quantity: number, cost: string) => ({
    variant_id: `${9_000 + index}1`,
    quantity,
    unit_cost: cost,
  })
  const told = (lines: NewPurchaseOrder['lines'], expected: number | null, pay: number | null = null) => ({
    supplier_id: 'sup_1',
    store_id: STORE.id,
    expected_on: expected === null ? null : addDays(today, expected),
    pay_on: pay === null ? null : addDays(today, pay),
    note: null,
    lines,
  })
  const signed = { approved_at: ago(9), approved_by: OLIVIA }
  const sent = { ...signed, sent_at: ago(8), sent_by: OLIVIA, sent_how: 'mail' as const }
  const partly = orderOf(shop, 6, told([line(0, 48, '22.49'), line(3, 24, '31.05')], 2, 16))
  const [first] = partly.lines
  return [
    {
      ...orderOf(shop, 9, told([line(0, 42, '22.49'), line(5, 18, '46.98')], 14)),
      note: 'Please pack by variant.',
    },
    orderOf(shop, 8, told([line(6, 300, '21.40')], 21)),
    {
      ...orderOf(shop, 7, told([line(2, 24, '24.60'), line(9, 24, '46.44')], 6, 30)),
      id: 'po_1',
      ...sent,
      status: 'sent',
    },
    {
      ...partly,
      ...sent,
      status: 'received_partly',
      lines: partly.lines.map(one => (one === first ? { ...one, received: 44 } : one)),
      receipts: [
        {
          at: ago(1),
          by: SAMUEL,
          received_on: addDays(today, -1),
          lines: [{ line: 0, quantity: 44, damaged: 4, charged_unit_cost: '22.49', note: null }],
          note: null,
        },
      ],
    },
    { ...orderOf(shop, 5, told([line(1, 60, '37.12')], null)), ...signed, status: 'approved' },
  ]
}

function problem(status: number, detail: string) {
  return HttpResponse.json(
    { title: `Status ${status}`, status, detail, request_id: 'req_mock' },
    { status, headers: { 'content-type': 'application/problem+json' } },
  )
}

type Told = { version: number; by?: 'mail' | 'file'; reason?: string } & Partial<NewReceipt>

function received(order: PurchaseOrder, receipt: NewReceipt, today: string): PurchaseOrder {
  const lines = order.lines.map(line => {
    const came = receipt.lines.find(one => one.line === line.line)?.quantity ?? 0
    const all = line.received + came
    return { ...line, received: all }
  })
  const whole = lines.every(line => line.received >= line.quantity)
  const on = receipt.received_on ?? today
  return {
    ...order,
    lines,
    status: whole ? 'received' : 'received_partly',
    receipts: [
      ...order.receipts,
      {
        at: ago(0),
        by: OLIVIA,
        received_on: on,
        lines: receipt.lines.map(line => ({
          ...line,
          damaged: line.damaged ?? null,
          charged_unit_cost: line.charged_unit_cost ?? null,
        })),
        note: receipt.note ?? null,
      },
    ],
  }
}

const STEPS: Record<string, (order: PurchaseOrder, told: Told, today: string) => PurchaseOrder> = {
  approve: order => ({ ...order, status: 'approved', approved_at: ago(0), approved_by: OLIVIA }),
  send: (order, { by = 'file' }) => ({
    ...order,
    status: 'sent',
    sent_at: ago(0),
    sent_by: OLIVIA,
    sent_how: by,
  }),
  receive: (order, told, today) => received(order, told as NewReceipt, today),
  close: (order, { reason }) => ({
    ...order,
    status: 'closed',
    closed_at: ago(0),
    close_reason: reason ?? null,
  }),
  cancel: (order, { reason }) => ({
    ...order,
    status: 'cancelled',
    closed_at: ago(0),
    close_reason: reason ?? null,
  }),
}

function outlookOf(orders: PurchaseOrder[], today: string): PurchaseOutlook {
  const open = orders.filter(order => OPEN.includes(order.status) && order.currency === CURRENCY)
  const days = new Map<string, PurchaseOutlook['days'][number]>()
  const at = (day: string) => days.get(day) ?? { day, cash_out: '0.00', arriving_units: 0, orders: [] }
  const undated: PurchaseOutlook['undated'] = { cash_out: '0.00', arriving_units: 0, orders: [] }
  for (const order of open) {
    const pay = order.pay_on ?? order.expected_on
    if (pay) {
      const day = at(pay)
      const cash = cents(minor(day.cash_out) + minor(order.total))
      days.set(pay, { ...day, cash_out: cash, orders: [...day.orders, order.id] })
    } else {
      undated.cash_out = cents(minor(undated.cash_out) + minor(order.total))
      undated.orders.push(order.id)
    }
    const units = order.lines.reduce((sum, line) => sum + Math.max(0, line.quantity - line.received), 0)
    const due = order.expected_on
    if (due) days.set(due, { ...at(due), arriving_units: at(due).arriving_units + units })
    else undated.arriving_units += units
  }
  return {
    from: today,
    to: addDays(today, 89),
    currency: CURRENCY,
    days: [...days.values()].sort((a, b) => a.day.localeCompare(b.day)),
    undated,
    unavailable: {},
    open_total: cents(open.reduce((sum, order) => sum + minor(order.total), 0)),
  }
}

export function purchaseOrderHandlers(shop: Shop): RequestHandler[] {
  const today = shop.lastDay
  let orders = start(shop)
  const find = (id: unknown) => orders.find(order => order.id === id)
  const keep = (order: PurchaseOrder) => {
    const next = judged({ ...order, version: order.version + 1 })
    orders = orders.map(one => (one.id === next.id ? next : one))
    return next
  }
  return [
    http.get('*/v1/purchase-orders', ({ request }) => {
      const { searchParams: asked } = new URL(request.url)
      const found = orders.filter(
        order =>
          (!asked.get('status') || order.status === asked.get('status')) &&
          (!asked.get('supplier') || order.supplier.id === asked.get('supplier')),
      )
      return HttpResponse.json({ purchase_orders: found, total: found.length, next_cursor: null })
    }),
    http.get('*/v1/purchase-orders/outlook', () => HttpResponse.json(outlookOf(orders, today))),
    http.get('*/v1/purchase-orders/:id/file', ({ request, params }) => {
      const order = find(params.id)
      if (!order) return problem(404, 'There is no such order.')
      const format = new URL(request.url).searchParams.get('format')
      const rows = order.lines.map(line => `${line.title},${line.quantity},${line.unit_cost}`)
      return new HttpResponse(
        format === 'pdf' ? '%PDF-1.4\n' : `title,quantity,unit_cost\n${rows.join('\n')}\n`,
        {
          headers: {
            'content-type': format === 'pdf' ? 'application/pdf' : 'text/csv',
            'content-disposition': `attachment; filename="${order.number}.${format}"`,
          },
        },
      )
    }),
    http.get('*/v1/purchase-orders/:id', ({ params }) => {
      const order = find(params.id)
      return order ? HttpResponse.json(order) : problem(404, 'There is no such order.')
    }),
    http.post('*/v1/purchase-orders', async ({ request }) => {
      const told = (await request.json()) as NewPurchaseOrder
      const made = orderOf(shop, orders.length + 5, told)
      orders = [made, ...orders]
      return HttpResponse.json(made, { status: 201 })
    }),
    http.put('*/v1/purchase-orders/:id', async ({ request, params }) => {
      const told = (await request.json()) as NewPurchaseOrder & { version: number }
      const order = find(params.id)
      if (!order) return problem(404, 'There is no such order.')
      if (told.version !== order.version) return problem(409, 'Somebody changed it meanwhile.')
      const { expected_on, pay_on, note } = told
      return HttpResponse.json(
        keep({ ...order, expected_on, pay_on, note, lines: linesOf(shop, told.lines) }),
      )
    }),
    http.post('*/v1/purchase-orders/:id/:step', async ({ request, params }) => {
      const told = (await request.json()) as Told
      const order = find(params.id)
      const step = STEPS[String(params.step)]
      if (!order || !step) return problem(404, 'There is no such order.')
      if (told.version !== order.version) return problem(409, 'Somebody changed it meanwhile.')
      return HttpResponse.json(keep(step(order, told, today)))
    }),
  ]
}
