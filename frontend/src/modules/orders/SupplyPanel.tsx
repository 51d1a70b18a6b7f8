/** Proposes to have a supplier send lines of an order: every way is shown with what it costs, how soon it is there and how it was ranked. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, body } from '@/shared/api/client'
import { fieldErrors } from '@/shared/api/problem'
import { keys } from '@/shared/api/queries'
import type { NewSupplierOrder, OrderDetail, SupplyLine, SupplyRoute } from '@/shared/api/types'
import { money } from '@/shared/format/money'
import { plural } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { Button } from '@/shared/ui/Button'
import { SidePanel } from '@/shared/ui/SidePanel'
import { Failure, Loading, Note } from '@/shared/ui/States'
import { supplierOffersQuery } from './queries'

interface SupplyPanelProps {
  order: OrderDetail
  storeId: string
  onClose: () => void
}

export default function SupplyPanel({ order, storeId, onClose }: SupplyPanelProps) {
  const { data, error, refetch } = useQuery(supplierOffersQuery(order.id, storeId))
  const client = useQueryClient()
  const navigate = useNavigate()
  const [chosen, setChosen] = useState<Record<string, string | null>>({})
  const [acceptsLoss, setAcceptsLoss] = useState(false)
  const propose = useMutation({
    mutationFn: (wish: NewSupplierOrder) => body(api.POST('/v1/supplier-orders', { body: wish })),
    onSuccess: set => void navigate({ to: paths.changeSet, params: { id: set.change_set_id } }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.changeSets }),
  })
  const faults = fieldErrors(propose.error)
  const had = (data?.lines ?? []).filter(line => line.routes.length > 0)
  const wanted = had.filter(line => chosen[line.line_id] !== null)
  const send = () =>
    propose.mutate({
      order_id: order.id,
      store_id: storeId,
      accepts_loss: acceptsLoss,
      lines: wanted.map(line => ({
        line_id: line.line_id,
        mapping_id: chosen[line.line_id] ?? line.routes[0]?.mapping_id ?? null,
      })),
    })
  return (
    <SidePanel open onClose={onClose} title={`Order ${order.name} at a supplier`}>
      <div className="flex flex-col gap-4">
        {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Loading label="Asking the suppliers" rows={4} />}
        {data && (
          <>
            <Note>
              It is proposed first. Once somebody approves it, it is created unpaid, compared with what is
              shown here, and paid only if it costs no more than two percent above it.
            </Note>
            {data.lines.length === 0 && <p className="text-sm">Nothing of it has to be sent.</p>}
            {data.lines.map(line => (
              <Line
                key={line.line_id}
                line={line}
                currency={data.currency}
                chosen={chosen[line.line_id]}
                onChoose={mapping => setChosen(old => ({ ...old, [line.line_id]: mapping }))}
              />
            ))}
            {faults.accepts_loss !== undefined && (
              <label className="flex min-h-9 items-center gap-2.5 text-sm">
                <input
                  type="checkbox"
                  checked={acceptsLoss}
                  onChange={event => setAcceptsLoss(event.target.checked)}
                  className="size-5 shrink-0 accent-(--action)"
                />
                Order it although it costs more than it was sold for
              </label>
            )}
            {propose.error && (
              <p role="alert" className="text-sm text-bad wrap-anywhere">
                {Object.values(faults)[0] ?? propose.error.message}
              </p>
            )}
            <Button kind="primary" disabled={wanted.length === 0 || propose.isPending} onClick={send}>
              {propose.isPending
                ? 'Asking the supplier'
                : `Propose the order of ${wanted.length} ${plural(wanted.length, 'line', 'lines')}`}
            </Button>
          </>
        )}
      </div>
    </SidePanel>
  )
}

interface LineProps {
  line: SupplyLine
  currency: string
  /** The mapping; null: not this line; undefined: the best one. */
  chosen: string | null | undefined
  onChoose: (mapping: string | null) => void
}

function Line({ line, currency, chosen, onChoose }: LineProps) {
  const picked = chosen === undefined ? line.routes[0]?.mapping_id : chosen
  return (
    <fieldset className="flex flex-col gap-2 border-t border-edge pt-3">
      <legend className="sr-only">{line.title}</legend>
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="font-semibold wrap-anywhere">
          {line.units} × {line.title}
        </span>
        <span className="text-sm text-soft">sold for {money(line.sold_for, currency)} without tax</span>
      </div>
      {line.against && <p className="text-sm text-soft">{line.against}</p>}
      {line.routes.map((route, at) => (
        <Way
          key={route.mapping_id}
          route={route}
          currency={currency}
          name={`way-${line.line_id}`}
          best={at === 0}
          checked={picked === route.mapping_id}
          onPick={() => onChoose(route.mapping_id)}
        />
      ))}
      {line.routes.length > 0 && (
        <label className="flex min-h-9 items-center gap-2.5 text-sm">
          <input
            type="radio"
            name={`way-${line.line_id}`}
            checked={picked === null}
            onChange={() => onChoose(null)}
            className="size-5 shrink-0 accent-(--action)"
          />
          Not this line
        </label>
      )}
      {line.refused.map(of => (
        <p key={of.mapping_id} className="text-xs text-faint wrap-anywhere">
          {of.supplier}: {of.why}
        </p>
      ))}
    </fieldset>
  )
}

interface WayProps {
  route: SupplyRoute
  currency: string
  name: string
  best: boolean
  checked: boolean
  onPick: () => void
}

function Way({ route, currency, name, best, checked, onPick }: WayProps) {
  const of100 = (score: number | null | undefined) => (score == null ? 'not known' : Math.round(score * 100))
  return (
    <label className="flex items-start gap-2.5 rounded-md border border-edge p-3 text-sm">
      <input
        type="radio"
        name={name}
        checked={checked}
        onChange={onPick}
        className="mt-0.5 size-5 shrink-0 accent-(--action)"
      />
      <span className="flex min-w-0 grow flex-col gap-0.5">
        <span className="flex flex-wrap items-baseline justify-between gap-x-3">
          <span className="font-semibold">
            {route.supplier}
            {best && <span className="font-normal text-faint"> · ranked first</span>}
          </span>
          <span className="numeral">{route.landed ? money(route.landed, currency) : 'no rate of today'}</span>
        </span>
        <span className="wrap-anywhere">
          Goods {money(route.goods.amount, route.goods.currency)}, shipping{' '}
          {money(route.shipping.amount, route.shipping.currency)} by {route.service} from {route.ships_from}
          {route.days && `, ${route.days.min} to ${route.days.max} days`}
        </span>
        <span className="text-xs text-faint">
          Score {of100(route.score)} of 100: cost {of100(route.score_cost)}, time {of100(route.score_time)},
          service{' '}
          {route.kept.share == null
            ? `not known yet (${route.kept.orders} of 5 orders)`
            : of100(route.score_service)}
        </span>
      </span>
    </label>
  )
}
