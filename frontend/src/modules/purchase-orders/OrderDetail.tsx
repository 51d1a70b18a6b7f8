/** An order of goods: what it holds, what came of it, what was done with it, and what may be done next. */
import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import type { PurchaseOrder, Store } from '@/shared/api/types'
import { count, money, number } from '@/shared/format/money'
import { dayText, momentText } from '@/shared/format/time'
import { suppliersQuery } from '@/shared/inventory/suppliers'
import { Absent } from '@/shared/ui/Amount'
import { Badge } from '@/shared/ui/Badge'
import { Button, buttonClass } from '@/shared/ui/Button'
import { cx } from '@/shared/ui/cx'
import { Page, Section } from '@/shared/ui/Page'
import { LinesTable } from './LinesTable'
import { NextSteps } from './NextSteps'
import { fileAddress, STATUSES } from './words'

const RatingPanel = lazy(() => import('@/shared/inventory/RatingPanel'))

interface OrderDetailProps {
  order: PurchaseOrder
  store: Store
  storeName: string | undefined
  onEdit: () => void
  toList: ReactNode
}

export function OrderDetail({ order, store, storeName, onEdit, toList }: OrderDetailProps) {
  const { label, tone } = STATUSES[order.status]
  return (
    <Page
      title={order.number}
      lead={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {order.supplier.name}
          {storeName && <span>for {storeName}</span>}
          <Badge tone={tone}>{label}</Badge>
        </span>
      }
      actions={
        <>
          <a href={fileAddress(order.id, 'pdf')} download className={buttonClass('plain')}>
            PDF
          </a>
          <a href={fileAddress(order.id, 'csv')} download className={buttonClass('plain')}>
            CSV
          </a>
          {toList}
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <NextSteps order={order} store={store} onEdit={onEdit} />
        <Facts order={order} />
        <Section title="Lines" note={`Costs in ${order.currency}`} flush>
          <LinesTable order={order} />
        </Section>
        <div className="grid items-start gap-5 lg:grid-cols-2">
          <Section title="What came">
            <Receipts order={order} store={store} />
          </Section>
          <Section title="What was done">
            <Done order={order} store={store} />
          </Section>
        </div>
      </div>
    </Page>
  )
}

function Facts({ order }: { order: PurchaseOrder }) {
  const day = (value: string | null | undefined, reason: string) =>
    value ? dayText(value) : <Absent reason={reason} />
  return (
    <dl className="sheet grid grid-cols-2 gap-x-5 gap-y-4 p-4 text-sm sm:grid-cols-4 sm:p-5">
      <Fact label="Total">
        <span className="numeral text-lg font-semibold">{money(order.total, order.currency)}</span>
      </Fact>
      <Fact label="Goods expected">{day(order.expected_on, 'No day is told.')}</Fact>
      <Fact label="Paid">{order.pay_on ? dayText(order.pay_on) : 'when the goods come'}</Fact>
      <Fact label="Sent to">
        <span className="wrap-anywhere">{order.supplier.email ?? 'no address: it goes as a file'}</span>
      </Fact>
      <Fact label="Supplier’s rating">
        <Rating supplierId={order.supplier.id} />
      </Fact>
      {order.close_reason && (
        <Fact wide label={order.status === 'cancelled' ? 'Cancelled because' : 'Closed because'}>
          {order.close_reason}
        </Fact>
      )}
      {order.note && (
        <Fact wide label="Note">
          {order.note}
        </Fact>
      )}
    </dl>
  )
}

function Rating({ supplierId }: { supplierId: string }) {
  const { data } = useQuery(suppliersQuery)
  const [open, setOpen] = useState(false)
  const supplier = data?.find(one => one.id === supplierId)
  if (!supplier) return <span className="text-faint">…</span>
  const { score } = supplier.rating
  return (
    <>
      {score == null ? 'none yet' : <span className="numeral font-semibold">{number(score, 0)} of 100</span>}{' '}
      <Button kind="quiet" onClick={() => setOpen(true)}>
        Why
      </Button>
      {open && (
        <Suspense>
          <RatingPanel supplier={supplier} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}

function Fact({ label, wide, children }: { label: string; wide?: boolean; children: ReactNode }) {
  return (
    <div className={cx('min-w-0', wide && 'col-span-full')}>
      <dt className="label-caps">{label}</dt>
      <dd className="mt-0.5 wrap-anywhere">{children}</dd>
    </div>
  )
}

function Receipts({ order, store }: { order: PurchaseOrder; store: Store }) {
  if (order.receipts.length === 0) return <p className="text-sm text-soft">Nothing came yet.</p>
  const titleOf = (line: number) => order.lines.find(one => one.line === line)?.title ?? `Line ${line + 1}`
  return (
    <ol className="flex flex-col gap-4">
      {order.receipts.map(receipt => (
        <li key={receipt.at} className="text-sm">
          <p>
            <span className="font-semibold">{dayText(receipt.received_on)}</span>
            <span className="text-soft">
              {' '}
              · written down by {receipt.by}, {momentText(receipt.at, store.timezone)}
            </span>
          </p>
          <ul className="mt-1">
            {receipt.lines.map(({ line, quantity, damaged, charged_unit_cost: charged, note }) => (
              <li key={line} className="flex justify-between gap-3">
                <span className="min-w-0 wrap-anywhere">
                  {titleOf(line)}
                  {note && <span className="text-soft"> ({note})</span>}
                  {damaged != null && damaged > 0 && (
                    <span className="block text-xs text-bad">{count(damaged)} damaged</span>
                  )}
                  {charged != null && (
                    <span className="block text-xs text-soft">
                      charged at {money(charged, order.currency)} each
                    </span>
                  )}
                </span>
                <span className="numeral">{count(quantity)}</span>
              </li>
            ))}
          </ul>
          {receipt.note && <p className="text-soft">{receipt.note}</p>}
        </li>
      ))}
    </ol>
  )
}

const HOW = { mail: 'by mail', file: 'as a file' } as const

function Done({ order, store }: { order: PurchaseOrder; store: Store }) {
  const steps = [
    { what: 'Written', at: order.created_at, by: order.created_by },
    { what: 'Approved', at: order.approved_at, by: order.approved_by },
    {
      what: order.sent_how ? `Sent ${HOW[order.sent_how]}` : 'Sent',
      at: order.sent_at,
      by: order.sent_by,
    },
    { what: STATUSES[order.status].label, at: order.closed_at, by: null },
  ].filter(step => step.at)
  return (
    <ol className="flex flex-col gap-2 text-sm">
      {steps.map(step => (
        <li key={step.what} className="flex flex-wrap justify-between gap-x-3">
          <span>
            <span className="font-semibold">{step.what}</span>
            {step.by && <span className="text-soft wrap-anywhere"> by {step.by}</span>}
          </span>
          <span className="text-soft">{momentText(step.at, store.timezone)}</span>
        </li>
      ))}
    </ol>
  )
}
