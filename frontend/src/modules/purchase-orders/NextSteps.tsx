/** What may be done with an order next, by who is signed in, and why not. */
import { lazy, Suspense, useState } from 'react'
import type { PurchaseOrder, Store } from '@/shared/api/types'
import { money } from '@/shared/format/money'
import { asSentence } from '@/shared/format/words'
import { useMay } from '@/shared/session/may'
import { Button } from '@/shared/ui/Button'
import { may, NEEDS } from './words'

const ReceivePanel = lazy(() => import('./ReceivePanel'))
const StepPopup = lazy(() => import('./StepPopup'))

type Open = 'approve' | 'mail' | 'file' | 'receive' | 'close' | 'cancel' | null

interface NextStepsProps {
  order: PurchaseOrder
  store: Store
  onEdit: () => void
}

const OVER: Partial<Record<PurchaseOrder['status'], string>> = {
  closed: 'Nothing more comes of this order.',
  cancelled: 'This order was cancelled: nothing was ordered, or nothing of it came.',
}

export function NextSteps({ order, store, onEdit }: NextStepsProps) {
  const mayWrite = useMay('inventory:write')
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const over = OVER[order.status]
  return (
    <section aria-label="Next" className="sheet flex flex-wrap items-center gap-2 p-4 sm:p-5">
      <p className="mr-auto max-w-prose text-sm text-soft">{over ?? nextText(order)}</p>
      {mayWrite && !over && <Buttons order={order} onOpen={setOpen} onEdit={onEdit} />}
      {!mayWrite && !over && <p className="text-sm text-soft">Operators may do this.</p>}
      {open && (
        <Suspense>
          {open === 'receive' ? (
            <ReceivePanel order={order} store={store} onClose={close} />
          ) : (
            <Asked open={open} order={order} onClose={close} />
          )}
        </Suspense>
      )}
    </section>
  )
}

function nextText(order: PurchaseOrder): string {
  switch (order.status) {
    case 'draft':
      if (!order.may_approve) return order.why_not ? asSentence(order.why_not) : NEEDS[order.needs]
      return 'Approved, its goods count as on order, and its money stands on the cash line.'
    case 'approved':
      return order.supplier.email
        ? 'It goes to the supplier by mail, or you send the file yourself.'
        : 'The supplier has no e-mail address: take the file, send it, and say so here.'
    case 'sent':
      return 'Write down what comes, also where it is less or more than ordered.'
    case 'received_partly':
      return 'More may come; close it when nothing does, and what is missing stays as a difference.'
    default:
      return 'All of it came. Close it when you have looked at it.'
  }
}

interface ButtonsProps {
  order: PurchaseOrder
  onOpen: (open: Open) => void
  onEdit: () => void
}

function Buttons({ order, onOpen, onEdit }: ButtonsProps) {
  const byMail = Boolean(order.supplier.email)
  return (
    <>
      {may.approve(order) && order.may_approve && (
        <Button kind="primary" data-key="a" onClick={() => onOpen('approve')}>
          Approve
        </Button>
      )}
      {may.send(order) && byMail && (
        <Button kind="primary" onClick={() => onOpen('mail')}>
          Send by mail
        </Button>
      )}
      {may.send(order) && (
        <Button kind={byMail ? 'plain' : 'primary'} onClick={() => onOpen('file')}>
          I sent the file
        </Button>
      )}
      {may.receive(order) && (
        <Button kind="primary" onClick={() => onOpen('receive')}>
          Receive
        </Button>
      )}
      {may.close(order) && (
        <Button kind={order.status === 'received' ? 'primary' : 'plain'} onClick={() => onOpen('close')}>
          Close
        </Button>
      )}
      {may.write(order) && <Button onClick={onEdit}>Change the draft</Button>}
      {may.cancel(order) && (
        <Button kind="danger" data-key="r" onClick={() => onOpen('cancel')}>
          Cancel it
        </Button>
      )}
    </>
  )
}

interface AskedProps {
  open: Exclude<Open, 'receive' | null>
  order: PurchaseOrder
  onClose: () => void
}

function Asked({ open, order, onClose }: AskedProps) {
  const total = money(order.total, order.currency)
  const missing = order.lines.reduce((sum, line) => sum + Math.max(0, line.quantity - line.received), 0)
  switch (open) {
    case 'approve':
      return (
        <StepPopup
          order={order}
          title={`Approve ${order.number}`}
          action="Approve"
          step={() => ({ kind: 'approve' })}
          onClose={onClose}
        >
          {total} to {order.supplier.name}. Nothing is sent by this; until goods come it can be cancelled.
        </StepPopup>
      )
    case 'mail':
      return (
        <StepPopup
          order={order}
          title={`Send ${order.number}`}
          action="Send it"
          step={() => ({ kind: 'send', by: 'mail' })}
          onClose={onClose}
        >
          The order goes to {order.supplier.email}, for {total}. A mail cannot be called back.
        </StepPopup>
      )
    case 'file':
      return (
        <StepPopup
          order={order}
          title={`${order.number} was sent`}
          action="I sent it"
          step={() => ({ kind: 'send', by: 'file' })}
          onClose={onClose}
        >
          You took the PDF or CSV, and {order.supplier.name} has it. How long its goods take is counted from
          today.
        </StepPopup>
      )
    case 'close':
      return (
        <StepPopup
          order={order}
          title={`Close ${order.number}`}
          action="Close it"
          reason="optional"
          step={reason => ({ kind: 'close', reason: reason || null })}
          onClose={onClose}
        >
          {missing > 0
            ? `${missing} units did not come: that stays as a difference, and they are not on order any more.`
            : 'All of it came.'}
        </StepPopup>
      )
    case 'cancel':
      return (
        <StepPopup
          order={order}
          title={`Cancel ${order.number}`}
          action="Cancel the order"
          danger
          reason="needed"
          step={reason => ({ kind: 'cancel', reason })}
          onClose={onClose}
        >
          {order.status === 'sent'
            ? `${order.supplier.name} is not told by this: tell them yourself.`
            : 'It was not sent to anybody.'}
        </StepPopup>
      )
  }
}
