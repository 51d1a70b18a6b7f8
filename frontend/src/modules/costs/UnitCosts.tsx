/** What a unit of each variant costs, those first that lack it for the most sales. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { Store, VariantCost } from '@/shared/api/types'
import { count, money, share } from '@/shared/format/money'
import { Amount } from '@/shared/ui/Amount'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { DataTable } from '@/shared/ui/DataTable'
import type { Column } from '@/shared/ui/data-columns'
import { SearchField, SelectField } from '@/shared/ui/Filters'
import { Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { useUrlFilters } from '@/shared/ui/use-url-filters'
import { DefaultPercent } from './DefaultPercent'
import { History } from './History'
import { ChangePanel } from './LazyChangePanel'
import { type CostFilters, costsQuery, settingsQuery, useMayChange } from './queries'

const STATES = [
  { value: 'missing', label: 'Missing' },
  { value: 'estimated', label: 'Estimated' },
  { value: 'known', label: 'Known' },
]
const SOURCES: Record<string, string> = {
  store: 'Store',
  sheet: 'Entered',
  supplier: 'Supplier',
  default: 'Default',
}

export function UnitCosts({ store }: { store: Store }) {
  const { values, set } = useUrlFilters(['q', 'state'] as const)
  const [editing, setEditing] = useState<VariantCost | null>(null)
  const filters = {
    store_id: store.id,
    ...(values.q && { q: values.q }),
    ...(values.state && { state: values.state }),
  } as CostFilters
  const list = useInfiniteQuery(costsQuery(filters))
  const settings = useQuery(settingsQuery(store.id))
  const rows = useMemo(() => list.data?.pages.flatMap(page => page.costs) ?? [], [list.data])
  const total = list.data?.pages[0]?.total
  const mayChange = useMayChange()
  const columns = useMemo(
    () => columnsOf(store.currency, mayChange ? setEditing : undefined),
    [store.currency, mayChange],
  )
  const filtered = Boolean(values.q || values.state)
  return (
    <>
      {settings.data && mayChange && <DefaultPercent settings={settings.data} storeId={store.id} />}
      <Section
        title="Cost of one unit"
        note={total == null ? undefined : `${count(total)} variants, most net sales without cost first`}
        flush
      >
        <div className="flex flex-wrap gap-2 px-4 pb-3 sm:px-5">
          <SearchField label="Title, vendor or SKU" value={values.q} onChange={q => void set({ q })} />
          <SelectField
            label="Cost"
            value={values.state}
            options={STATES}
            onChange={state => void set({ state })}
          />
        </div>
        {list.error && !list.data && (
          <div className="p-4">
            <Failure error={list.error} onRetry={() => void list.refetch()} />
          </div>
        )}
        {list.isPending && <Loading label="Loading the costs" rows={10} />}
        {list.data && rows.length === 0 && (
          <Empty
            title={filtered ? 'No variant matches' : 'No products yet'}
            action={
              filtered && (
                <Button kind="primary" onClick={() => void set({ q: undefined, state: undefined })}>
                  Clear filters
                </Button>
              )
            }
          >
            {filtered ? undefined : 'They appear here as soon as they have been fetched.'}
          </Empty>
        )}
        {rows.length > 0 && (
          <DataTable
            label="Costs of variants"
            rows={rows}
            columns={columns}
            rowKey={row => row.variant_id}
            sortedByServer
            total={total}
            hasMore={list.hasNextPage}
            fetchingMore={list.isFetchingNextPage}
            onMore={() => void list.fetchNextPage()}
          />
        )}
      </Section>
      {editing && (
        <ChangePanel
          kind="variant_cost"
          title={`Cost of ${editing.product_title}`}
          storeId={store.id}
          currency={store.currency}
          more={{ variant_id: editing.variant_id }}
          entry={{ amount: editing.cost ?? '', currency: editing.cost_currency ?? '', valid_from: '' }}
          onClose={() => setEditing(null)}
        >
          <History variant={editing} storeId={store.id} timezone={store.timezone} />
        </ChangePanel>
      )}
    </>
  )
}

type OnEdit = ((row: VariantCost) => void) | undefined

function columnsOf(currency: string, onEdit: OnEdit): Column<VariantCost>[] {
  return [
    {
      id: 'variant',
      header: 'Variant',
      cell: row => (
        <>
          <span className="font-semibold">{row.product_title}</span>
          <span className="block text-xs text-faint">
            {[row.variant_title === 'Default Title' ? null : row.variant_title, row.sku]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </>
      ),
    },
    {
      id: 'missing',
      header: 'Sales without cost',
      from: 'md',
      align: 'right',
      cell: row =>
        /[1-9]/.test(row.net_sales_without_cost) ? (
          <span className="numeral font-semibold text-warn">
            {money(row.net_sales_without_cost, currency)}
          </span>
        ) : (
          <span className="text-faint">none</span>
        ),
    },
    {
      id: 'net_sales',
      header: 'Net sales, one year',
      from: 'lg',
      align: 'right',
      cell: row => <Amount value={row.net_sales} currency={currency} />,
    },
    {
      id: 'price',
      header: 'Price',
      from: 'sm',
      align: 'right',
      cell: row => <Amount value={row.price} currency={currency} />,
    },
    {
      id: 'margin',
      header: 'Margin',
      from: 'sm',
      align: 'right',
      cell: row => (
        <span className="numeral">
          {row.margin == null ? '—' : row.margin < 0 ? `\u2212${share(-row.margin)}` : share(row.margin)}
        </span>
      ),
    },
    {
      id: 'source',
      header: 'Source',
      from: 'md',
      cell: row => (
        <>
          <Badge tone={row.state === 'known' ? 'neutral' : 'warn'}>
            {row.source ? (SOURCES[row.source] ?? row.source) : 'Missing'}
          </Badge>
          {row.valid_from && <span className="block text-xs text-faint">from {row.valid_from}</span>}
        </>
      ),
    },
    {
      id: 'cost',
      header: 'Cost',
      align: 'right',
      cell: row =>
        onEdit ? (
          <button
            type="button"
            aria-label={`${shownCost(row, currency)}: cost of ${[row.product_title, row.sku].filter(Boolean).join(' ')}${
              row.cost == null ? `, ${row.state}` : ''
            }. Change it`}
            onClick={() => onEdit(row)}
            className="numeral inline-flex min-h-8 min-w-16 items-center justify-end rounded-md border border-edge bg-sheet px-2 hover:bg-sunk"
          >
            <span className={row.cost == null ? 'text-brass' : undefined}>{shownCost(row, currency)}</span>
          </button>
        ) : (
          <Amount value={row.cost} currency={row.cost_currency ?? currency} reason="No cost is recorded." />
        ),
    },
  ]
}

function shownCost(row: VariantCost, currency: string): string {
  if (row.cost != null) return money(row.cost, row.cost_currency ?? currency)
  return row.state === 'estimated' ? 'Estimated' : 'Enter'
}
