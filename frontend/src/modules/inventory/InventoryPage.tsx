/** What runs out when, against how long an order takes; what to order; and what lies there for nothing. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { InventoryFilters, InventoryItem, InventoryList, Store } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { ageText, dayText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { useStore } from '@/shared/range/use-range'
import { useMay } from '@/shared/session/may'
import { Button, buttonClass } from '@/shared/ui/Button'
import { DataTable } from '@/shared/ui/DataTable'
import { SearchField, SelectField } from '@/shared/ui/Filters'
import { Page, Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading, NoMatch, Skeleton } from '@/shared/ui/States'
import { useNow } from '@/shared/ui/use-now'
import { useUrlFilters } from '@/shared/ui/use-url-filters'
import { CoverTimeline } from './CoverTimeline'
import { inventoryColumns } from './columns'
import { DEFAULT_SORT, FILTERS, filtersOf, inventoryQuery, soonestQuery } from './queries'
import { RefreshButton, Standing, useForecastWork } from './Standing'
import { SummaryTiles } from './SummaryTiles'
import { rowsOf } from './timeline'
import { ABC, STATES, URGENCIES, XYZ } from './words'

type Filter = (typeof FILTERS)[number]
type Values = Record<Filter, string | undefined>
type SetValues = (next: Partial<Values>) => unknown

const labelled = (labels: Record<string, string | { label: string }>) =>
  Object.entries(labels).map(([value, found]) => ({
    value,
    label: typeof found === 'string' ? found : found.label,
  }))
const OPTIONS = {
  urgency: labelled(URGENCIES),
  state: labelled(STATES),
  abc: labelled(ABC),
  xyz: labelled(XYZ),
}
const NOTHING: Partial<Values> = {
  q: undefined,
  urgency: undefined,
  state: undefined,
  abc: undefined,
  xyz: undefined,
  vendor: undefined,
}
/** These go one way only; the next press leads back to what runs out first. */
const OTHER_WAY = new Set(['-title', 'value', 'units'])

export function InventoryPage() {
  const store = useStore()
  if (!store) return <Loading label="Loading the inventory" />
  return <InventoryOf key={store.id} store={store} />
}

function InventoryOf({ store }: { store: Store }) {
  const { values, set } = useUrlFilters(FILTERS)
  const filters = filtersOf(store.id, values)
  const list = useInfiniteQuery(inventoryQuery(filters))
  const first = list.data?.pages[0]
  const work = useForecastWork(store, first)
  const none = first?.forecast.state === 'none'
  return (
    <Page
      title="Inventory"
      lead={<Lead list={first} />}
      actions={first && !none && <RefreshButton refresh={work.refresh} moving={work.moving} first={false} />}
    >
      {list.error && !list.data && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Loading label="Loading the inventory" rows={10} />}
      {first && (
        <div className="flex flex-col gap-5">
          <Standing list={first} {...work} />
          <SummaryTiles
            list={first}
            chosen={values}
            onChoose={choice => void set({ urgency: choice.urgency, state: choice.state })}
          />
          {!none && <Soonest filters={filters} />}
          <Variants list={list} first={first} values={values} set={set} />
        </div>
      )}
    </Page>
  )
}

function Lead({ list }: { list: InventoryList | undefined }) {
  const now = useNow(60_000)
  if (!list) return 'What runs out, and what to order.'
  const { as_of: at, learned_to: to } = list.forecast
  const variants = `${count(list.summary.variants)} ${plural(list.summary.variants, 'variant')}`
  if (!at) return variants
  return `${variants} · forecast made ${ageText(at, now)}${to ? `, with sales up to ${dayText(to)}` : ''}`
}

/** Drawn for what is chosen, whichever way the list is sorted. */
function Soonest({ filters }: { filters: InventoryFilters }) {
  const { data, error, refetch } = useQuery(soonestQuery(filters))
  const drawn = data ? rowsOf(data.items, data.today).length : 0
  return (
    <Section
      title="What runs out first"
      note={
        drawn > 0 ? 'The soonest stock-outs of what is chosen below, against their lead times' : undefined
      }
    >
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && (
        <div role="status" aria-label="Loading the timeline">
          <Skeleton className="h-64" />
        </div>
      )}
      {data && drawn === 0 && (
        <p className="text-sm text-soft">Of what is chosen, nothing is both counted and forecast.</p>
      )}
      {data && drawn > 0 && <CoverTimeline items={data.items} today={data.today} />}
    </Section>
  )
}

