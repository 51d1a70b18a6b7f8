import { Link } from '@tanstack/react-router'
import type { PurchaseLine, PurchaseOrder } from '@/shared/api/types'
import { count, money } from '@/shared/format/money'
import { paths } from '@/shared/paths'
import { keepRangeOf } from '@/shared/range/range'
import { cx } from '@/shared/ui/cx'

const HEAD = 'px-2 py-2 text-right font-medium last:pr-4 sm:last:pr-5'
const CELL = 'numeral px-2 py-2 text-right align-top last:pr-4 sm:last:pr-5'

export function LinesTable({ order }: { order: PurchaseOrder }) {
  const { currency } = order
  return (
    <table aria-label="Lines of the order" className="w-full text-sm">
      <thead className="border-y border-rule bg-sunk text-xs text-soft">
        <tr>
          <th scope="col" className="px-4 py-2 text-left font-medium sm:px-5">
            Variant
          </th>
          <th scope="col" className={HEAD}>
            Ordered
          </th>
          <th scope="col" className={cx(HEAD, 'hidden sm:table-cell')}>
            Cost of one
          </th>
          <th scope="col" className={cx(HEAD, 'hidden sm:table-cell')}>
            Cost
          </th>
          <th scope="col" className={HEAD}>
            Received
          </th>
        </tr>
      </thead>
      <tbody>
        {order.lines.map(line => (
          <tr key={line.line} className="border-b border-rule">
            <th scope="row" className="px-4 py-2 text-left align-top font-normal sm:px-5">
              <Link
                to={paths.stocked}
                params={{ id: line.variant_id }}
                search={keepRangeOf(order.store_id)}
                className="inline-flex min-h-6 items-center decoration-dotted underline-offset-4 wrap-anywhere hover:underline"
              >
                {line.title}
              </Link>
              {line.sku && <span className="block text-xs text-faint">{line.sku}</span>}
              <span className="numeral block text-xs whitespace-normal text-soft sm:hidden">
                {money(line.unit_cost, currency)} each, {money(line.cost, currency)}
              </span>
            </th>
            <td className={CELL}>{count(line.quantity)}</td>
            <td className={cx(CELL, 'hidden sm:table-cell')}>{money(line.unit_cost, currency)}</td>
            <td className={cx(CELL, 'hidden sm:table-cell')}>{money(line.cost, currency)}</td>
            <td className={CELL}>
              <Received line={line} open={order.status === 'received_partly'} />
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" className="px-4 py-2 text-left font-semibold sm:px-5">
            Total
          </th>
          <td className={CELL}>{count(order.lines.reduce((sum, line) => sum + line.quantity, 0))}</td>
          <td className={cx(CELL, 'hidden sm:table-cell')} />
          <td className={cx(CELL, 'hidden font-semibold sm:table-cell')}>{money(order.total, currency)}</td>
          <td className={CELL}>{count(order.lines.reduce((sum, line) => sum + line.received, 0))}</td>
        </tr>
      </tfoot>
    </table>
  )
}

/** While more may come, what is not there is no difference yet. */
function Received({ line, open }: { line: PurchaseLine; open: boolean }) {
  const difference = line.difference ?? (open ? line.received - line.quantity : 0)
  return (
    <>
      {count(line.received)}
      {difference !== 0 && (
        <span className={cx('block text-xs', difference > 0 ? 'text-warn' : open ? 'text-soft' : 'text-bad')}>
          {count(Math.abs(difference))} {difference > 0 ? 'too many' : open ? 'to come' : 'missing'}
        </span>
      )}
    </>
  )
}
