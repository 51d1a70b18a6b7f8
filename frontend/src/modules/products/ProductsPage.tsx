import { useInfiniteQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { Store } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { type Range, rangeDetail, rangeTitle } from '@/shared/range/range'
import { useRange, useStore } from '@/shared/range/use-range'
import { useMay } from '@/shared/session/may'
import { Button } from '@/shared/ui/Button'
import { DataTable } from '@/shared/ui/DataTable'
import { SearchField, SelectField } from '@/shared/ui/Filters'
import { Page } from '@/shared/ui/Page'
import { Empty, Failure, Loading, NoMatch } from '@/shared/ui/States'
import { useUrlFilters } from '@/shared/ui/use-url-filters'
import { productColumns } from './columns'
import { DEFAULT_SORT, FILTERS, filtersOf, productsQuery } from './queries'

const DiscountPanel = lazy(() => import('./DiscountPanel'))
const PricePanel = lazy(() => import('./PricePanel'))

type Filter = (typeof FILTERS)[number]

const STATUS = [
  { value: 'active', label: 'Active' },
  { value: 'draft', label: 'Draft' },
  { value: 'archived', label: 'Archived' },
]
const COST = [
  { value: 'missing', label: 'Missing' },
  { value: 'known', label: 'Known' },
]
/** Titles go from A to Z only; the next press leads back to the usual order. */
const OTHER_WAY = new Set([DEFAULT_SORT, '-title'])

export function ProductsPage() {
  const store = useStore()
  const range = useRange()
  if (!store || !range) return <Loading label="Loading the products" />
  return <ProductsOf key={store.id} store={store} range={range} />
}

function ProductsOf({ store, range }: { store: Store; range: Range }) {
  const { values, set } = useUrlFilters(FILTERS)
  const sort = values.sort ?? DEFAULT_SORT
  const list = useInfiniteQuery(productsQuery(filtersOf(store.id, range, values)))
  const rows = useMemo(() => list.data?.pages.flatMap(page => page.products) ?? [], [list.data])
  const total = list.data?.pages[0]?.total
  const currency = list.data?.pages[0]?.currency ?? store.currency
  const may = useMay('changes:write')
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [panel, setPanel] = useState<'prices' | 'discount' | null>(null)
  const columns = useMemo(
    () =>
      productColumns(
        currency,
        may ? { has: id => selected.has(id), toggle: id => setSelected(toggled(id)) } : undefined,
      ),
    [currency, may, selected],
  )
  const filtered = FILTERS.some(name => name !== 'sort' && values[name])
  const clear = () => void set({ q: undefined, status: undefined, cost: undefined })
  return (
    <Page title="Products" lead={`${rangeTitle(range)} · ${rangeDetail(range)}`}>
      <section aria-label="Products" className="sheet">
        <FilterBar values={values} set={set} filtered={filtered} clear={clear} />
        <p role="status" className="px-4 pb-2 text-xs text-faint sm:px-5">
          {total != null && `${count(total)} ${total === 1 ? 'product' : 'products'}`}
        </p>
        {selected.size > 0 && (
          <Selection
            size={selected.size}
            onPrices={() => setPanel('prices')}
            onDiscount={() => setPanel('discount')}
            onClear={() => setSelected(new Set())}
          />
        )}
        {list.error && !list.data && (
          <div className="p-4">
            <Failure error={list.error} onRetry={() => void list.refetch()} />
          </div>
        )}
        {list.isPending && <Loading label="Loading the products" rows={10} />}
        {list.data && rows.length === 0 && <NoProducts filtered={filtered} clear={clear} />}
        {rows.length > 0 && (
          <DataTable
            label="Products"
            rows={rows}
            columns={columns}
            rowKey={product => product.id}
            sort={sort}
            onSort={next => void set({ sort: OTHER_WAY.has(next) ? undefined : next })}
            sortedByServer
            total={total}
            hasMore={list.hasNextPage}
            fetchingMore={list.isFetchingNextPage}
            onMore={() => void list.fetchNextPage()}
          />
        )}
      </section>
      {panel && (
        <Suspense>
          {panel === 'prices' ? (
            <PricePanel store={store} range={range} products={[...selected]} onClose={() => setPanel(null)} />
          ) : (
            <DiscountPanel store={store} products={[...selected]} onClose={() => setPanel(null)} />
          )}
        </Suspense>
      )}
    </Page>
  )
}

/** More at once would be looked at by nobody. */
const SELECTED_AT_MOST = 50

function toggled(id: string) {
  return (old: ReadonlySet<string>): ReadonlySet<string> => {
    const next = new Set(old)
    if (!next.delete(id) && next.size < SELECTED_AT_MOST) next.add(id)
    return next
  }
}

interface SelectionProps {
  size: number
  onPrices: () => void
  onDiscount: () => void
  onClear: () => void
}

function Selection({ size, onPrices, onDiscount, onClear }: SelectionProps) {
  return (
    <div className="flex flex-wrap items-center gap-2 border-t border-rule bg-brass-wash px-4 py-2 text-sm sm:px-5">
      <p role="status" className="mr-auto">
        <strong>{size}</strong> selected{size === SELECTED_AT_MOST && ', as many as go at once'}
      </p>
      <Button kind="primary" onClick={onPrices}>
        Change prices
      </Button>
      <Button onClick={onDiscount}>Give a discount</Button>
      <Button onClick={onClear}>Clear</Button>
    </div>
  )
}

interface FilterBarProps {
  values: Record<Filter, string | undefined>
  set: (next: Partial<Record<Filter, string | undefined>>) => unknown
  filtered: boolean
  clear: () => void
}

function FilterBar({ values, set, filtered, clear }: FilterBarProps) {
  return (
    <div className="flex flex-wrap gap-2 p-4 sm:px-5">
      <SearchField label="Title, vendor or SKU" value={values.q} onChange={q => void set({ q })} />
      <div className="grid w-full grid-cols-2 gap-2 sm:flex sm:w-auto">
        <SelectField
          label="Status"
          value={values.status}
          options={STATUS}
          onChange={status => void set({ status })}
        />
        <SelectField label="Cost" value={values.cost} options={COST} onChange={cost => void set({ cost })} />
        {filtered && (
          <Button kind="quiet" onClick={clear}>
            Clear filters
          </Button>
        )}
      </div>
    </div>
  )
}

function NoProducts({ filtered, clear }: { filtered: boolean; clear: () => void }) {
  if (!filtered)
    return <Empty title="No products yet">They appear here as soon as they have been fetched.</Empty>
  return <NoMatch title="No product matches" onClear={clear} />
}
