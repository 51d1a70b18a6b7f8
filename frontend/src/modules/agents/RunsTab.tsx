/** All runs of an agent, filtered by how they ended and by what they are. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Run } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { ageText, spanText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { DataTable } from '@/shared/ui/DataTable'
import type { Column } from '@/shared/ui/data-columns'
import { SelectField } from '@/shared/ui/Filters'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { useUrlFilters } from '@/shared/ui/use-url-filters'
import { type RunFilters, runsQuery } from './queries'
import { RunNow } from './RunNow'
import { useAgent } from './use-agent'
import { outcomeText, RUN_STATUSES, secondsText, triggerText, whatText } from './words'

const FILTERS = ['status', 'kind'] as const
const STATUS_OPTIONS = Object.entries(RUN_STATUSES).map(([value, { label }]) => ({ value, label }))
const KIND_OPTIONS = [
  { value: 'decide', label: 'Runs' },
  { value: 'rehearse', label: 'Rehearsals' },
]

function filtersOf(values: { status?: string | undefined; kind?: string | undefined }): RunFilters {
  const { status, kind } = values
  return {
    ...(status !== undefined && status in RUN_STATUSES && { status: status as Run['status'] }),
    ...((kind === 'decide' || kind === 'rehearse') && { kind }),
  }
}

export function RunsTab() {
  const found = useAgent()
  const { values, set } = useUrlFilters(FILTERS)
  const list = useInfiniteQuery({
    ...runsQuery(found?.agent.id ?? '', found?.store.id ?? '', filtersOf(values)),
    enabled: found !== null,
  })
  const rows = useMemo(() => list.data?.pages.flatMap(page => page.runs) ?? [], [list.data])
  if (!found) return null
  const total = list.data?.pages[0]?.total
  const filtered = Boolean(values.status || values.kind)
  return (
    <section aria-label="Runs" className="sheet">
      <div className="flex flex-wrap items-center gap-2 p-4 sm:px-5">
        <SelectField
          label="Status"
          value={values.status}
          options={STATUS_OPTIONS}
          onChange={status => void set({ status })}
        />
        <SelectField
          label="Kind"
          value={values.kind}
          options={KIND_OPTIONS}
          onChange={kind => void set({ kind })}
        />
        {filtered && (
          <Button kind="quiet" onClick={() => void set({ status: undefined, kind: undefined })}>
            Clear filters
          </Button>
        )}
        <p role="status" className="text-xs text-faint">
          {total != null && `${count(total)} ${plural(total, 'run')}`}
        </p>
      </div>
      {list.error && !list.data && (
        <div className="p-4">
          <Failure error={list.error} onRetry={() => void list.refetch()} />
        </div>
      )}
      {list.isPending && <Loading label="Loading the runs" rows={8} />}
      {list.data && rows.length === 0 && filtered && <Empty title="No run is like that" />}
      {list.data && rows.length === 0 && !filtered && (
        <Empty title="It has never run" action={<RunNow agent={found.agent} store={found.store.id} />}>
          A run looks at your facts and says what it found. What it proposes waits for a decision, unless it
          may act.
        </Empty>
      )}
      {rows.length > 0 && (
        <DataTable
          label="Runs"
          rows={rows}
          columns={COLUMNS}
          rowKey={run => run.id}
          total={total}
          hasMore={list.hasNextPage}
          fetchingMore={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
        />
      )}
    </section>
  )
}

export function RunStatusBadge({ run }: { run: Run }) {
  const { label, tone } = RUN_STATUSES[run.status]
  return <Badge tone={tone}>{label}</Badge>
}

const COLUMNS: Column<Run>[] = [
  {
    id: 'run',
    header: 'Run',
    cell: run => (
      <>
        <Link
          to={paths.run}
          params={{ id: run.id }}
          search={keepRange}
          className="inline-flex min-h-6 items-center font-semibold decoration-dotted underline-offset-4 hover:underline"
        >
          {whatText(run)}, {ageText(run.created_at)}
        </Link>
        {run.from && run.to && <span className="block text-xs text-soft">{spanText(run.from, run.to)}</span>}
        <span className="block text-xs text-faint">{triggerText(run)}</span>
        <span className="block sm:hidden">
          <RunStatusBadge run={run} />
        </span>
        <span className={`block text-xs lg:hidden ${run.error ? 'text-bad' : 'text-soft'}`}>
          {outcomeText(run)}
        </span>
      </>
    ),
  },
  {
    id: 'outcome',
    header: 'What came of it',
    from: 'lg',
    cell: run => <span className={run.error ? 'text-bad' : 'text-soft'}>{outcomeText(run)}</span>,
  },
  {
    id: 'proposals',
    header: 'Proposals',
    align: 'right',
    cell: run => <span className="numeral">{count(run.proposals)}</span>,
  },
  {
    id: 'took',
    header: 'Took',
    from: 'md',
    align: 'right',
    cell: run => <span className="numeral">{secondsText(run.seconds)}</span>,
  },
  { id: 'status', header: 'Status', from: 'sm', cell: run => <RunStatusBadge run={run} /> },
]