interface VariantsProps {
  list: {
    data: { pages: InventoryList[] } | undefined
    hasNextPage: boolean
    isFetchingNextPage: boolean
    fetchNextPage: () => unknown
  }
  first: InventoryList
  values: Values
  set: SetValues
}

function Variants({ list, first, values, set }: VariantsProps) {
  const rows = useMemo(() => list.data?.pages.flatMap(page => page.items) ?? [], [list.data])
  const may = useMay('inventory:write')
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const columns = useMemo(
    () =>
      inventoryColumns(
        first.currency,
        first.today,
        may ? { has: id => selected.has(id), toggle: id => setSelected(toggled(id)) } : undefined,
      ),
    [first.currency, first.today, may, selected],
  )
  const filtered = FILTERS.some(name => name !== 'sort' && values[name])
  const clear = () => void set(NOTHING)
  return (
    <section aria-label="Variants" className="sheet">
      <FilterBar rows={rows} values={values} set={set} filtered={filtered} clear={clear} />
      <p role="status" className="px-4 pb-2 text-xs text-faint sm:px-5">
        {first.total != null && `${count(first.total)} ${plural(first.total, 'variant')}`}
      </p>
      {selected.size > 0 && <Selection selected={selected} onClear={() => setSelected(new Set())} />}
      {rows.length === 0 && <NoVariants filtered={filtered} clear={clear} />}
      {rows.length > 0 && (
        <DataTable
          label="Inventory"
          rows={rows}
          columns={columns}
          rowKey={item => item.variant_id}
          sort={values.sort ?? DEFAULT_SORT}
          onSort={next => void set({ sort: OTHER_WAY.has(next) ? undefined : next })}
          sortedByServer
          total={first.total}
          hasMore={list.hasNextPage}
          fetchingMore={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
        />
      )}
    </section>
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

function Selection({ selected, onClear }: { selected: ReadonlySet<string>; onClear: () => void }) {
  return (
    <div className="flex flex-wrap items-center gap-2 border-t border-rule bg-brass-wash px-4 py-2 text-sm sm:px-5">
      <p role="status" className="mr-auto">
        <strong>{selected.size}</strong> selected
        {selected.size === SELECTED_AT_MOST && ', as many as go on one order'}
      </p>
      <Link
        to={paths.purchaseOrder}
        params={{ id: 'new' }}
        search={old => ({ ...keepRange(old), variants: [...selected].join(',') })}
        className={buttonClass('primary')}
      >
        Order these
      </Link>
      <Button onClick={onClear}>Clear</Button>
    </div>
  )
}

interface FilterBarProps {
  rows: InventoryItem[]
  values: Values
  set: SetValues
  filtered: boolean
  clear: () => void
}

function FilterBar({ rows, values, set, filtered, clear }: FilterBarProps) {
  const vendors = useMemo(
    () => [...new Set(rows.flatMap(row => row.vendor ?? []))].sort((a, b) => a.localeCompare(b)),
    [rows],
  )
  return (
    <div className="flex flex-wrap gap-2 p-4 sm:px-5">
      <SearchField label="Title, SKU or vendor" value={values.q} onChange={q => void set({ q })} />
      <div className="grid w-full grid-cols-2 gap-2 sm:flex sm:w-auto sm:flex-wrap">
        <SelectField
          label="Cover"
          value={values.urgency}
          options={OPTIONS.urgency}
          onChange={urgency => void set({ urgency })}
        />
        <SelectField
          label="State"
          value={values.state}
          options={OPTIONS.state}
          onChange={state => void set({ state })}
        />
        <SelectField
          label="Margin class"
          value={values.abc}
          options={OPTIONS.abc}
          onChange={abc => void set({ abc })}
        />
        <SelectField
          label="Steadiness"
          value={values.xyz}
          options={OPTIONS.xyz}
          onChange={xyz => void set({ xyz })}
        />
        <SelectField
          label="Vendor"
          value={values.vendor}
          options={vendors.map(vendor => ({ value: vendor, label: vendor }))}
          onChange={vendor => void set({ vendor })}
        />
        {filtered && (
          <Button kind="quiet" onClick={clear}>
            Clear filters
          </Button>
        )}
      </div>
    </div>
  )
}

function NoVariants({ filtered, clear }: { filtered: boolean; clear: () => void }) {
  if (!filtered)
    return <Empty title="No variants yet">They appear here as soon as products have been fetched.</Empty>
  return <NoMatch title="No variant matches" onClear={clear} />
}
