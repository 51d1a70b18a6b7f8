/** Proposes to cancel an order: why, what becomes of its money and its goods, and whether the buyer is told. */
import { type FormEvent, useState } from 'react'
import { fieldErrors } from '@/shared/api/problem'
import type { ChangeCancelReason, OrderDetail } from '@/shared/api/types'
import { usePropose } from '@/shared/changes/propose'
import { RefundLimit } from '@/shared/changes/RefundLimit'
import { WhyField } from '@/shared/changes/WhyField'
import { money } from '@/shared/format/money'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { SidePanel } from '@/shared/ui/SidePanel'
import { Note } from '@/shared/ui/States'

const REASONS: { value: ChangeCancelReason; label: string }[] = [
  { value: 'customer', label: 'The customer asked for it' },
  { value: 'declined', label: 'The payment was declined' },
  { value: 'fraud', label: 'Fraud' },
  { value: 'inventory', label: 'Out of stock' },
  { value: 'staff', label: 'A mistake of ours' },
  { value: 'other', label: 'Another one' },
]

interface CancelPanelProps {
  order: OrderDetail
  storeId: string
  onClose: () => void
}

export default function CancelPanel({ order, storeId, onClose }: CancelPanelProps) {
  const [reason, setReason] = useState<ChangeCancelReason>('customer')
  const [choices, setChoices] = useState({ refund: true, restock: true, notify_customer: false })
  const [why, setWhy] = useState('')
  const [tried, setTried] = useState(false)
  const propose = usePropose(storeId)
  const faults = fieldErrors(propose.error)
  const send = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!why.trim()) return
    propose.mutate({
      reason: why.trim(),
      edits: [
        { kind: 'cancel_order', order_id: order.id, reason, note: why.trim().slice(0, 255), ...choices },
      ],
    })
  }
  const choice = (key: keyof typeof choices, label: string) => (
    <label className="flex min-h-9 items-center gap-2.5 text-sm">
      <input
        type="checkbox"
        checked={choices[key]}
        onChange={event => setChoices(old => ({ ...old, [key]: event.target.checked }))}
        className="size-5 shrink-0 accent-(--action)"
      />
      {label}
    </label>
  )
  return (
    <SidePanel open onClose={onClose} title={`Cancel order ${order.name}`}>
      <form onSubmit={send} noValidate className="flex flex-col gap-4">
        <Note tone="warn">
          Nothing takes a cancellation back. It is proposed first, and written to the shop only when somebody
          approves it and the order still comes to {money(order.total, order.currency)}.
        </Note>
        {choices.refund && <RefundLimit storeId={storeId} about={Number(order.total)} />}
        <Field label="Reason" help="Kept with the order in the shop." error={faults['edits[0].reason']}>
          {field => (
            <select
              {...field}
              value={reason}
              onChange={event => setReason(event.target.value as ChangeCancelReason)}
              className="field"
            >
              {REASONS.map(option => (
                <option key={option.value} value={option.value}>
                  {option.label}
                </option>
              ))}
            </select>
          )}
        </Field>
        <fieldset className="flex flex-col gap-0.5">
          <legend className="text-sm font-semibold">What becomes of it</legend>
          {choice('refund', 'Give back what was paid, the way it came')}
          {choice('restock', 'Sell its goods again')}
          {choice('notify_customer', 'Tell the customer by mail')}
        </fieldset>
        <WhyField value={why} error={tried && !why.trim() ? 'Say why.' : faults.reason} onChange={setWhy} />
        {propose.error && (
          <p role="alert" className="text-sm text-bad">
            {faults['edits[0].order_id']
              ? `The order ${faults['edits[0].order_id']}.`
              : propose.error.message}
          </p>
        )}
        <Button kind="danger" type="submit" busy={propose.isPending}>
          Propose the cancellation
        </Button>
      </form>
    </SidePanel>
  )
}
