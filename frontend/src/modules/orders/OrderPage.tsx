/** One order with its ledger: every dated entry, what they add up to, and whether the provider says the same. */
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { CircleCheck, TriangleAlert } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { OrderAnswer } from '@/shared/api/types'
import { Ladder } from '@/shared/figures/Ladder'
import { LazyPassport, useExplained } from '@/shared/figures/LazyPassport'
import { count, isNegative, money } from '@/shared/format/money'
import { dayText, momentText } from '@/shared/format/time'
import { countryName, plural, words } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { useStore } from '@/shared/range/use-range'
import { useMay } from '@/shared/session/may'
import { Amount } from '@/shared/ui/Amount'
import { Button, buttonClass } from '@/shared/ui/Button'
import { Page, Section } from '@/shared/ui/Page'
import { Failure, Loading } from '@/shared/ui/States'
import { CostsOfOrder } from './CostsOfOrder'
import { LedgerTables } from './LedgerTables'
import { LineTable } from './LineTable'
import { OrderBadges } from './OrderBadges'
import { orderQuery } from './queries'
import { SupplierOrders } from './SupplierOrders'

const CancelPanel = lazy(() => import('./CancelPanel'))
const RefundPanel = lazy(() => import('@/shared/changes/RefundPanel'))
const SupplyPanel = lazy(() => import('./SupplyPanel'))

export function OrderPage() {
  const { id } = useParams({ strict: false })
  const store = useStore()
  const { data, error, refetch } = useQuery({
    ...orderQuery(id ?? '', store?.id),
    enabled: store !== undefined,
  })
  if (error && !data) {
    return (
      <Page title="Order">
        <Failure error={error} onRetry={() => void refetch()} />
      </Page>
    )
  }
  if (!data || !store) return <Loading label="Loading the order" rows={10} />
  return <OrderView answer={data} storeId={store.id} timezone={store.timezone} />
}

