/** Proposes to give money back for lines of an order. How much it is the shop computes; it stands in the proposal before anybody approves it. */
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { fieldErrors } from '@/shared/api/problem'
import type { ChangeRestock, OrderDetail } from '@/shared/api/types'
import { usePropose } from '@/shared/changes/propose'
import { RefundLimit } from '@/shared/changes/RefundLimit'
import { WhyField } from '@/shared/changes/WhyField'
import { money } from '@/shared/format/money'
import { variantQuery } from '@/shared/inventory/stock'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { SidePanel } from '@/shared/ui/SidePanel'
import { Note } from '@/shared/ui/States'

const RESTOCKS: { value: ChangeRestock; label: string }[] = [
  { value: 'nothing', label: 'Count nothing again' },
  { value: 'unsent', label: 'They were never sent: sell them again' },
  { value: 'returned', label: 'They came back: sell them again' },
]

interface RefundPanelProps {
  order: OrderDetail
  storeId: string
  onClose: () => void
}

export default function RefundPanel({ order, storeId, onClose }: RefundPanelProps) {
  const lines = order.lines.filter(line => line.current_quantity > 0)
  const [units, setUnits] = useState<Record<string, number>>({})
  const [restock, setRestock] = useState<ChangeRestock>('nothing')
  const [place, setPlace] = useState('')
  const [shipping, setShipping] = useState(false)
  const [notify, setNotify] = useState(false)
  const [why, setWhy] = useState('')
  const [tried, setTried] = useState(false)
  const propose = usePropose(storeId)
  const faults = fieldErrors(propose.error)
  const chosen = lines.flatMap(line => {
    const quantity = units[line.id] ?? 0
    return quantity > 0 ? [{ line_id: line.id, quantity }] : []
  })
  const stocked = lines.find(line => line.variant_id && units[line.id])?.variant_id ?? ''
  const stock = useQuery({
    ...variantQuery(stocked, storeId),
    enabled: restock !== 'nothing' && stocked !== '',
  })
  const places = stock.data?.locations ?? []
  // Before discounts and taxes: the shop computes the sum.
  const about = lines.reduce((sum, line) => sum + (units[line.id] ?? 0) * Number(line.unit_price), 0)
  const nothing = chosen.length === 0 && !shipping
  const send = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (nothing || !why.trim()) return
    propose.mutate({
      reason: why.trim(),
      edits: [
        {
          kind: 'refund_order',
          order_id: order.id,
          lines: chosen,
          restock,
          location_id: restock !== 'nothing' && place ? place : null,
          shipping,
          notify_customer: notify,
          note: why.trim().slice(0, 200),
        },
      ],
    })
  }
  const fault = (name: string) => faults[`edits[0].${name}`]
  const known = ['lines', 'location_id', 'order_id'].some(name => fault(name))
  return (
    <SidePanel open onClose={onClose} title={`Refund order ${order.name}`}>
      <form onSubmit={send} noValidate className="flex flex-col gap-4">
        <Note tone="warn">
          Nothing takes a refund back. The shop computes how much it is; the sum stands in the proposal, and
          another one is not given back.
        </Note>
        <RefundLimit storeId={storeId} about={about} />
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 text-sm font-semibold">Units to give money back for</legend>
          {lines.map(line => (
            <label key={line.id} className="flex items-center justify-between gap-3 text-sm">
              <span className="min-w-0 wrap-anywhere">
                {line.title}
                <span className="block text-xs text-faint">
                  {line.current_quantity} left · {money(line.unit_price, order.currency)} each, before
                  discounts
                </span>
              </span>
              <input
                type="number"
                min={0}
                max={line.current_quantity}
                value={units[line.id] ?? 0}
                aria-label={`Units of ${line.title}`}
                onChange={event => {
                  const asked = Math.trunc(Number(event.target.value)) || 0
                  const fits = Math.min(Math.max(asked, 0), line.current_quantity)
                  setUnits(old => ({ ...old, [line.id]: fits }))
                }}
                className="field numeral w-20 shrink-0"
              />
            </label>
          ))}
          {lines.length === 0 && <p className="text-sm text-soft">No units are left of it.</p>}
          <Tick on={shipping} set={setShipping} label="Give back what is left of the shipping" />
          {(tried && nothing && (
            <p role="alert" className="text-xs text-bad">
              Choose units, or the shipping.
            </p>
          )) ||
            (fault('lines') && (
              <p role="alert" className="text-xs text-bad">
                The lines {fault('lines')}.
              </p>
            ))}
        </fieldset>
        <Field label="Goods" error={fault('restock')}>
          {field => (
            <select
              {...field}
              value={restock}
              onChange={event => setRestock(event.target.value as ChangeRestock)}
              className="field"
            >
              {RESTOCKS.map(option => (
                <option key={option.value} value={option.value}>
                  {option.label}
                </option>
              ))}
            </select>
          )}
        </Field>
        {restock !== 'nothing' && (
          <Field
            label="Where they are counted again"
            help={
              places.length === 0 && !stock.isFetching
                ? 'No place is known of these goods: choose units of goods first.'
                : undefined
            }
            error={fault('location_id')}
          >
            {field => (
              <select
                {...field}
                value={place}
                onChange={event => setPlace(event.target.value)}
                className="field"
              >
                <option value="">The store’s only place</option>
                {places.map(one => (
                  <option key={one.id} value={one.id}>
                    {one.name ?? one.id}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <Tick on={notify} set={setNotify} label="Tell the customer by mail" />
        <WhyField value={why} error={tried && !why.trim() ? 'Say why.' : faults.reason} onChange={setWhy} />
        {propose.error && (!known || fault('order_id')) && (
          <p role="alert" className="text-sm text-bad">
            {fault('order_id') ? `The order ${fault('order_id')}.` : propose.error.message}
          </p>
        )}
        <Button kind="danger" type="submit" busy={propose.isPending}>
          Propose the refund
        </Button>
      </form>
    </SidePanel>
  )
}

function Tick({ on, set, label }: { on: boolean; set: (on: boolean) => void; label: string }) {
  return (
    <label className="flex min-h-9 items-center gap-2.5 text-sm">
      <input
        type="checkbox"
        checked={on}
        onChange={event => set(event.target.checked)}
        className="size-5 shrink-0 accent-(--action)"
      />
      {label}
    </label>
  )
}
