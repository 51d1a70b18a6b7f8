/** One customer: what they brought, day by day, and their orders. */
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { CustomerAnswer } from '@/shared/api/types'
import { count, money, share } from '@/shared/format/money'
import { dayText } from '@/shared/format/time'
import { countryName, words } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { useStore } from '@/shared/range/use-range'
import { Amount } from '@/shared/ui/Amount'
import { Badge } from '@/shared/ui/Badge'
import { buttonClass } from '@/shared/ui/Button'
import { Page, Section } from '@/shared/ui/Page'
import { Failure, Loading, Note } from '@/shared/ui/States'
import { nameOf } from './CustomerList'
import { customerQuery } from './queries'

export function CustomerPage() {
  const { id } = useParams({ strict: false })
  const store = useStore()
  if (!store || !id) return <Loading label="Loading the customer" rows={10} />
  return <CustomerOf id={id} storeId={store.id} />
}

function CustomerOf({ id, storeId }: { id: string; storeId: string }) {
  const { data, error, refetch } = useQuery(customerQuery(id, storeId))
  if (error && !data) {
    return (
      <Page title="Customer">
        <Failure error={error} onRetry={() => void refetch()} />
      </Page>
    )
  }
  if (!data) return <Loading label="Loading the customer" rows={10} />
  return <CustomerView answer={data} />
}

const NO_COST = 'No cost is known for what was bought.'

function CustomerView({ answer }: { answer: CustomerAnswer }) {
  const { customer, currency, scores } = answer
  return (
    <Page
      title={nameOf(customer)}
      lead={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {customer.email && customer.name && <span className="wrap-anywhere">{customer.email}</span>}
          {customer.country && <span>{countryName(customer.country)}</span>}
          <span className="text-faint">{customer.id}</span>
          {scores && <Badge tone="brass">{words(scores.segment)}</Badge>}
          {answer.segments.map(segment => (
            <Badge key={segment} tone="slate">
              {FIXED[segment] ?? words(segment)}
            </Badge>
          ))}
        </span>
      }
      actions={
        <Link to={paths.customers} search={keepRange} className={buttonClass('quiet')}>
          All customers
        </Link>
      }
    >
      <div className="flex flex-col gap-5">
        {customer.redacted && (
          <Note>
            This customer asked to be forgotten: name and address are deleted, amounts stay by number.
          </Note>
        )}
        <ul aria-label="Key figures" className="grid grid-cols-2 gap-3 lg:grid-cols-4">
          <Tile label="Net revenue" note={`${count(customer.orders)} orders`}>
            <Amount value={customer.net_revenue} currency={currency} />
          </Tile>
          <Tile
            label="Margin so far"
            note={customer.coverage == null ? 'CM2' : `CM2, costs known for ${share(customer.coverage)}`}
          >
            <Amount value={customer.margin} currency={currency} reason={NO_COST} />
          </Tile>
          <Tile label="First order" note={`${count(answer.days_since_first_order)} days ago`}>
            {dayText(customer.first_order_on)}
          </Tile>
          <Tile label="Last order" note={`${count(answer.days_since_last_order)} days ago`}>
            {dayText(customer.last_order_on)}
          </Tile>
        </ul>
        <Days answer={answer} />
        <Orders answer={answer} />
      </div>
    </Page>
  )
}

const FIXED: Record<string, string> = { vip: 'VIP', lapsing: 'At risk', one_order: 'New' }

function Tile({ label, note, children }: { label: string; note: string; children: ReactNode }) {
  return (
    <li className="sheet flex flex-col p-3.5">
      <span className="text-sm text-soft">{label}</span>
      <span className="mt-0.5 text-lg font-semibold wrap-anywhere">{children}</span>
      <span className="mt-auto pt-1.5 text-xs text-faint">{note}</span>
    </li>
  )
}

const HEAD =
  'border-b border-rule px-2 py-1.5 text-xs font-medium text-soft first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5'
const CELL = 'border-b border-rule px-2 py-2 first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5'

function Days({ answer }: { answer: CustomerAnswer }) {
  return (
    <Section title="Day by day" note="Days on which something was bought or given back" flush>
      <table aria-label="Day by day" className="w-full text-sm">
        <thead>
          <tr>
            <th scope="col" className={`${HEAD} text-left`}>
              Day
            </th>
            <th scope="col" className={`${HEAD} text-right`}>
              Orders
            </th>
            <th scope="col" className={`${HEAD} text-right`}>
              Net revenue
            </th>
            <th scope="col" className={`${HEAD} text-right`}>
              Margin
            </th>
          </tr>
        </thead>
        <tbody>
          {answer.days.map(day => (
            <tr key={day.day}>
              <th scope="row" className={`${CELL} text-left font-normal`}>
                {dayText(day.day)}
              </th>
              <td className={`${CELL} numeral text-right`}>{day.orders === 0 ? '' : count(day.orders)}</td>
              <td className={`${CELL} text-right`}>
                <Amount value={day.net_revenue} currency={answer.currency} />
              </td>
              <td className={`${CELL} text-right`}>
                <Amount value={day.margin} currency={answer.currency} reason={NO_COST} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}

function Orders({ answer }: { answer: CustomerAnswer }) {
  const more = (answer.orders_total ?? 0) - answer.orders.length
  return (
    <Section
      title="Orders"
      note={
        more > 0
          ? `The newest ${answer.orders.length}; ${count(more)} older ones are left out`
          : 'Newest first'
      }
      flush
    >
      <table aria-label="Orders" className="w-full text-sm">
        <thead>
          <tr>
            <th scope="col" className={`${HEAD} text-left`}>
              Order
            </th>
            <th scope="col" className={`${HEAD} text-right`}>
              Total
            </th>
            <th scope="col" className={`${HEAD} text-right`}>
              Profit
            </th>
          </tr>
        </thead>
        <tbody>
          {answer.orders.map(order => (
            <tr key={order.id}>
              <th scope="row" className={`${CELL} text-left font-normal`}>
                <Link
                  to={paths.order}
                  params={{ id: order.id }}
                  search={keepRange}
                  className="inline-flex min-h-6 items-center font-semibold decoration-dotted underline-offset-4 hover:underline"
                >
                  {order.name}
                </Link>
                <span className="block text-xs text-faint">
                  {dayText(order.day)}
                  {order.refunded && ' · refunded'}
                  {order.cancelled_at && ' · cancelled'}
                </span>
              </th>
              <td className={`${CELL} numeral text-right`}>{money(order.total, order.currency)}</td>
              <td className={`${CELL} text-right`}>
                <Amount value={order.profit} currency={order.currency} reason={NO_COST} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}
