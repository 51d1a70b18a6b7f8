import { Link } from '@tanstack/react-router'
import type { ProductRow, Pulse } from '@/shared/api/types'
import { LackingCosts } from '@/shared/figures/LackingCosts'
import { ratio, sign } from '@/shared/format/decimal'
import { count, money, share } from '@/shared/format/money'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Amount } from '@/shared/ui/Amount'
import { buttonClass } from '@/shared/ui/Button'
import { Section } from '@/shared/ui/Page'
import { Empty } from '@/shared/ui/States'

export function BestAndWorst({ pulse }: { pulse: Pulse }) {
  const { variants, net_sales: sales } = pulse.products_without_cost
  return (
    <div className="flex flex-col gap-5">
      <Section title="Earn most" note="By net profit in this period" flush>
        <ProductTable
          rows={pulse.best_products.filter(earns)}
          pulse={pulse}
          empty="No product has a known profit in this period"
        />
      </Section>
      <Section title="Earn least" note="By net profit in this period" flush>
        <ProductTable
          rows={pulse.worst_products.filter(moved)}
          pulse={pulse}
          empty="No product has a known profit in this period"
        />
      </Section>
      {variants > 0 && (
        <Section title="Products without cost">
          <div className="flex flex-wrap items-center justify-between gap-3 text-sm">
            <p className="max-w-prose text-soft">
              {count(variants)} {variants === 1 ? 'variant was' : 'variants were'} sold without a known cost
              {sales != null && (
                <>
                  , for <span className="numeral font-semibold text-ink">{money(sales, pulse.currency)}</span>
                </>
              )}
              . Enter the cost, and the profit is told.
            </p>
            <Link
              to={paths.costs}
              search={old => ({ ...keepRange(old), state: 'missing' })}
              className={buttonClass('plain')}
            >
              Enter the costs
            </Link>
          </div>
        </Section>
      )}
    </div>
  )
}

function earns(row: ProductRow): boolean {
  return row.net_profit != null && sign(row.net_profit) > 0
}

/** Goods given away or taken back without a value earned nothing and lost nothing: no news. */
function moved(row: ProductRow): boolean {
  return row.net_profit != null && (sign(row.net_profit) !== 0 || sign(row.net_sales ?? '0') !== 0)
}

function ProductTable({ rows, pulse, empty }: { rows: ProductRow[]; pulse: Pulse; empty: string }) {
  if (rows.length === 0) return <Empty title={empty} />
  return (
    <table className="w-full text-sm">
      <thead className="border-y border-rule bg-sunk/60 text-xs text-soft">
        <tr>
          <th scope="col" className="py-1.5 pr-2 pl-4 text-left font-medium sm:pl-5">
            Product
          </th>
          <th scope="col" className="hidden px-2 py-1.5 text-right font-medium sm:table-cell">
            Units
          </th>
          <th scope="col" className="px-2 py-1.5 text-right font-medium">
            Net sales
          </th>
          <th scope="col" className="py-1.5 pr-4 pl-2 text-right font-medium sm:pr-5">
            Net profit
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <tr key={`${row.store_id ?? ''}/${row.product_id}`} className="border-b border-rule last:border-0">
            <th scope="row" className="py-2 pr-2 pl-4 text-left font-medium sm:pl-5">
              <Link
                to={paths.product}
                params={{ id: row.product_id }}
                search={old => ({ ...keepRange(old), ...(row.store_id && { store: row.store_id }) })}
                className="decoration-dotted underline-offset-4 hover:underline"
              >
                {row.label}
              </Link>
            </th>
            <td className="numeral hidden px-2 py-2 text-right text-soft sm:table-cell">
              {count(row.units)}
            </td>
            <td className="px-2 py-2 text-right">
              <Amount value={row.net_sales} currency={pulse.currency} />
            </td>
            <td className="py-2 pr-4 pl-2 text-right sm:pr-5">
              <Amount
                value={row.net_profit}
                currency={pulse.currency}
                reason={pulse.unavailable.net_profit}
                className="font-semibold"
              />
              <span className="block text-xs text-faint">{margin(row)}</span>
              <LackingCosts
                coverage={row.coverage}
                of={row.label}
                product={row.product_id}
                store={row.store_id}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function margin(row: ProductRow): string {
  if (row.net_profit == null || row.net_sales == null) return ''
  const part = ratio(row.net_profit, row.net_sales)
  if (part === null) return ''
  return `${sign(row.net_profit) < 0 ? '\u2212' : ''}${share(Math.abs(part))} of sales`
}
