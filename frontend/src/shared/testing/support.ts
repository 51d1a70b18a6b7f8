/** The mock's tickets: three, of which one is late and urgent. Keeps what is written; an old version is refused, and "refused" does not go out. */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type {
  NewSupportTicket,
  SupportMessage,
  SupportTicket,
  SupportTicketSummary,
} from '@/shared/api/types'
import { CURRENCY, STORE } from './reports'

const HOUR = 3_600_000
const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString()

const buyer = (no: number, text: string, hours: number): SupportMessage => ({
  no,
  kind: 'buyer',
  by: null,
  text,
  at: ago(hours),
  delivery: null,
  delivery_why: null,
})

function ticket(
  number: number,
  own: Partial<SupportTicketSummary>,
  messages: SupportMessage[],
): SupportTicket {
  return {
    ticket: {
      id: `0190b2f0-0000-7000-8000-0000000005${10 + number}`,
      store_id: STORE.id,
      subject: 'Where is my order?',
      from: 'ada@example.com',
      source: 'webhook',
      topic: 'delivery',
      priority: 'normal',
      reasons: ['“where is my” stands in it'],
      status: 'open',
      opened_at: ago(5),
      updated_at: ago(5),
      due_at: ago(-19),
      is_overdue: false,
      customer_id: '6001',
      order_id: '5001',
      messages: messages.length,
      version: 0,
      ...own,
    },
    messages,
    orders: [
      {
        id: '5001',
        name: '#1048',
        ordered_at: ago(140),
        financial_status: 'paid',
        fulfillment_status: 'unfulfilled',
        is_cancelled: false,
        total: '124.80',
        refunded: '0.00',
        currency: CURRENCY,
        items: ['2 × Stoneware mug', '1 × Enamel kettle'],
      },
      {
        id: '4711',
        name: '#0977',
        ordered_at: ago(2_300),
        financial_status: 'partially_refunded',
        fulfillment_status: 'fulfilled',
        is_cancelled: false,
        total: '59.00',
        refunded: '20.00',
        currency: CURRENCY,
        items: ['1 × Brass desk lamp'],
      },
    ],
    draft:
      'Hello Ada,\n\nthank you for writing to us.\n\nWe have your order #1048 of 3 June 2026 before us: it has not been sent yet.\n\nKind regards\nHearth & Harbour',
    drafts_by: 'stand-in at localhost',
    cannot_send: null,
  }
}

function tickets(): SupportTicket[] {
  return [
    ticket(1, {}, [buyer(1, 'Where is my order #1048? I need it by Friday.', 5)]),
    ticket(
      2,
      {
        subject:
          'The lamp arrived broken, and the replacement as well, which I can hardly believe after all that was written before',
        topic: 'damaged',
        priority: 'urgent',
        reasons: ['“broken” stands in it', 'urgent, because what came is not as it should be'],
        opened_at: ago(9),
        due_at: ago(5),
        is_overdue: true,
      },
      [buyer(1, 'It arrived broken.\nI send pictures tomorrow.', 9)],
    ),
    {
      ...ticket(
        3,
        {
          subject: 'Invoice for our accounting',
          from: null,
          source: 'hand',
          topic: 'invoice',
          status: 'solved',
          due_at: null,
          customer_id: null,
          order_id: null,
          reasons: [],
        },
        [buyer(1, 'She asked on the phone for an invoice.', 50)],
      ),
      orders: [],
      cannot_send: 'it is not known whom to answer',
    },
  ]
}

const refused = (status: number, detail: string, errors?: { field: string; message: string }[]) =>
  HttpResponse.json(
    { type: 'about:blank', title: 'Refused', status, detail, instance: '/', ...(errors && { errors }) },
    { status, headers: { 'content-type': 'application/problem+json' } },
  )

