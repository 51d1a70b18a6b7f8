import type { OrderSummary } from '@/shared/api/types'
import { words } from '@/shared/format/words'
import { Badge, type Tone } from '@/shared/ui/Badge'

const PAYMENT: Record<string, Tone> = {
  paid: 'good',
  partially_refunded: 'warn',
  refunded: 'warn',
  pending: 'slate',
  authorized: 'slate',
  partially_paid: 'slate',
  voided: 'neutral',
}

const FULFILMENT: Record<string, Tone> = { fulfilled: 'neutral', unfulfilled: 'slate', on_hold: 'warn' }

export function OrderBadges({ order }: { order: OrderSummary }) {
  const payment = order.financial_status?.toLowerCase()
  const fulfilment = order.fulfillment_status?.toLowerCase()
  return (
    <>
      {payment && <Badge tone={PAYMENT[payment] ?? 'neutral'}>{words(payment)}</Badge>}
      {fulfilment && <Badge tone={FULFILMENT[fulfilment] ?? 'neutral'}>{words(fulfilment)}</Badge>}
      {order.cancelled_at && <Badge tone="bad">Cancelled</Badge>}
      {order.edited && <Badge tone="slate">Edited</Badge>}
      {order.test && <Badge tone="brass">Test, never counted</Badge>}
    </>
  )
}
