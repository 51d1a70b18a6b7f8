import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Store } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { dayText } from '@/shared/format/time'
import { paths } from '@/shared/paths'
import { keepRange, type Range } from '@/shared/range/range'
import { Amount } from '@/shared/ui/Amount'
import { buttonClass } from '@/shared/ui/Button'
import { Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { ordersOfQuery } from './queries'

export function OrdersOfIt({ id, store, range }: { id: string; store: Store; range: Range }) {
  const { data, error, refetch } = useQuery(ordersOfQuery(id, store.id, range))
  const all = (
    <Link
      to={paths.orders}
      search={old => ({ ...keepRange(old), product_id: id })}
      className={buttonClass('quiet')}
    >
      {data?.total == null ? 'All of them' : `All ${count(data.total)}`}
    </Link>
  )
  return (
    <Section title="Orders with it" note="The newest of this period" actions={all} flush>
      {error && !data && (
        <div className="p-4">
          <Failure error={error} onRetry={() => void refetch()} />
        </div>
      )}
      {!data && !error && <Loading label="Loading the orders" rows={4} />}
      {data?.orders.length === 0 && <Empty title="No order with it in this period" />}
      {data && data.orders.length > 0 && (
        <table className="w-full text-sm">
          <thead className="border-y border-rule bg-sunk/60 text-xs text-soft">
            <tr>
              <th scope="col" className="py-1.5 pr-2 pl-4 text-left font-medium sm:pl-5">
                Order
              </th>
              <th scope="col" className="px-2 py-1.5 text-left font-medium">
                Day
              </th>
              <th scope="col" className="py-1.5 pr-4 pl-2 text-right font-medium sm:pr-5">
                Total
              </th>
            </tr>
          </thead>
          <tbody>
            {data.orders.map(order => (
              <tr key={order.id} className="border-b border-rule last:border-0">
                <th scope="row" className="py-2 pr-2 pl-4 text-left font-medium sm:pl-5">
                  <Link
                    to={paths.order}
                    params={{ id: order.id }}
                    search={keepRange}
                    className="inline-flex min-h-6 items-center decoration-dotted underline-offset-4 hover:underline"
                  >
                    {order.name}
                  </Link>
                </th>
                <td className="px-2 py-2 text-soft">{dayText(order.day)}</td>
                <td className="py-2 pr-4 pl-2 text-right sm:pr-5">
                  <Amount value={order.total} currency={order.currency} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  )
}
