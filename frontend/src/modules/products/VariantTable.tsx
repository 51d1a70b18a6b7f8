import type { ProductAnswer } from '@/shared/api/types'
import { ratio, subtract } from '@/shared/format/decimal'
import { count, share } from '@/shared/format/money'
import { dayText } from '@/shared/format/time'
import { words } from '@/shared/format/words'
import { Amount } from '@/shared/ui/Amount'
import { Badge } from '@/shared/ui/Badge'

type Variant = ProductAnswer['product']['variants'][number]

const CELL = 'px-1.5 sm:px-2.5 py-2 align-top first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5'
const HEAD = `${CELL} font-medium`

export function VariantTable({ variants, currency }: { variants: Variant[]; currency: string }) {
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
            Margin
          </th>
          <th scope="col" className={`${HEAD} hidden text-right sm:table-cell`}>
            Stock
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
            </td>
            <td className={`${CELL} text-right`}>
              {variant.unit_cost == null ? (
                <Badge tone="warn">No cost</Badge>
              ) : (
                <>
                  <Amount value={variant.unit_cost} currency={currency} />
                  <span className="block text-xs text-faint">{costOrigin(variant)}</span>
                </>
              )}
            </td>
            <td className={`${CELL} numeral hidden text-right sm:table-cell`}>{margin(variant)}</td>
            <td className={`${CELL} numeral hidden text-right sm:table-cell`}>
              {variant.tracked === false ? 'not counted' : count(variant.inventory)}
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

/** Of the list price, before fees, shipping and discounts. */
function margin(variant: Variant): string {
  if (variant.unit_cost == null) return '—'
  const part = ratio(subtract(variant.price, variant.unit_cost), variant.price)
  if (part === null) return '—'
  return part < 0 ? `\u2212${share(-part)}` : share(part)
}
