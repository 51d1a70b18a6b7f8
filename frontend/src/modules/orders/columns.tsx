import { Link } from '@tanstack/react-router'
import type { OrderSummary } from '@/shared/api/types'
import { count, money } from '@/shared/format/money'
import { dayText } from '@/shared/format/time'
import { countryName, words } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Amount } from '@/shared/ui/Amount'
import type { Column } from '@/shared/ui/data-columns'
import { OrderBadges } from './OrderBadges'

const WHY_NO_PROFIT: Record<string, string> = {
  missing: 'No product of this order has a known cost.',
  partial: 'Some products of this order have no known cost.',
  none: 'Nothing in this order has a cost.',
}

export function orderColumns(): Column<OrderSummary>[] {
  return [
    {
      id: 'processed_at',
      header: 'Order',
      sortable: true,
      cell: order => (
        <>
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
            <span className="numeral xs:hidden"> · {money(order.total, order.currency)}</span>
            <span className="lg:hidden">{order.country && ` · ${countryName(order.country)}`}</span>
          </span>
          <span className="mt-1 flex flex-wrap gap-1 md:hidden">
            <OrderBadges order={order} />
          </span>
        </>
      ),
    },
    {
      id: 'status',
      header: 'Status',
      from: 'md',
      cell: order => (
        <span className="flex flex-wrap gap-1">
          <OrderBadges order={order} />
        </span>
      ),
    },
    {
      id: 'country',
      header: 'From',
      from: 'lg',
      cell: order => (
        <>
          {countryName(order.country)}
          <span className="block text-xs text-faint">
            {order.channel ? words(order.channel) : 'channel not told'}
          </span>
        </>
      ),
    },
    {
      id: 'units',
      header: 'Units',
      from: 'md',
      align: 'right',
      cell: order => <span className="numeral">{count(order.units)}</span>,
    },
    {
      id: 'total',
      header: 'Total',
      from: 'xs',
      align: 'right',
      sortable: true,
      cell: order => <Amount value={order.total} currency={order.currency} />,
    },
    {
      id: 'net_sales',
      header: 'Net sales',
      from: 'lg',
      align: 'right',
      cell: order => <Amount value={order.net_sales} currency={order.currency} />,
    },
    {
      id: 'profit',
      header: 'Profit',
      align: 'right',
      cell: order => (
        <>
          <Amount
            value={order.profit}
            currency={order.currency}
            reason={WHY_NO_PROFIT[order.cost_coverage] ?? 'No cost is known.'}
            className="font-semibold"
          />
          {order.profit != null && order.cost_coverage === 'partial' && (
            <span className="block text-xs text-warn">part of it</span>
          )}
        </>
      ),
    },
  ]
}
