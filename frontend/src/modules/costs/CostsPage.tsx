/** The place where costs are told: unit costs, shipping, fees, ad spend, fixed costs; and how far they cover the sales. */
import { useQuery } from '@tanstack/react-query'
import type { CoverageReport, Store } from '@/shared/api/types'
import { MissingCosts } from '@/shared/figures/MissingCosts'
import { type Range, rangeDetail, rangeTitle } from '@/shared/range/range'
import { useRange, useStore } from '@/shared/range/use-range'
import { cx } from '@/shared/ui/cx'
import { Page, Section } from '@/shared/ui/Page'
import { Failure, Loading } from '@/shared/ui/States'
import { useUrlFilters } from '@/shared/ui/use-url-filters'
import { CoverageMeters } from './CoverageMeters'
import { EntryList } from './EntryList'
import { coverageQuery } from './queries'
import { Runs } from './Runs'
import { UnitCosts } from './UnitCosts'

const TABS = [
  { value: 'units', label: 'Products' },
  { value: 'shipping', label: 'Shipping' },
  { value: 'fees', label: 'Payment fees' },
  { value: 'spend', label: 'Ad spend' },
  { value: 'fixed', label: 'Fixed costs' },
] as const

export type Tab = (typeof TABS)[number]['value']

export function CostsPage() {
  const store = useStore()
  const range = useRange()
  if (!store || !range) return <Loading label="Loading the costs" rows={10} />
  return <CostsOf key={store.id} store={store} range={range} />
}

function CostsOf({ store, range }: { store: Store; range: Range }) {
  const { values, set } = useUrlFilters(['tab'] as const)
  const tab = TABS.find(entry => entry.value === values.tab)?.value ?? 'units'
  const coverage = useQuery(coverageQuery(store.id, range))
  const show = (next: Tab) => void set({ tab: next === 'units' ? undefined : next })
  return (
    <Page title="Costs" lead={`${rangeTitle(range)} · ${rangeDetail(range)}`}>
      <div className="flex flex-col gap-5">
        {coverage.error && !coverage.data && (
          <Failure error={coverage.error} onRetry={() => void coverage.refetch()} />
        )}
        {coverage.data && <CoverageMeters answer={coverage.data} tab={tab} onShow={show} />}
        <Runs storeId={store.id} />
        <nav aria-label="Kinds of costs" className="-mb-1 flex gap-1 overflow-x-auto">
          {TABS.map(entry => (
            <button
              key={entry.value}
              type="button"
              aria-current={entry.value === tab ? 'page' : undefined}
              onClick={() => show(entry.value)}
              className={cx(
                'min-h-9 shrink-0 rounded-md px-3 text-sm font-semibold whitespace-nowrap',
                entry.value === tab ? 'bg-sunk text-ink' : 'text-soft hover:bg-sunk/60 hover:text-ink',
              )}
            >
              {entry.label}
            </button>
          ))}
        </nav>
        {coverage.data && tab !== 'units' && <Missing answer={coverage.data} tab={tab} />}
        {tab === 'units' && <UnitCosts store={store} />}
        {tab === 'shipping' && <EntryList key="shipping" kind="shipping_rate" store={store} />}
        {tab === 'fees' && (
          <EntryList
            key="fees"
            kind="fee_rule"
            store={store}
            suggestions={coverage.data?.gateways_without_fee ?? []}
          />
        )}
        {tab === 'spend' && <EntryList key="spend" kind="ad_spend" store={store} />}
        {tab === 'fixed' && <EntryList key="fixed" kind="fixed_cost" store={store} />}
      </div>
    </Page>
  )
}

const GAPS = {
  shipping: { kind: 'shipping', title: 'Countries without a shipping cost' },
  fees: { kind: 'fees', title: 'Channels without payment fees' },
  spend: { kind: 'ad_spend', title: 'Days without ad spend' },
} as const

/** What of these days is missing, the worst first. Fixed costs are missing nowhere: nobody knows which there are. */
function Missing({ answer, tab }: { answer: CoverageReport; tab: Tab }) {
  if (tab === 'fixed' || tab === 'units') return null
  const { kind, title } = GAPS[tab]
  const found = answer.kinds.find(entry => entry.kind === kind)
  if (!found || found.count === 0) return null
  return (
    <Section title={title} note="By the net sales that it concerns; the most first">
      {/* A region that scrolls must be reachable by keyboard. */}
      <section aria-label={`${title}, listed`} tabIndex={0} className="relative max-h-96 overflow-y-auto">
        <MissingCosts
          label={title}
          gaps={found.missing}
          total={found.count}
          currency={answer.currency}
          kind={kind}
        />
      </section>
    </Section>
  )
}