function OrderView({
  answer,
  storeId,
  timezone,
}: {
  answer: OrderAnswer
  storeId: string
  timezone: string
}) {
  const { order } = answer
  const explained = useExplained()
  const may = useMay('changes:write')
  const [cancelling, setCancelling] = useState(false)
  const [refunding, setRefunding] = useState(false)
  const [supplying, setSupplying] = useState(false)
  const currency = order.currency
  const scope = {
    store: storeId,
    from: order.day,
    to: order.day,
    currency: undefined,
    order: order.id,
  }
  const reasons = reasonsOf(answer)
  return (
    <Page
      title={`Order ${order.name}`}
      lead={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
          <span>{momentText(order.processed_at, timezone)}</span>
          {order.channel && <span>{words(order.channel)}</span>}
          {order.country && <span>{countryName(order.country)}</span>}
          <span className="flex flex-wrap gap-1">
            <OrderBadges order={order} />
          </span>
        </span>
      }
      actions={
        <>
          {may && isPaid(order) && <Button onClick={() => setRefunding(true)}>Refund</Button>}
          {may && isOpen(order) && (
            <>
              <Button onClick={() => setSupplying(true)}>Order at a supplier</Button>
              <Button onClick={() => setCancelling(true)}>Cancel the order</Button>
            </>
          )}
          <Link to={paths.orders} search={keepRange} className={buttonClass('plain')}>
            All orders
          </Link>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <Headline answer={answer} reasons={reasons} />
        <CostsOfOrder answer={answer} />
        <Section title="Lines" flush>
          <LineTable lines={order.lines} currency={currency} gaps={answer.unknown_costs} />
        </Section>
        <SupplierOrders orderId={order.id} storeId={storeId} />
        <Section title="Ledger" note="Every dated entry, in the order in which it happened" flush>
          <LedgerTables answer={answer} />
        </Section>
        <div className="grid items-start gap-5 lg:grid-cols-2">
          <Section title="From gross sales to profit">
            <Ladder
              row={answer.ledger_totals}
              unavailable={reasons}
              currency={currency}
              onExplain={explained.explain}
            />
          </Section>
          <Payments answer={answer} timezone={timezone} />
        </div>
        <p className="text-xs text-faint">
          {order.source && `From ${words(order.source)}`}
          {order.observed_at && `, observed ${momentText(order.observed_at)}`} · version {order.version}
          {order.customer && ` · customer ${order.customer.id}`}
          {order.customer?.orders_count != null && ` with ${order.customer.orders_count} orders`}
          {order.tags.length > 0 && ` · ${order.tags.join(', ')}`}
        </p>
      </div>
      <LazyPassport explained={explained} scope={scope} />
      {supplying && (
        <Suspense>
          <SupplyPanel order={order} storeId={storeId} onClose={() => setSupplying(false)} />
        </Suspense>
      )}
      {refunding && (
        <Suspense>
          <RefundPanel order={order} storeId={storeId} onClose={() => setRefunding(false)} />
        </Suspense>
      )}
      {cancelling && (
        <Suspense>
          <CancelPanel order={order} storeId={storeId} onClose={() => setCancelling(false)} />
        </Suspense>
      )}
    </Page>
  )
}

/** Of these nothing is sent; what was, comes back as a return. */
const NOT_SENT = [
  'unfulfilled',
  'on_hold',
  'open',
  'pending_fulfillment',
  'request_declined',
  'restocked',
  'scheduled',
]

function isOpen(order: OrderAnswer['order']): boolean {
  return !order.cancelled_at && NOT_SENT.includes(order.fulfillment_status?.toLowerCase() ?? '')
}

/** Something was paid, and not all of it was given back. */
function isPaid(order: OrderAnswer['order']): boolean {
  const paid = ['paid', 'partially_paid', 'partially_refunded']
  return !order.cancelled_at && paid.includes(order.financial_status?.toLowerCase() ?? '')
}

/** Why a figure of the order is not known. */
function reasonsOf(answer: OrderAnswer): Record<string, string> {
  const why = (of: string) => answer.unknown_costs.find(gap => gap.of === of)?.why.message
  const cost = why('cost') ?? 'No product of this order has a known cost.'
  return {
    cost_of_goods: cost,
    cm1: cost,
    cm2: cost,
    cm3: cost,
    net_profit: cost,
    shipping_cost: why('shipping') ?? 'What sending it cost is not told yet.',
    ad_spend: 'Ad spend belongs to days, not to orders.',
    fixed_costs: 'Fixed costs belong to days, not to orders.',
  }
}

function Headline({ answer, reasons }: { answer: OrderAnswer; reasons: Record<string, string> }) {
  const { order, checks } = answer
  const profit = order.profit
  const agrees = checks.difference != null && /^-?0*(\.0*)?$/.test(checks.difference)
  return (
    <div className="grid gap-3 sm:grid-cols-3">
      <div className="sheet p-4">
        <p className="text-sm text-soft">Total</p>
        <p className="numeral text-xl font-semibold">{money(order.total, order.currency)}</p>
      </div>
      <div className="sheet p-4">
        <p className="text-sm text-soft">Profit</p>
        <p className={`text-xl font-semibold ${isNegative(profit) ? 'text-bad' : ''}`}>
          <Amount value={profit} currency={order.currency} reason={reasons.net_profit} />
        </p>
        {profit == null && <p className="text-xs text-soft">{reasons.net_profit}</p>}
        {profit != null && order.cost_coverage === 'partial' && (
          <p className="text-xs text-warn">Of the lines with a known cost only.</p>
        )}
      </div>
      <div className="sheet p-4">
        <p className="text-sm text-soft">Ledger against the provider</p>
        {checks.ledger_total == null ? (
          <p className="mt-1 text-sm">Not compared: the provider names no total for it.</p>
        ) : (
          <p className={`mt-0.5 flex items-center gap-2 font-semibold ${agrees ? 'text-good' : 'text-warn'}`}>
            {agrees ? (
              <CircleCheck aria-hidden="true" className="size-4.5" />
            ) : (
              <TriangleAlert aria-hidden="true" className="size-4.5" />
            )}
            {agrees ? 'Agree to the cent' : `Differ by ${money(checks.difference, order.currency)}`}
          </p>
        )}
        {checks.explained_by && <p className="mt-1 text-xs text-soft">Because of {checks.explained_by}.</p>}
      </div>
    </div>
  )
}

/** Refunds without lines come from edits and goodwill; their lines may also not have been told. */
function refundScope(lines: number | undefined): string {
  if (lines === undefined) return ' · lines not told'
  if (lines === 0) return ' · of no line'
  return ` · ${count(lines)} ${plural(lines, 'line')}`
}

function Payments({ answer, timezone }: { answer: OrderAnswer; timezone: string }) {
  const { order } = answer
  return (
    <Section title="Payments and refunds" flush>
      {order.transactions.length === 0 && order.refunds.length === 0 && (
        <p className="px-5 pb-4 text-sm text-soft">None were recorded.</p>
      )}
      <ul className="text-sm">
        {order.transactions.map(transaction => (
          <li
            key={transaction.id}
            className="flex flex-wrap justify-between gap-x-4 border-t border-rule px-4 py-2.5 sm:px-5"
          >
            <span>
              {words(transaction.kind)}{' '}
              <span className="text-soft">
                by {transaction.gateway ? words(transaction.gateway) : 'an unnamed way'}
              </span>
              <span className="block text-xs text-faint">
                {words(transaction.status)}
                {transaction.processed_at && ` · ${momentText(transaction.processed_at, timezone)}`}
                {transaction.test && ' · test'}
              </span>
            </span>
            <span className="text-right">
              <Amount value={transaction.amount} currency={order.currency} />
              <span className="block text-xs text-faint">
                {transaction.fees == null ? 'fee not told' : `fee ${money(transaction.fees, order.currency)}`}
              </span>
            </span>
          </li>
        ))}
        {order.refunds.map(refund => (
          <li
            key={refund.id}
            className="flex flex-wrap justify-between gap-x-4 border-t border-rule px-4 py-2.5 sm:px-5"
          >
            <span>
              Refund
              <span className="block text-xs text-faint">
                {dayText(refund.created_at.slice(0, 10))}
                {refundScope(refund.lines?.length)}
              </span>
            </span>
            <Amount value={refund.amount} currency={order.currency} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
