/** One ticket: what was said, the customer's orders beside it, and an answer that goes out once somebody sends it. */
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { Store, SupportMessage, SupportOrder, SupportTicket } from '@/shared/api/types'
import { money } from '@/shared/format/money'
import { momentText } from '@/shared/format/time'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { useStore } from '@/shared/range/use-range'
import { useMay } from '@/shared/session/may'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { cx } from '@/shared/ui/cx'
import { Page, Section } from '@/shared/ui/Page'
import { Failure, Loading } from '@/shared/ui/States'
import { Answer } from './Answer'
import { orderQuery, ticketQuery, useAct } from './queries'
import { deliveryOf, dueText, STATUSES, topicText } from './words'

const RefundPanel = lazy(() => import('@/shared/changes/RefundPanel'))

export function TicketPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const store = useStore()
  const { data, error, refetch } = useQuery(ticketQuery(id))
  if (error && !data)
    return (
      <Page title="Ticket">
        <Failure error={error} onRetry={() => void refetch()} />
      </Page>
    )
  if (!data || !store) return <Loading label="Loading the ticket" rows={8} />
  return <Opened key={data.ticket.id} of={data} store={store} />
}

function Opened({ of, store }: { of: SupportTicket; store: Store }) {
  const { ticket } = of
  const may = useMay('support:write')
  const act = useAct(of, () => undefined)
  const status = STATUSES[ticket.status]
  const due = dueText(ticket, store.timezone)
  return (
    <Page
      title={ticket.subject}
      lead={
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Badge tone={status.tone}>{status.label}</Badge>
          {ticket.priority === 'urgent' && <Badge tone="bad">Urgent</Badge>}
          {ticket.is_overdue && <Badge tone="warn">Late</Badge>}
          <span className="wrap-anywhere">
            {topicText(ticket.topic)} · {ticket.from ?? 'by hand'}
            {due && ` · answer ${due}`}
          </span>
        </span>
      }
      actions={
        may && (
          <>
            {ticket.status !== 'solved' && (
              <Button busy={act.isPending} onClick={() => act.mutate({ act: 'status', status: 'solved' })}>
                Solved
              </Button>
            )}
            {ticket.status !== 'open' && (
              <Button busy={act.isPending} onClick={() => act.mutate({ act: 'status', status: 'open' })}>
                Open again
              </Button>
            )}
          </>
        )
      }
    >
      {act.error && (
        <p role="alert" className="mb-4 text-sm text-bad">
          {act.error.message}
        </p>
      )}
      <div className="grid gap-5 lg:grid-cols-[minmax(0,1fr)_minmax(0,24rem)] lg:items-start">
        <div className="flex min-w-0 flex-col gap-5">
          <ol aria-label="Messages" className="flex flex-col gap-3">
            {of.messages.map(message => (
              <Message key={message.no} of={message} zone={store.timezone} />
            ))}
          </ol>
          {may && <Answer key={ticket.version} of={of} />}
        </div>
        <div className="flex min-w-0 flex-col gap-5">
          <Orders of={of} zone={store.timezone} storeId={store.id} />
          {ticket.reasons.length > 0 && (
            <Section title="Why so">
              <ul className="list-disc pl-5 text-sm text-soft">
                {ticket.reasons.map(reason => (
                  <li key={reason}>{reason}</li>
                ))}
              </ul>
            </Section>
          )}
        </div>
      </div>
    </Page>
  )
}

const KINDS: Record<string, string> = { buyer: 'Buyer', us: 'We', note: 'Note' }

function Message({ of, zone }: { of: SupportMessage; zone: string }) {
  const delivery = deliveryOf(of)
  return (
    <li
      className={cx(
        'sheet px-4 py-3 sm:px-5',
        of.kind === 'us' && 'border-l-4 border-l-slate',
        of.kind === 'note' && 'border-dashed',
      )}
    >
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-faint">
        <span className="font-semibold text-ink">{KINDS[of.kind] ?? of.kind}</span>
        {of.by && <span className="wrap-anywhere">{of.by}</span>}
        <span>{momentText(of.at, zone)}</span>
        {delivery && <Badge tone={delivery.tone}>{delivery.label}</Badge>}
      </p>
      <p className="mt-1.5 text-sm wrap-anywhere whitespace-pre-wrap">{of.text}</p>
      {of.delivery_why && <p className="mt-1.5 text-xs text-bad">{of.delivery_why}</p>}
    </li>
  )
}

function Orders({ of, zone, storeId }: { of: SupportTicket; zone: string; storeId: string }) {
  return (
    <Section
      title="Orders"
      note={of.ticket.customer_id ? 'The latest of this customer' : 'Whose ticket it is, is not known'}
      flush
    >
      {of.orders.length === 0 ? (
        <p className="px-4 pb-4 text-sm text-soft sm:px-5">None is known.</p>
      ) : (
        <ul aria-label="Orders" className="divide-y divide-rule border-t border-rule">
          {of.orders.map(order => (
            <Order
              key={order.id}
              of={order}
              isIt={order.id === of.ticket.order_id}
              zone={zone}
              storeId={storeId}
            />
          ))}
        </ul>
      )}
      <p className="border-t border-rule px-4 py-3 text-xs text-faint sm:px-5">
        A refund is proposed here and given back once somebody approves it; cancelling an order is proposed on
        its page.
      </p>
    </Section>
  )
}

interface OrderProps {
  of: SupportOrder
  isIt: boolean
  zone: string
  storeId: string
}

function Order({ of, isIt, zone, storeId }: OrderProps) {
  const may = useMay('changes:write')
  const [refunding, setRefunding] = useState(false)
  const paid = ['paid', 'partially_paid', 'partially_refunded'].includes(of.financial_status)
  return (
    <li className="px-4 py-2.5 text-sm sm:px-5">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Link
          to={paths.order}
          params={{ id: of.id }}
          search={keepRange}
          className="inline-flex min-h-6 items-center font-semibold decoration-dotted underline-offset-4 hover:underline"
        >
          {of.name}
        </Link>
        {isIt && <Badge tone="brass">This one</Badge>}
        {of.is_cancelled && <Badge>Cancelled</Badge>}
        <span className="numeral ml-auto">{money(of.total, of.currency)}</span>
      </p>
      <p className="text-xs wrap-anywhere text-faint">
        {momentText(of.ordered_at, zone)} · {of.fulfillment_status.replaceAll('_', ' ')} ·{' '}
        {of.financial_status.replaceAll('_', ' ')}
      </p>
      <p className="text-xs wrap-anywhere text-faint">{of.items.join(', ')}</p>
      {may && paid && !of.is_cancelled && (
        <Button className="mt-2" onClick={() => setRefunding(true)}>
          Refund {of.name}
        </Button>
      )}
      {refunding && <Refund id={of.id} storeId={storeId} onClose={() => setRefunding(false)} />}
    </li>
  )
}

/** What can be given back is read when somebody wants to. */
function Refund({ id, storeId, onClose }: { id: string; storeId: string; onClose: () => void }) {
  const { data, error, refetch } = useQuery(orderQuery(id, storeId))
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading label="Loading the order" rows={2} />
  return (
    <Suspense>
      <RefundPanel order={data.order} storeId={storeId} onClose={onClose} />
    </Suspense>
  )
}
