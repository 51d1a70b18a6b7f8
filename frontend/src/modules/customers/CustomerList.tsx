import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { ApiError } from '@/shared/api/problem'
import type { CustomerSummary } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { dayText } from '@/shared/format/time'
import { countryName, words } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Amount } from '@/shared/ui/Amount'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { DataTable } from '@/shared/ui/DataTable'
import type { Column } from '@/shared/ui/data-columns'
import { SearchField } from '@/shared/ui/Filters'
import { Section } from '@/shared/ui/Page'
import { Failure, Loading, NoMatch, Note } from '@/shared/ui/States'
import { useUrlFilters } from '@/shared/ui/use-url-filters'
import { type CustomerFilters, customersQuery } from './queries'

const FILTERS = ['q', 'segment', 'country', 'sort'] as const
const SORTS = new Set(['-net_revenue', '-orders', '-last_order_on', '-first_order_on'])
const DEFAULT_SORT = '-net_revenue'

export function CustomerList({ storeId }: { storeId: string }) {
  const { values, set } = useUrlFilters(FILTERS)
  const sort = values.sort && SORTS.has(values.sort) ? values.sort : DEFAULT_SORT
  const filters = {
    store_id: storeId,
    sort,
    ...Object.fromEntries(
      ['q', 'segment', 'country'].flatMap(n => (wordOf(values, n) ? [[n, wordOf(values, n)]] : [])),
    ),
  } as CustomerFilters
  const list = useInfiniteQuery(customersQuery(filters))
  const rows = useMemo(() => list.data?.pages.flatMap(page => page.customers) ?? [], [list.data])
  const first = list.data?.pages[0]
  const columns = useMemo(() => customerColumns(first?.currency ?? 'USD'), [first?.currency])
  const filtered = Boolean(values.q || values.segment || values.country)
  const clear = () => void set({ q: undefined, segment: undefined, country: undefined })
  const refused = list.error instanceof ApiError && list.error.status === 403
  return (
    <Section title="Customers one by one" note="With at least one order that counts" flush>
      {refused ? (
        <div className="p-4">
          <Note>
            Your role does not see customers one by one. Someone with the role operator or higher does.
          </Note>
        </div>
      ) : (
        <>
          <div className="flex flex-wrap gap-2 px-4 pb-3 sm:px-5">
            <SearchField
              label={first?.personal_data === 'granted' ? 'Name, e-mail or number' : 'Number'}
              value={values.q}
              onChange={q => void set({ q })}
            />
            {values.segment && <Badge tone="brass">{words(values.segment)}</Badge>}
            {filtered && (
              <Button kind="quiet" onClick={clear}>
                Clear filters
              </Button>
            )}
          </div>
          <p role="status" className="px-4 pb-2 text-xs text-faint sm:px-5">
            {first?.total != null && `${count(first.total)} ${first.total === 1 ? 'customer' : 'customers'}`}
          </p>
          {list.error && !list.data && (
            <div className="p-4">
              <Failure error={list.error} onRetry={() => void list.refetch()} />
            </div>
          )}
          {list.isPending && <Loading label="Loading the customers" rows={8} />}
          {list.data && rows.length === 0 && <NoMatch title="No customer matches" onClear={clear} />}
          {rows.length > 0 && (
            <DataTable
              label="Customers"
              rows={rows}
              columns={columns}
              rowKey={customer => customer.id}
              sort={sort}
              sortedByServer
              onSort={next => {
                const wanted = `-${next.replace(/^-/, '')}`
                void set({ sort: wanted === DEFAULT_SORT || !SORTS.has(wanted) ? undefined : wanted })
              }}
              total={first?.total}
              hasMore={list.hasNextPage}
              fetchingMore={list.isFetchingNextPage}
              onMore={() => void list.fetchNextPage()}
            />
          )}
        </>
      )}
    </Section>
  )
}

function wordOf(values: Partial<Record<string, string | undefined>>, name: string): string | undefined {
  return values[name]
}

export function nameOf(customer: CustomerSummary): string {
  if (customer.redacted) return 'Forgotten customer'
  return customer.name ?? customer.email ?? `Customer ${customer.id}`
}

function customerColumns(currency: string): Column<CustomerSummary>[] {
  return [
    {
      id: 'name',
      header: 'Customer',
      cell: customer => (
        <>
          <Link
            to={paths.customer}
            params={{ id: customer.id }}
            search={keepRange}
            className="inline-flex min-h-6 items-center font-semibold decoration-dotted underline-offset-4 wrap-anywhere hover:underline"
          >
            {nameOf(customer)}
          </Link>
          <span className="block text-xs text-faint wrap-anywhere">
            {[customer.name && customer.email, customer.country && countryName(customer.country)]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </>
      ),
    },
    {
      id: 'first_order_on',
      header: 'First order',
      from: 'lg',
      align: 'right',
      sortable: true,
      cell: customer => dayText(customer.first_order_on),
    },
    {
      id: 'last_order_on',
      header: 'Last order',
      from: 'md',
      align: 'right',
      sortable: true,
      cell: customer => dayText(customer.last_order_on),
    },
    {
      id: 'orders',
      header: 'Orders',
      from: 'xs',
      align: 'right',
      sortable: true,
      cell: customer => <span className="numeral">{count(customer.orders)}</span>,
    },
    {
      id: 'net_revenue',
      header: 'Net revenue',
      align: 'right',
      sortable: true,
      cell: customer => <Amount value={customer.net_revenue} currency={currency} />,
    },
    {
      id: 'margin',
      header: 'Margin so far',
      from: 'sm',
      align: 'right',
      cell: customer => (
        <Amount value={customer.margin} currency={currency} reason="No cost is known for what they bought." />
      ),
    },
  ]
}
