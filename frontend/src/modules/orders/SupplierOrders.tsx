/** What suppliers send of this order: nothing where none does. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { api, body } from '@/shared/api/client'
import { fieldErrors } from '@/shared/api/problem'
import { keys } from '@/shared/api/queries'
import type { SupplierOrder } from '@/shared/api/types'
import { money } from '@/shared/format/money'
import { momentText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { Section } from '@/shared/ui/Page'
import { Failure } from '@/shared/ui/States'
import { supplierOrdersQuery } from './queries'

const STATES: Record<SupplierOrder['state'], { label: string; tone: 'good' | 'warn' | 'bad' | 'neutral' }> = {
  placing: { label: 'Being placed', tone: 'warn' },
  unpaid: { label: 'Not paid', tone: 'warn' },
  paid: { label: 'Paid', tone: 'good' },
  shipped: { label: 'Sent', tone: 'good' },
  delivered: { label: 'Delivered', tone: 'good' },
  cancelled: { label: 'Called off', tone: 'neutral' },
  unclear: { label: 'Needs a look', tone: 'bad' },
}

export function SupplierOrders({ orderId, storeId }: { orderId: string; storeId: string }) {
  const { data, error, refetch } = useQuery(supplierOrdersQuery(orderId, storeId))
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />
  if (!data || data.supplier_orders.length === 0) return null
  return (
    <Section title="At suppliers" note="What a supplier sends to the buyer">
      <ul className="flex flex-col divide-y divide-edge">
        {data.supplier_orders.map(order => (
          <One key={order.id} order={order} />
        ))}
      </ul>
    </Section>
  )
}

function One({ order }: { order: SupplierOrder }) {
  const state = STATES[order.state]
  const sum = order.total ?? order.quoted
  return (
    <li className="flex flex-col gap-1.5 py-3 first:pt-0 last:pb-0">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <span className="flex flex-wrap items-center gap-2">
          <span className="font-semibold">{order.supplier}</span>
          <Badge tone={state.tone}>{state.label}</Badge>
        </span>
        <span className="numeral">
          {money(sum.amount, sum.currency)}
          {!order.total && <span className="text-xs text-faint"> quoted</span>}
        </span>
      </div>
      <p className="text-sm wrap-anywhere">
        {order.lines.map(line => `${line.pieces} × ${line.title}`).join(', ')}
      </p>
      <p className="text-xs text-faint wrap-anywhere">
        {order.service} from {order.ships_from}
        {order.days && `, ${order.days.min} to ${order.days.max} days`} · {order.our_ref}
        {order.paid_at && ` · paid ${momentText(order.paid_at)}`}
        {order.booked && ' · its cost stands at the sale'}
      </p>
      {order.parcels.length > 0 && <Parcels parcels={order.parcels} lines={order.lines.length} />}
      {order.why && <p className="text-sm text-warn">{order.why}</p>}
      {order.state === 'unpaid' && <CallOff id={order.id} />}
      <Link
        className="inline-flex min-h-6 items-center self-start text-sm font-semibold underline decoration-dotted underline-offset-4"
        to={paths.changeSet}
        params={{ id: order.change_set_id }}
      >
        The change that placed it
      </Link>
    </li>
  )
}

/** Each with what it holds, where the supplier tells it. */
function Parcels({ parcels, lines }: { parcels: SupplierOrder['parcels']; lines: number }) {
  const silent = parcels.some(parcel => !parcel.items)
  return (
    <div className="flex flex-col gap-1 text-sm">
      <p>{plural(parcels.length, 'Parcel', 'Parcels')}:</p>
      <ul className="flex flex-col gap-1">
        {parcels.map(parcel => (
          <li key={parcel.number} className="wrap-anywhere">
            {parcel.url ? (
              <a
                className="inline-flex min-h-6 items-center font-semibold underline decoration-dotted underline-offset-4"
                href={parcel.url}
                rel="noreferrer"
                target="_blank"
              >
                {parcel.number}
              </a>
            ) : (
              <span className="font-semibold">{parcel.number}</span>
            )}
            {parcel.items && parcel.items.length > 0 && (
              <span className="text-faint">
                {' '}
                {parcel.items.map(item => `${item.pieces} × ${item.title}`).join(', ')}
              </span>
            )}
            {parcel.items?.length === 0 && <span className="text-faint"> sent a second time</span>}
            {!parcel.told && <span className="text-faint"> (the shop was not told yet)</span>}
          </li>
        ))}
      </ul>
      {silent && (parcels.length > 1 || lines > 1) && (
        <p className="text-xs text-faint">
          What a parcel holds is not told by the supplier: the first stands for all that was left.
        </p>
      )}
    </div>
  )
}

/** It is proposed first; the supplier hears of it once somebody approves it. */
function CallOff({ id }: { id: string }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const propose = useMutation({
    mutationFn: () => body(api.POST('/v1/supplier-orders/{id}/cancel', { params: { path: { id } } })),
    onSuccess: set => void navigate({ to: paths.changeSet, params: { id: set.change_set_id } }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.changeSets }),
  })
  const told = Object.values(fieldErrors(propose.error))[0]
  return (
    <div className="flex flex-col items-start gap-1.5">
      <Button busy={propose.isPending} onClick={() => propose.mutate()}>
        Propose to call it off
      </Button>
      {propose.error && (
        <p role="alert" className="text-sm text-bad wrap-anywhere">
          {told ? `It ${told}.` : propose.error.message}
        </p>
      )}
    </div>
  )
}
