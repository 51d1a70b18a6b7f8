import type { ProductAnswer, Row } from '@/shared/api/types'
import { ratio } from '@/shared/format/decimal'
import { count, share } from '@/shared/format/money'
import { dayText } from '@/shared/format/time'
import { words } from '@/shared/format/words'
import { Absent, Amount } from '@/shared/ui/Amount'
import { Badge } from '@/shared/ui/Badge'

type Variant = ProductAnswer['product']['variants'][number]

const CELL =
  'px-1 xs:px-1.5 sm:px-2.5 py-2 align-top first:pl-3 last:pr-3 xs:first:pl-4 xs:last:pr-4 sm:first:pl-5 sm:last:pr-5'
const HEAD = `${CELL} font-medium`

interface VariantTableProps {
  variants: Variant[]
  /** What each earned in the period; those of which nothing was sold are not in it. */
  earned: Row[]
  currency: string
  /** Where prices may be changed. */
  onPrice?: ((variant: string) => void) | undefined
}

export function VariantTable({ variants, earned, currency, onPrice }: VariantTableProps) {
  const rows = new Map(earned.map(row => [row.key, row]))
  return (
    <table className="w-full text-sm">
      <thead className="border-y border-rule bg-sunk/60 text-xs text-soft">
        <tr>
          <th scope="col" className={`${HEAD} text-left`}>
            Variant
          </th>
          <th scope="col" className={`${HEAD} text-right`}>
            Price
          </th>
          <th scope="col" className={`${HEAD} text-right`}>
            Unit cost
          </th>
          <th scope="col" className={`${HEAD} hidden text-right sm:table-cell`}>
            Stock
          </th>
          <th scope="col" className={`${HEAD} hidden text-right sm:table-cell`}>
            Sold
          </th>
          <th scope="col" className={`${HEAD} text-right`}>
            Net profit
          </th>
        </tr>
      </thead>
      <tbody>
        {variants.map(variant => (
          <tr key={variant.id} className="border-b border-rule last:border-0">
            <th scope="row" className={`${CELL} text-left font-medium`}>
              {variant.title}
              {variant.sku && <span className="block text-xs font-normal text-faint">{variant.sku}</span>}
            </th>
            <td className={`${CELL} text-right`}>
              <Amount value={variant.price} currency={currency} />
              {variant.compare_at_price && (
                <span className="block text-xs text-faint line-through">
                  <Amount value={variant.compare_at_price} currency={currency} />
                </span>
              )}
              {onPrice && (
                <button
                  type="button"
                  aria-label={`Change the price of ${variant.title}`}
                  onClick={() => onPrice(variant.id)}
                  className="block min-h-6 w-full text-right text-xs font-semibold text-soft underline decoration-dotted underline-offset-4 hover:text-ink"
                >
                  Change
                </button>
              )}
            </td>
            <td className={`${CELL} text-right`}>
              {variant.unit_cost == null ? (
                <Badge tone="warn">No cost</Badge>
              ) : (
                <>
                  <Amount value={variant.unit_cost} currency={variant.cost_currency ?? currency} />
                  <span className="block text-xs text-faint">{costOrigin(variant)}</span>
                </>
              )}
            </td>
            <td className={`${CELL} numeral hidden text-right sm:table-cell`}>
              {variant.tracked === false ? 'not counted' : count(variant.inventory)}
            </td>
            <td className={`${CELL} numeral hidden text-right sm:table-cell`}>
              {count(rows.get(variant.id)?.units ?? 0)}
            </td>
            <td className={`${CELL} text-right`}>
              <Earned row={rows.get(variant.id)} currency={currency} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function costOrigin(variant: Variant): string {
  const from = variant.cost_valid_from ? `since ${dayText(variant.cost_valid_from.slice(0, 10))}` : 'always'
  return `${words(variant.cost_source)}, ${from}`
}

function Earned({ row, currency }: { row: Row | undefined; currency: string }) {
  if (!row) return <Absent reason="Nothing was sold in this period." />
  const part = row.net_profit != null && row.net_sales != null ? ratio(row.net_profit, row.net_sales) : null
  return (
    <>
      <Amount
        value={row.net_profit}
        currency={currency}
        reason="No cost is known, so neither is the profit."
        className="font-semibold"
      />
      {part !== null && (
        <span className="numeral block text-xs text-faint">
          {part < 0 ? `\u2212${share(-part)}` : share(part)} of sales
        </span>
      )}
    </>
  )
}