export function supportHandlers(): RequestHandler[] {
  const all = tickets()
  const find = (id: unknown) => all.find(one => one.ticket.id === id)
  const change = async (
    request: Request,
    id: unknown,
    apply: (one: SupportTicket, said: Record<string, unknown>) => void,
  ) => {
    const one = find(id)
    if (!one) return refused(404, 'there is no such ticket')
    const said = (await request.json()) as Record<string, unknown>
    if (said.version !== one.ticket.version)
      return refused(409, 'somebody else wrote in this ticket meanwhile; look at it again')
    apply(one, said)
    Object.assign(one.ticket, {
      version: one.ticket.version + 1,
      updated_at: new Date().toISOString(),
      messages: one.messages.length,
    })
    return HttpResponse.json(one)
  }
  const say = (one: SupportTicket, kind: 'us' | 'note', text: string) => {
    const fails = kind === 'us' && text.includes('refused')
    one.messages.push({
      no: one.messages.length + 1,
      kind,
      by: 'olivia@hearth.example',
      text,
      at: new Date().toISOString(),
      delivery: kind === 'note' ? null : fails ? 'failed' : 'sent',
      delivery_why: fails ? 'the relay does not know this address' : null,
    })
    if (kind === 'us' && !fails)
      Object.assign(one.ticket, { status: 'waiting', due_at: null, is_overdue: false })
  }
  return [
    http.get('*/v1/support/tickets', ({ request }) => {
      const asked = new URL(request.url).searchParams
      const found = all
        .map(one => one.ticket)
        .filter(one => !asked.get('status') || one.status === asked.get('status'))
        .filter(one => asked.get('overdue') !== 'true' || one.is_overdue)
      return HttpResponse.json({ tickets: found, total: found.length, next_cursor: null })
    }),
    http.post('*/v1/support/tickets', async ({ request }) => {
      const said = (await request.json()) as NewSupportTicket
      if (said.order && said.order !== '#1048')
        return refused(422, 'order is not an order of this store', [
          { field: 'order', message: 'is not an order of this store' },
        ])
      const one = ticket(
        all.length + 1,
        { subject: said.subject, from: said.from ?? null, source: 'hand', opened_at: ago(0) },
        [buyer(1, said.text, 0)],
      )
      all.unshift(one)
      return HttpResponse.json(one, { status: 201 })
    }),
    http.get('*/v1/support/tickets/:id', ({ params }) => {
      const one = find(params.id)
      return one ? HttpResponse.json(one) : refused(404, 'there is no such ticket')
    }),
    http.post('*/v1/support/tickets/:id/drafts', ({ params }) => {
      const one = find(params.id)
      if (!one) return refused(404, 'there is no such ticket')
      // Of what arrived broken the model promises too much.
      return HttpResponse.json(
        one.ticket.topic === 'damaged'
          ? {
              text: one.draft,
              model: null,
              why_not:
                'what stand-in at localhost wrote was left: it states “a refund”, which is not recorded',
            }
          : {
              text: one.draft.replace('thank you for writing to us.', 'we are sorry that you had to ask.'),
              model: 'stand-in at localhost',
              why_not: null,
            },
      )
    }),
    http.post('*/v1/support/tickets/:id/replies', ({ request, params }) =>
      change(request, params.id, (one, said) => say(one, 'us', String(said.text))),
    ),
    http.post('*/v1/support/tickets/:id/notes', ({ request, params }) =>
      change(request, params.id, (one, said) => say(one, 'note', String(said.text))),
    ),
    http.put('*/v1/support/tickets/:id/status', ({ request, params }) =>
      change(request, params.id, (one, said) => {
        one.ticket.status = said.status as SupportTicketSummary['status']
        if (said.status !== 'open') one.ticket.due_at = null
      }),
    ),
    http.put('*/v1/support/tickets/:id/order', ({ request, params }) =>
      change(request, params.id, (one, said) => {
        one.ticket.order_id = said.order ? '5001' : null
      }),
    ),
  ]
}
