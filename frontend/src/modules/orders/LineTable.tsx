import { Link } from '@tanstack/react-router'
import type { OrderCostGap, OrderDetail } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Amount } from '@/shared/ui/Amount'

const HEAD = 'px-1.5 sm:px-2.5 py-1.5 font-medium first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5'
const CELL = 'px-1.5 sm:px-2.5 py-2 align-top first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5'

interface LineTableProps {
  lines: OrderDetail['lines']
  currency: string
  /** Costs that nobody knows. */
  gaps: OrderCostGap[]
}

export function LineTable({ lines, currency, gaps }: LineTableProps) {
  return (
    <table className="w-full text-sm">
      <thead className="border-y border-rule bg-sunk/60 text-xs text-soft">
        <tr>
          <th scope="col" className={`${HEAD} text-left`}>
            Product
          </th>
          <th scope="col" className={`${HEAD} text-right`}>
            <abbr title="Quantity" className="no-underline">
              Qty
            </abbr>
          </th>
          <th scope="col" className={`${HEAD} text-right`}>
            Unit price
          </th>
          <th scope="col" className={`${HEAD} hidden text-right sm:table-cell`}>
            Discount
          </th>
          <th scope="col" className={`${HEAD} hidden text-right md:table-cell`}>
            Tax
          </th>
          <th scope="col" className={`${HEAD} text-right`}>
            Unit cost
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map(line => (
          <tr key={line.id} className="border-b border-rule last:border-0">
            <th scope="row" className={`${CELL} text-left font-medium`}>
              {line.product_id ? (
                <Link
                  to={paths.product}
                  params={{ id: line.product_id }}
                  search={keepRange}
                  className="decoration-dotted underline-offset-4 hover:underline"
                >
                  {line.title}
                </Link>
              ) : (
                line.title
              )}
              <span className="block text-xs font-normal text-faint">
                {[line.variant_title, line.sku].filter(Boolean).join(' · ')}
              </span>
            </th>
            <td className={`${CELL} numeral text-right`}>
              {count(line.quantity)}
              {line.current_quantity !== line.quantity && (
                <span className="block text-xs text-warn">{count(line.current_quantity)} kept</span>
              )}
            </td>
            <td className={`${CELL} text-right`}>
              <Amount value={line.unit_price} currency={currency} />
            </td>
            <td className={`${CELL} hidden text-right sm:table-cell`}>
              <Amount value={line.discount} currency={currency} />
            </td>
            <td className={`${CELL} hidden text-right md:table-cell`}>
              <Amount value={line.tax} currency={currency} />
            </td>
            <td className={`${CELL} text-right`}>
              <Amount
                value={line.unit_cost}
                currency={currency}
                reason={
                  gaps.find(gap => gap.line_id === line.id)?.why.message ??
                  'Nobody has told the cost of this product at the time of the sale.'
                }
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
