import { Link } from '@tanstack/react-router'
import type { ProductSummary } from '@/shared/api/types'
import { LackingCosts } from '@/shared/figures/LackingCosts'
import { ratio } from '@/shared/format/decimal'
import { count, money, share } from '@/shared/format/money'
import { words } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Amount } from '@/shared/ui/Amount'
import { Badge } from '@/shared/ui/Badge'
import type { Column } from '@/shared/ui/data-columns'

const NOT_SOLD = 'Nothing was sold in this period.'
const NO_COST = 'No cost is told, so the profit is not known.'

/** Which rows are selected; left out for who may do nothing with them. */
export interface Selecting {
  has: (id: string) => boolean
  toggle: (id: string) => void
}

export function productColumns(currency: string, selecting?: Selecting): Column<ProductSummary>[] {
  return [
    {
      id: 'title',
      header: 'Product',
      sortable: true,
      cell: product => <ProductCell product={product} selecting={selecting} />,
    },
    {
      id: 'price',
      header: 'Price',
      from: 'lg',
      align: 'right',
      cell: product => (
        <span className="numeral">{spread(product.price_min, product.price_max, currency)}</span>
      ),
    },
    {
      id: 'cost',
      header: 'Cost',
      from: 'md',
      align: 'right',
      cell: product => (
        <span className="numeral">
          {product.cost_min == null ? '—' : spread(product.cost_min, product.cost_max, currency)}
        </span>
      ),
    },
    {
      id: 'inventory',
      header: 'Stock',
      from: 'lg',
      align: 'right',
      cell: product => <span className="numeral">{count(product.inventory)}</span>,
    },
    {
      id: 'units',
      header: 'Units',
      from: 'sm',
      align: 'right',
      sortable: true,
      cell: product => <span className="numeral">{count(product.performance?.units ?? 0)}</span>,
    },
    {
      id: 'net_sales',
      header: 'Net sales',
      // Beside a box to tick there is no room for it on a phone.
      from: selecting ? 'sm' : 'xs',
      align: 'right',
      sortable: true,
      cell: product => (
        <Amount value={product.performance?.net_sales} currency={currency} reason={NOT_SOLD} />
      ),
    },
    {
      id: 'net_profit',
      header: 'Net profit',
      align: 'right',
      sortable: true,
      cell: product => <Profit product={product} currency={currency} />,
    },
  ]
}

interface ProductCellProps {
  product: ProductSummary
  selecting: Selecting | undefined
}

function ProductCell({ product, selecting }: ProductCellProps) {
  if (!selecting) return <ProductName product={product} />
  return (
    <span className="flex items-start gap-2.5">
      <input
        type="checkbox"
        aria-label={`Select ${product.title}`}
        checked={selecting.has(product.id)}
        onChange={() => selecting.toggle(product.id)}
        className="size-6 shrink-0 accent-(--action)"
      />
      <span className="min-w-0">
        <ProductName product={product} />
      </span>
    </span>
  )
}

function ProductName({ product }: { product: ProductSummary }) {
  return (
    <>
      <Link
        to={paths.product}
        params={{ id: product.id }}
        search={keepRange}
        className="inline-flex min-h-6 items-center font-semibold decoration-dotted underline-offset-4 hover:underline"
      >
        {product.title}
      </Link>
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-faint">
        {[product.vendor, product.product_type].filter(Boolean).join(' · ')}
        {product.status.toLowerCase() !== 'active' && <Badge>{words(product.status)}</Badge>}
        {product.variants_without_cost > 0 && (
          <Badge tone="warn">
            {product.variants_without_cost === product.variants_count
              ? 'No cost'
              : `${product.variants_without_cost} of ${product.variants_count} without cost`}
          </Badge>
        )}
      </span>
    </>
  )
}

function Profit({ product, currency }: { product: ProductSummary; currency: string }) {
  const row = product.performance
  const reason = row ? NO_COST : NOT_SOLD
  const part = row?.net_profit != null && row.net_sales != null ? ratio(row.net_profit, row.net_sales) : null
  return (
    <>
      <Amount value={row?.net_profit} currency={currency} reason={reason} className="font-semibold" />
      {part !== null && (
        <span className="numeral block text-xs text-faint">
          {part < 0 ? `\u2212${share(-part)}` : share(part)} of sales
        </span>
      )}
      <LackingCosts coverage={row?.coverage} of={product.title} product={product.id} />
    </>
  )
}

function spread(low: string | null | undefined, high: string | null | undefined, currency: string): string {
  if (low == null || high == null || low === high) return money(low ?? high, currency)
  return `${money(low, currency)} – ${money(high, currency)}`
}
