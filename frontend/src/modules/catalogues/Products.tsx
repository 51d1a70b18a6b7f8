/** What suppliers offer; each product opens with its variants and its prices over time. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { lazy, Suspense, useDeferredValue, useMemo, useState } from 'react'
import type { Store, SupplierProduct } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { ageText } from '@/shared/format/time'
import { units } from '@/shared/format/units'
import { DataTable } from '@/shared/ui/DataTable'
import type { Column } from '@/shared/ui/data-columns'
import { Field } from '@/shared/ui/Field'
import { Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { SupplierPicture } from '@/shared/ui/SupplierPicture'
import { PicturesLook } from './PicturesLook'
import { productsQuery } from './queries'
import { priceText } from './words'

const ProductPanel = lazy(() => import('./ProductPanel'))

/** In ten-thousandths, to compare with. */
const worth = (of: SupplierProduct['variants'][number]) => units(of.cost?.low ?? '', 4) ?? 0n

/** Of all variants that are sold: one price, or from the lowest on. */
function cost(of: SupplierProduct): string {
  const sold = of.variants.filter(v => !v.gone && v.cost)
  const cheapest = sold.reduce<(typeof sold)[number] | undefined>(
    (low, v) => (!low || worth(v) < worth(low) ? v : low),
    undefined,
  )
  const text = priceText(cheapest?.cost)
  if (!text) return 'not told'
  return sold.length > 1 ? `from ${text}` : text
}

function stock(of: SupplierProduct): string {
  const sold = of.variants.filter(v => !v.gone)
  if (sold.length === 0) return 'gone'
  const counted = sold.filter(v => v.quantity != null)
  if (counted.length === 0) return sold.some(v => v.presence === 'in') ? 'there' : 'not known'
  return count(counted.reduce((sum, v) => sum + (v.quantity ?? 0), 0))
}

function columns(open: (id: string) => void): Column<SupplierProduct>[] {
  return [
    {
      id: 'title',
      header: 'Product',
      cell: of => (
        <div className="flex items-start gap-3">
          <SupplierPicture id={of.id} title={of.title} told={of.image_url != null} />
          <div className="min-w-0">
            <button
              type="button"
              onClick={() => open(of.id)}
              className="min-h-6 text-left font-semibold decoration-dotted underline-offset-4 wrap-anywhere hover:underline"
            >
              {of.title ?? of.external_id ?? 'Without a title'}
            </button>
            <span className="block text-xs text-faint wrap-anywhere">
              {[of.category, of.supplier, of.ships_from && `from ${of.ships_from}`]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </div>
        </div>
      ),
    },
    {
      id: 'cost',
      header: 'Cost',
      align: 'right',
      cell: of => <span className="numeral">{cost(of)}</span>,
    },
    {
      id: 'stock',
      header: 'Counted stock',
      align: 'right',
      from: 'sm',
      cell: of => <span className="numeral">{stock(of)}</span>,
    },
    {
      id: 'read',
      header: 'Read',
      align: 'right',
      from: 'md',
      cell: of => <span className="whitespace-nowrap">{ageText(of.observed_at)}</span>,
    },
  ]
}

export function Products({ store }: { store: Store }) {
  const [typed, setTyped] = useState('')
  const text = useDeferredValue(typed.trim())
  const [open, setOpen] = useState<string>()
  const list = useInfiniteQuery(productsQuery(store.id, text || undefined))
  const rows = useMemo(() => list.data?.pages.flatMap(page => page.supplier_products) ?? [], [list.data])
  const all = useMemo(() => columns(setOpen), [])
  return (
    <Section title="Products" note="By interface and by file" flush>
      <PicturesLook storeId={store.id} />
      <div className="max-w-sm px-4 pb-3 sm:px-5">
        <Field label="Find">
          {props => (
            <input
              {...props}
              type="search"
              maxLength={100}
              placeholder="Title, SKU or number"
              value={typed}
              onChange={event => setTyped(event.target.value)}
              className="field"
            />
          )}
        </Field>
      </div>
      {list.error && !list.data && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Loading label="Loading the products" rows={5} />}
      {list.data && rows.length === 0 && (
        <Empty title={text ? 'No product matches' : 'Nothing is offered yet'}>
          {text
            ? 'Titles, SKUs and numbers are searched.'
            : 'What suppliers offer stands here once it is read.'}
        </Empty>
      )}
      {rows.length > 0 && (
        <DataTable
          label="Products of suppliers"
          rows={rows}
          columns={all}
          rowKey={of => of.id}
          total={list.data?.pages[0]?.total}
          hasMore={list.hasNextPage}
          fetchingMore={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
        />
      )}
      {open && (
        <Suspense>
          <ProductPanel id={open} onClose={() => setOpen(undefined)} />
        </Suspense>
      )}
    </Section>
  )
}
