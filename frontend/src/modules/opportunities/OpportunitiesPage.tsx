/** What could be sold next: the offers of suppliers, ranked by a score that says where each part of it is from. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { Opportunity, OpportunityList, Store } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { countryName, plural } from '@/shared/format/words'
import { UploadBox } from '@/shared/imports/UploadBox'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { useStore } from '@/shared/range/use-range'
import { Only } from '@/shared/session/may'
import { Button, buttonClass } from '@/shared/ui/Button'
import { DataTable } from '@/shared/ui/DataTable'
import { SelectField } from '@/shared/ui/Filters'
import { Page } from '@/shared/ui/Page'
import { Empty, Failure, Loading, NoMatch } from '@/shared/ui/States'
import { useUrlFilters } from '@/shared/ui/use-url-filters'
import { opportunityColumns } from './columns'
import { OpportunityCard } from './OpportunityCard'
import { anyQuery, FILTERS, filtersOf, opportunitiesQuery, scoringQuery } from './queries'
import { STATUSES } from './words'

const ScoringPanel = lazy(() => import('./ScoringPanel'))
const ResearchPanel = lazy(() => import('./ResearchPanel'))
const TrendsPanel = lazy(() => import('./TrendsPanel'))

type Filter = (typeof FILTERS)[number]
type Values = Record<Filter, string | undefined>
type SetValues = (next: Partial<Values>) => unknown

const STATUS_OPTIONS = [
  { value: 'snoozed', label: STATUSES.snoozed.label },
  { value: 'approved', label: STATUSES.approved.label },
  { value: 'rejected', label: STATUSES.rejected.label },
  { value: 'all', label: 'All' },
]
const atLeast = (unit: string, steps: number[]) =>
  steps.map(step => ({ value: String(step), label: `${step}${unit} or more` }))
const SCORES = atLeast('', [50, 60, 70, 75, 80, 90])
const MARGINS = atLeast(' %', [20, 30, 40, 50, 60])
const NOTHING: Partial<Values> = {
  status: undefined,
  score: undefined,
  margin: undefined,
  ships_to: undefined,
  supplier: undefined,
}

export function OpportunitiesPage() {
  const store = useStore()
  if (!store) return <Loading label="Loading the opportunities" />
  return <OpportunitiesOf key={store.id} store={store} />
}

function OpportunitiesOf({ store }: { store: Store }) {
  const { values, set } = useUrlFilters(FILTERS)
  const list = useInfiniteQuery(opportunitiesQuery(filtersOf(store.id, values)))
  const { data: scoring } = useQuery(scoringQuery(store.id))
  const [scores, setScores] = useState(false)
  const [research, setResearch] = useState(false)
  const [trends, setTrends] = useState(false)
  const first = list.data?.pages[0]
  const rows = useMemo(() => list.data?.pages.flatMap(page => page.opportunities) ?? [], [list.data])
  const nothing = first !== undefined && rows.length === 0
  const any = useQuery({ ...anyQuery(store.id), enabled: nothing })
  const none = nothing && any.data === false
  const filtered = FILTERS.some(name => name !== 'view' && values[name])
  return (
    <Page
      title="Opportunities"
      lead={<Lead list={first} none={none} />}
      actions={
        !none && (
          <>
            <Button kind="quiet" onClick={() => setResearch(true)}>
              Watch list
            </Button>
            <Button kind="quiet" onClick={() => setTrends(true)}>
              Trends
            </Button>
            <Button kind="quiet" disabled={!scoring} onClick={() => setScores(true)}>
              How it is scored
            </Button>
            <ImportLink />
          </>
        )
      }
    >
      {scores && scoring && (
        <Suspense>
          <ScoringPanel found={scoring} store={store} onClose={() => setScores(false)} />
        </Suspense>
      )}
      {trends && (
        <Suspense>
          <TrendsPanel store={store} onClose={() => setTrends(false)} />
        </Suspense>
      )}
      {research && (
        <Suspense>
          <ResearchPanel store={store} onClose={() => setResearch(false)} />
        </Suspense>
      )}
      {list.error && !list.data && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {(list.isPending || (nothing && any.isPending)) && (
        <Loading label="Loading the opportunities" rows={8} />
      )}
      {none && <NoneYet store={store} />}
      {first && !none && !any.isLoading && (
        <div className="flex flex-col gap-4">
          <FilterBar rows={rows} values={values} set={set} filtered={filtered} total={first.total} />
          {nothing && <NothingLeft values={values} set={set} />}
          {rows.length > 0 && values.view === 'table' && (
            <section aria-label="Opportunities" className="sheet">
              <p className="px-4 py-2.5 text-xs text-faint sm:px-5">
                The best first, by the lower end of what the score may be
              </p>
              <Table rows={rows} list={list} total={first.total} />
            </section>
          )}
          {rows.length > 0 && values.view !== 'table' && (
            <Cards rows={rows} list={list} store={store} mark={scoring?.high_potential} />
          )}
        </div>
      )}
    </Page>
  )
}

function Lead({ list, none }: { list: OpportunityList | undefined; none: boolean }) {
  if (!list || none) return 'What could be sold next, from what suppliers offer.'
  const high = list.high_potential
  return high > 0
    ? `${count(high)} of those that wait ${plural(high, 'has', 'have')} a high potential`
    : 'None of those that wait has a high potential'
}

function ImportLink() {
  return (
    <Only may="imports:write">
      <Link to={paths.settingsImports} search={keepRange} className={buttonClass('plain')}>
        Import a catalogue
      </Link>
    </Only>
  )
}

const ACCEPTS =
  'A supplier’s catalogue as AutoDS or Spocket exports it, or any CSV or Excel sheet (.xlsx) with titles and costs; what its columns mean is asked where it is not clear.'

function NoneYet({ store }: { store: Store }) {
  return (
    <div className="flex flex-col gap-5">
      <div className="sheet">
        <Empty title="No supplier’s catalogue is here yet">
          Import one: each product in it is set against your own margins, fees and orders, and scored with the
          source of every part. Nothing goes to your shop by that.
        </Empty>
      </div>
      <Only
        may="imports:write"
        fallback={<p className="text-sm text-soft">Operators and above import catalogues.</p>}
      >
        <UploadBox store={store.id} accepts={ACCEPTS} />
      </Only>
    </div>
  )
}

function NothingLeft({ values, set }: { values: Values; set: SetValues }) {
  const narrowed = values.score || values.margin || values.ships_to || values.supplier
  return (
    <div className="sheet">
      {narrowed ? (
        <NoMatch title="No opportunity matches" onClear={() => void set(NOTHING)} />
      ) : values.status && values.status !== 'all' ? (
        <NoMatch title="Of these there are none" onClear={() => void set(NOTHING)} />
      ) : (
        <Empty
          title="Nothing waits for a decision"
          action={<Button onClick={() => void set({ status: 'all' })}>Show all of them</Button>}
        >
          All that suppliers offer was decided on. A newer catalogue may bring more.
        </Empty>
      )}
    </div>
  )
}

interface FilterBarProps {
  rows: Opportunity[]
  values: Values
  set: SetValues
  filtered: boolean
  total: number | null | undefined
}

function FilterBar({ rows, values, set, filtered, total }: FilterBarProps) {
  const suppliers = useMemo(() => {
    const names = rows.flatMap(of => of.supplier_leads.flatMap(lead => lead.supplier ?? []))
    return [...new Set(names)].sort((a, b) => a.localeCompare(b))
  }, [rows])
  const countries = useMemo(() => {
    const codes = new Set(rows.flatMap(of => of.ships_to).filter(code => code !== '*'))
    const named = [...codes].map(code => ({ value: code, label: countryName(code) }))
    return named.sort((a, b) => a.label.localeCompare(b.label))
  }, [rows])
  const asTable = values.view === 'table'
  return (
    <div className="flex flex-col gap-1">
      <div className="grid grid-cols-2 gap-2 sm:flex sm:flex-wrap">
        <StatusField value={values.status} onChange={status => void set({ status })} />
        <SelectField
          label="Score"
          value={values.score}
          options={SCORES}
          onChange={score => void set({ score })}
        />
        <SelectField
          label="Margin"
          value={values.margin}
          options={MARGINS}
          onChange={margin => void set({ margin })}
        />
        <SelectField
          label="Sent to"
          value={values.ships_to}
          options={countries}
          onChange={to => void set({ ships_to: to })}
        />
        <SelectField
          label="Supplier"
          value={values.supplier}
          options={suppliers.map(name => ({ value: name, label: name }))}
          onChange={supplier => void set({ supplier })}
        />
        {filtered && (
          <Button kind="quiet" onClick={() => void set(NOTHING)}>
            Clear filters
          </Button>
        )}
      </div>
      <div className="flex items-center justify-between gap-2">
        <p role="status" className="text-xs text-faint">
          {total != null && `${count(total)} ${plural(total, 'opportunity', 'opportunities')}`}
        </p>
        <Button
          kind="quiet"
          aria-pressed={asTable}
          onClick={() => void set({ view: asTable ? undefined : 'table' })}
        >
          {asTable ? 'View as cards' : 'View as table'}
        </Button>
      </div>
    </div>
  )
}

/** Without a choice it shows what waits. */
function StatusField({
  value,
  onChange,
}: {
  value: string | undefined
  onChange: (value: string | undefined) => void
}) {
  return (
    <div className="min-w-0">
      <select
        aria-label="Status"
        value={value ?? ''}
        onChange={event => onChange(event.target.value || undefined)}
        className={`field max-w-full pr-2 text-sm ${value ? 'font-semibold' : 'text-soft'}`}
      >
        <option value="">Status: waits</option>
        {STATUS_OPTIONS.map(option => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  )
}

interface More {
  hasNextPage: boolean
  isFetchingNextPage: boolean
  fetchNextPage: () => unknown
}

interface TableProps {
  rows: Opportunity[]
  list: More
  total: number | null | undefined
}

function Table({ rows, list, total }: TableProps) {
  const columns = useMemo(opportunityColumns, [])
  return (
    <DataTable
      label="Opportunities"
      rows={rows}
      columns={columns}
      rowKey={of => of.id}
      sortedByServer
      total={total}
      hasMore={list.hasNextPage}
      fetchingMore={list.isFetchingNextPage}
      onMore={() => void list.fetchNextPage()}
    />
  )
}

interface CardsProps {
  rows: Opportunity[]
  list: More
  store: Store
  mark: number | undefined
}

function Cards({ rows, list, store, mark }: CardsProps) {
  return (
    <>
      <ol aria-label="Opportunities" className="flex flex-col gap-4">
        {rows.map((of, index) => (
          <li key={of.id}>
            <OpportunityCard of={of} rank={index + 1} store={store} mark={mark} />
          </li>
        ))}
      </ol>
      {list.hasNextPage && (
        <Button
          className="self-center"
          busy={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </>
  )
}
