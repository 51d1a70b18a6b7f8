/** Orders of goods: how each stands, and the cash that they take. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { PurchaseFilters, PurchaseOrder, Store } from '@/shared/api/types'
import { sign } from '@/shared/format/decimal'
import { count, money } from '@/shared/format/money'
import { dayText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { suppliersQuery } from '@/shared/inventory/suppliers'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { useStore } from '@/shared/range/use-range'
import { Only } from '@/shared/session/may'
import { Absent } from '@/shared/ui/Amount'
import { Badge } from '@/shared/ui/Badge'
import { Button, buttonClass } from '@/shared/ui/Button'
import { DataTable } from '@/shared/ui/DataTable'
import type { Column } from '@/shared/ui/data-columns'
import { SelectField } from '@/shared/ui/Filters'
import { Page, Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading, NoMatch } from '@/shared/ui/States'
import { useUrlFilters } from '@/shared/ui/use-url-filters'
import { CashDays, CashLine } from './CashLine'
import { ordersQuery, outlookQuery } from './queries'
import { STATUSES } from './words'

const FILTERS = ['status', 'supplier'] as const
const STATUS_OPTIONS = Object.entries(STATUSES).map(([value, { label }]) => ({ value, label }))

export function PurchaseOrdersPage() {
  const store = useStore()
  if (!store) return <Loading label="Loading the purchase orders" />
  return <OrdersOf key={store.id} store={store} />
}

function NewOrder({ kind = 'primary' }: { kind?: 'primary' | 'plain' }) {
  return (
    <Only may="inventory:write">
      <Link to={paths.purchaseOrder} params={{ id: 'new' }} search={keepRange} className={buttonClass(kind)}>
        New purchase order
      </Link>
    </Only>
  )
}

function OrdersOf({ store }: { store: Store }) {
  const { values, set } = useUrlFilters(FILTERS)
  const filters = { store_id: store.id, ...present(values) } as PurchaseFilters
  const list = useInfiniteQuery(ordersQuery(filters))
  const { data: suppliers = [] } = useQuery(suppliersQuery)
  const rows = useMemo(() => list.data?.pages.flatMap(page => page.purchase_orders) ?? [], [list.data])
  const total = list.data?.pages[0]?.total ?? 0
  const columns = useMemo(orderColumns, [])
  const filtered = FILTERS.some(name => values[name])
  const clear = () => void set({ status: undefined, supplier: undefined })
  const none = list.data && rows.length === 0 && !filtered
  return (
    <Page
      title="Purchase orders"
      lead="From draft to receipt, and the cash that they take"
      actions={!none && <NewOrder />}
    >
      <div className="flex flex-col gap-5">
        {!none && <Outlook store={store} />}
        <section aria-label="Purchase orders" className="sheet">
          {!none && (
            <div className="grid grid-cols-2 gap-2 p-4 sm:flex sm:flex-wrap sm:px-5">
              <SelectField
                label="Status"
                value={values.status}
                options={STATUS_OPTIONS}
                onChange={status => void set({ status })}
              />
              <SelectField
                label="Supplier"
                value={values.supplier}
                options={suppliers.map(({ id, name }) => ({ value: id, label: name }))}
                onChange={supplier => void set({ supplier })}
              />
              {filtered && (
                <Button kind="quiet" onClick={clear}>
                  Clear filters
                </Button>
              )}
            </div>
          )}
          {list.data && !none && (
            <p role="status" className="px-4 pb-2 text-xs text-faint sm:px-5">
              {count(total)} {plural(total, 'order')}
            </p>
          )}
          {list.error && !list.data && (
            <div className="p-4">
              <Failure error={list.error} onRetry={() => void list.refetch()} />
            </div>
          )}
          {list.isPending && <Loading label="Loading the purchase orders" rows={6} />}
          {none && (
            <Empty title="Nothing was ordered yet" action={<NewOrder />}>
              Choose what runs out under Inventory, or begin here. An order changes cover and cash as soon as
              it is approved.
            </Empty>
          )}
          {list.data && rows.length === 0 && filtered && <NoMatch title="No order matches" onClear={clear} />}
          {rows.length > 0 && (
            <DataTable
              label="Purchase orders"
              rows={rows}
              columns={columns}
              rowKey={order => order.id}
              sortedByServer
              total={total}
              hasMore={list.hasNextPage}
              fetchingMore={list.isFetchingNextPage}
              onMore={() => void list.fetchNextPage()}
            />
          )}
        </section>
      </div>
    </Page>
  )
}

function present(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => !!entry[1]))
}

function Outlook({ store }: { store: Store }) {
  const { data, error, refetch } = useQuery(outlookQuery(store.id))
  const quiet = data && sign(data.open_total) === 0
  return (
    <Section
      title="Cash ahead"
      note={data && !quiet ? `${money(data.open_total, data.currency)} in open orders` : undefined}
      flush
    >
      <div className="px-4 pb-4 sm:px-5">
        {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Loading label="Loading the cash line" rows={4} />}
        {quiet && <p className="text-sm text-soft">No order is under way, so none takes cash.</p>}
        {data && !quiet && <CashLine outlook={data} />}
      </div>
      {data && !quiet && <CashDays outlook={data} />}
    </Section>
  )
}

function orderColumns(): Column<PurchaseOrder>[] {
  return [
    {
      id: 'number',
      header: 'Order',
      cell: order => (
        <>
          <Link
            to={paths.purchaseOrder}
            params={{ id: order.id }}
            search={keepRange}
            className="inline-flex min-h-6 items-center font-semibold decoration-dotted underline-offset-4 hover:underline"
          >
            {order.number}
          </Link>
          <span className="block text-xs text-faint wrap-anywhere">{order.supplier.name}</span>
        </>
      ),
    },
    {
      id: 'status',
      header: 'Status',
      cell: ({ status }) => <Badge tone={STATUSES[status].tone}>{STATUSES[status].label}</Badge>,
    },
    {
      id: 'units',
      header: 'Units',
      align: 'right',
      from: 'md',
      cell: ({ lines }) => {
        const ordered = lines.reduce((sum, line) => sum + line.quantity, 0)
        const received = lines.reduce((sum, line) => sum + line.received, 0)
        return (
          <>
            <span className="numeral">{count(ordered)}</span>
            {received > 0 && <span className="block text-xs text-faint">{count(received)} received</span>}
          </>
        )
      },
    },
    {
      id: 'expected',
      header: 'Expected',
      align: 'right',
      from: 'sm',
      cell: ({ expected_on: day }) =>
        day ? <span className="numeral">{dayText(day)}</span> : <Absent reason="No day is told." />,
    },
    {
      id: 'total',
      header: 'Total',
      align: 'right',
      cell: ({ total, currency }) => <span className="numeral font-semibold">{money(total, currency)}</span>,
    },
  ]
}
