/** What customers are worth: who is new, who comes back, what a cohort brings, and who is in which segment. */
import { usePrefetchQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { CustomerOverview, Store } from '@/shared/api/types'
import { LazyPassport, useExplained } from '@/shared/figures/LazyPassport'
import { count } from '@/shared/format/money'
import { ageText, dayText } from '@/shared/format/time'
import { paths } from '@/shared/paths'
import { keepRange, type Range, rangeDetail, rangeTitle } from '@/shared/range/range'
import { useRange, useStore, useView } from '@/shared/range/use-range'
import { Only } from '@/shared/session/may'
import { Later } from '@/shared/ui/Later'
import { Page } from '@/shared/ui/Page'
import { Empty, Failure, Loading, Note } from '@/shared/ui/States'
import { CohortMap } from './CohortMap'
import { CustomerList } from './CustomerList'
import { CustomerTiles } from './CustomerTiles'
import { LtvSection } from './LtvSection'
import { ltvQuery, overviewQuery, segmentsQuery } from './queries'
import { Segments } from './Segments'

export function CustomersPage() {
  const store = useStore()
  const range = useRange()
  if (!store || !range) return <Loading label="Loading the customers" rows={10} />
  return <CustomersOf key={store.id} store={store} range={range} />
}

function CustomersOf({ store, range }: { store: Store; range: Range }) {
  const { data, error, refetch } = useQuery(overviewQuery(store.id, range))
  // A customer is a number of one shop: people cannot be followed over several.
  const shop = useView()?.all ? `${store.name} only · ` : ''
  return (
    <Page
      title="Customers"
      lead={`${shop}${rangeTitle(range)} · ${rangeDetail(range)}`}
      actions={
        <Link
          to={paths.segments}
          search={keepRange}
          className="inline-flex min-h-9 items-center text-sm font-semibold underline decoration-dotted underline-offset-4"
        >
          Write to segments
        </Link>
      }
    >
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Loading the customers" rows={10} />}
      {data && <Overview overview={data} store={store} range={range} />}
    </Page>
  )
}

interface OverviewProps {
  overview: CustomerOverview
  store: Store
  range: Range
}

function Overview({ overview, store, range }: OverviewProps) {
  const explained = useExplained()
  usePrefetchQuery(ltvQuery(store.id))
  usePrefetchQuery(segmentsQuery(store.id))
  if (overview.lifetime.customers === 0) return <Nobody overview={overview} />
  return (
    <div className="flex flex-col gap-5">
      <CustomerTiles overview={overview} onExplain={explained.explain} />
      <Notes overview={overview} />
      <Later className="h-[35rem] rounded-lg">
        <CohortMap storeId={store.id}>
          <LtvSection storeId={store.id} />
          <Segments storeId={store.id} />
          <Only may="customers:read">
            <CustomerList storeId={store.id} />
          </Only>
        </CohortMap>
      </Later>
      <LazyPassport
        explained={explained}
        scope={{ store: store.id, from: range.from, to: range.to, currency: undefined }}
      />
    </div>
  )
}

function Notes({ overview }: { overview: CustomerOverview }) {
  const guests = overview.lifetime_guests.orders
  return (
    <>
      {overview.personal_data !== 'granted' && (
        <Note tone="slate">
          {overview.personal_data === 'no_scope'
            ? 'The connection is not allowed to read customers (read_customers), so nobody has a name here. Every figure is complete without names.'
            : 'Shopify keeps names and e-mail addresses back until access to protected customer data is approved. Every figure is complete without them.'}
        </Note>
      )}
      <p className="text-xs text-faint">
        {overview.history_from &&
          `History since ${dayText(overview.history_from)}: who bought before counts as new. `}
        {guests > 0 && `${count(guests)} orders without a customer are in no cohort and no segment. `}
        As of {ageText(overview.as_of)}
        {overview.stale && ', being computed anew'}.
      </p>
    </>
  )
}

function Nobody({ overview }: { overview: CustomerOverview }) {
  const guests = overview.lifetime_guests.orders
  return (
    <div className="sheet">
      <Empty title={guests > 0 ? 'Only guests so far' : 'No customers yet'}>
        {guests > 0
          ? `All ${count(guests)} orders came without a customer, so there is nobody to follow over time. They are in every other report.`
          : 'They appear here with the first order that has a customer.'}
      </Empty>
    </div>
  )
}
