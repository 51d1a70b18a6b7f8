import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Store } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { countryName } from '@/shared/format/words'
import { type Range, rangeDetail, rangeTitle } from '@/shared/range/range'
import { useRange, useSetRange, useStore } from '@/shared/range/use-range'
import { Button } from '@/shared/ui/Button'
import { DataTable } from '@/shared/ui/DataTable'
import { SearchField, SelectField } from '@/shared/ui/Filters'
import { Page } from '@/shared/ui/Page'
import { Empty, Failure, Loading, NoMatch } from '@/shared/ui/States'
import { useUrlFilters } from '@/shared/ui/use-url-filters'
import { orderColumns } from './columns'
import { FILTERS, filtersOf, ordersQuery, splitQuery } from './queries'

type Filter = (typeof FILTERS)[number]

const PAYMENT = [
  'paid',
  'pending',
  'partially_paid',
  'partially_refunded',
  'refunded',
  'voided',
  'authorized',
]
const FULFILMENT = ['fulfilled', 'unfulfilled', 'partially_fulfilled', 'in_progress', 'on_hold']
const FLAGS = [
  { value: 'refund', label: 'Refunded' },
  { value: 'cancelled', label: 'Cancelled' },
  { value: 'edited', label: 'Edited' },
  { value: 'test', label: 'Test orders' },
]

function asOptions(values: string[]) {
  return values.map(value => ({
    value,
    label: value.charAt(0).toUpperCase() + value.slice(1).replaceAll('_', ' '),
  }))
}

export function OrdersPage() {
  const store = useStore()
  const range = useRange()
  if (!store || !range) return <Loading label="Loading the orders" />
  return <OrdersOf key={store.id} store={store} range={range} />
}

function OrdersOf({ store, range }: { store: Store; range: Range }) {
  const { values, set } = useUrlFilters(FILTERS)
  const list = useInfiniteQuery(ordersQuery(filtersOf(store.id, range, values)))
  const rows = useMemo(() => list.data?.pages.flatMap(page => page.orders) ?? [], [list.data])
  const total = list.data?.pages[0]?.total
  const columns = useMemo(() => orderColumns(), [])
  return (
    <Page title="Orders" lead={`${rangeTitle(range)} · ${rangeDetail(range)}`}>
      <section aria-label="Orders" className="sheet">
        <FilterBar store={store} range={range} values={values} set={set} />
        <p role="status" className="px-4 pb-2 text-xs text-faint sm:px-5">
          {total != null && `${count(total)} ${total === 1 ? 'order' : 'orders'}`}
        </p>
        {list.error && !list.data && (
          <div className="p-4">
            <Failure error={list.error} onRetry={() => void list.refetch()} />
          </div>
        )}
        {list.isPending && <Loading label="Loading the orders" rows={10} />}
        {list.data && rows.length === 0 && (
          <NoOrders
            filtered={FILTERS.some(name => values[name])}
            store={store}
            clear={() => set(cleared())}
          />
        )}
        {rows.length > 0 && (
          <DataTable
            label="Orders"
            rows={rows}
            columns={columns}
            rowKey={order => order.id}
            sort={values.sort ?? '-processed_at'}
            onSort={sort => void set({ sort })}
            sortedByServer
            total={total}
            hasMore={list.hasNextPage}
            fetchingMore={list.isFetchingNextPage}
            onMore={() => void list.fetchNextPage()}
          />
        )}
        {list.isFetchingNextPage && <Loading label="Loading more orders" rows={2} />}
      </section>
    </Page>
  )
}

function cleared(): Record<Filter, undefined> {
  return Object.fromEntries(FILTERS.map(name => [name, undefined])) as Record<Filter, undefined>
}

interface FilterBarProps {
  store: Store
  range: Range
  values: Record<Filter, string | undefined>
  set: (next: Partial<Record<Filter, string | undefined>>) => unknown
}

function FilterBar({ store, range, values, set }: FilterBarProps) {
  const channels = useQuery(splitQuery(store.id, range, 'channel'))
  const countries = useQuery(splitQuery(store.id, range, 'country'))
  const byCountry = countries.data?.map(({ value }) => ({ value, label: countryName(value) })) ?? []
  return (
    <div className="flex flex-wrap gap-2 p-4 sm:px-5">
      <SearchField label="Order, SKU or title" value={values.q} onChange={q => void set({ q })} />
      <div className="grid w-full grid-cols-2 gap-2 sm:w-auto sm:grid-cols-3 xl:flex">
        <SelectField
          label="Payment"
          value={values.financial_status}
          options={asOptions(PAYMENT)}
          onChange={value => void set({ financial_status: value })}
        />
        <SelectField
          label="Shipping"
          value={values.fulfillment_status}
          options={asOptions(FULFILMENT)}
          onChange={value => void set({ fulfillment_status: value })}
        />
        <SelectField label="Only" value={values.has} options={FLAGS} onChange={has => void set({ has })} />
        <SelectField
          label="Channel"
          value={values.channel}
          options={channels.data ?? []}
          onChange={channel => void set({ channel })}
        />
        <SelectField
          label="Country"
          value={values.country}
          options={byCountry}
          onChange={country => void set({ country })}
        />
        {FILTERS.some(name => name !== 'sort' && values[name]) && (
          <Button kind="quiet" onClick={() => void set({ ...cleared(), sort: values.sort })}>
            Clear filters
          </Button>
        )}
      </div>
    </div>
  )
}

function NoOrders({ filtered, store, clear }: { filtered: boolean; store: Store; clear: () => unknown }) {
  const setRange = useSetRange()
  if (filtered) {
    return (
      <NoMatch title="No order matches" onClear={() => void clear()}>
        Nothing in this period fits what you filter by.
      </NoMatch>
    )
  }
  if (!store.first_day)
    return <Empty title="No orders yet">They appear here as soon as they have been fetched.</Empty>
  return (
    <Empty
      title="No orders in this period"
      action={
        <Button
          kind="primary"
          onClick={() => void setRange({ range: 'all', from: undefined, to: undefined })}
        >
          Show everything
        </Button>
      }
    />
  )
}
