/** All durable work: what goes on, what waits, what ended and how. */
import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { api, body } from '@/shared/api/client'
import { sentence } from '@/shared/api/problem'
import { keys } from '@/shared/api/queries'
import type { Job } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { ageText, durationText, momentText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { keepRange } from '@/shared/range/range'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { DataTable } from '@/shared/ui/DataTable'
import type { Column } from '@/shared/ui/data-columns'
import { SelectField } from '@/shared/ui/Filters'
import { Meter } from '@/shared/ui/Meter'
import { Page } from '@/shared/ui/Page'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { useNow } from '@/shared/ui/use-now'
import { useUrlFilters } from '@/shared/ui/use-url-filters'
import { isOpen, KINDS, placeOf, STATUSES, statusOf } from './words'

const PAGE = 50
const LOOK_EVERY_MS = 3_000
const FILTERS = ['kind', 'status'] as const
const KIND_OPTIONS = Object.entries(KINDS).map(([value, label]) => ({ value, label }))
const STATUS_OPTIONS = Object.entries(STATUSES).map(([value, { label }]) => ({ value, label }))

interface JobFilters {
  kind?: Job['kind']
  status?: string
}

function jobsQuery(filters: JobFilters) {
  return infiniteQueryOptions({
    queryKey: [...keys.jobs, filters],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/jobs', {
          params: { query: { ...filters, limit: PAGE, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next_cursor || undefined,
    refetchInterval: query =>
      query.state.data?.pages.some(page => page.jobs.some(job => isOpen(job.status))) ? LOOK_EVERY_MS : false,
    placeholderData: keepPreviousData,
  })
}

export function JobsPage() {
  const { values, set } = useUrlFilters(FILTERS)
  const { kind, status } = values
  const list = useInfiniteQuery(
    jobsQuery({ ...(kind && kind in KINDS && { kind: kind as Job['kind'] }), ...(status && { status }) }),
  )
  const now = useNow()
  const columns = useMemo(() => columnsAt(now), [now])
  const rows = useMemo(() => list.data?.pages.flatMap(page => page.jobs) ?? [], [list.data])
  const total = list.data?.pages[0]?.total
  const filtered = Boolean(kind || status)
  return (
    <Page title="Jobs" lead="Work that survives a restart: what goes on, what waits, and how it ended">
      <section aria-label="Jobs" className="sheet">
        <div className="flex flex-wrap items-center gap-2 p-4 sm:px-5">
          <SelectField
            label="Kind"
            value={kind}
            options={KIND_OPTIONS}
            onChange={next => void set({ kind: next })}
          />
          <SelectField
            label="Status"
            value={status}
            options={STATUS_OPTIONS}
            onChange={next => void set({ status: next })}
          />
          {filtered && (
            <Button kind="quiet" onClick={() => void set({ kind: undefined, status: undefined })}>
              Clear filters
            </Button>
          )}
          <p role="status" className="text-xs text-faint">
            {total != null && `${count(total)} ${plural(total, 'job')}`}
          </p>
        </div>
        {list.error && !list.data && (
          <div className="p-4">
            <Failure error={list.error} onRetry={() => void list.refetch()} />
          </div>
        )}
        {list.isPending && <Loading label="Loading the jobs" rows={8} />}
        {list.data && rows.length === 0 && (
          <Empty title={filtered ? 'No job is like that' : 'Nothing was to be done yet'}>
            {!filtered &&
              'Fetching a store, importing a file, a run of an agent: each becomes a job that goes on where it was, whatever happens to the server.'}
          </Empty>
        )}
        {rows.length > 0 && (
          <DataTable
            label="Jobs"
            rows={rows}
            columns={columns}
            rowKey={job => `${job.kind}/${job.id}`}
            total={total}
            hasMore={list.hasNextPage}
            fetchingMore={list.isFetchingNextPage}
            onMore={() => void list.fetchNextPage()}
          />
        )}
      </section>
    </Page>
  )
}

function columnsAt(now: number): Column<Job>[] {
  return [
    { id: 'name', header: 'Job', cell: job => <Name job={job} now={now} /> },
    {
      id: 'progress',
      header: 'Progress',
      from: 'md',
      className: 'min-w-36',
      cell: job => <Progress job={job} />,
    },
    {
      id: 'attempts',
      header: 'Tries',
      from: 'xs',
      align: 'right',
      cell: job => <span className="numeral">{count(job.attempts)}</span>,
    },
    {
      id: 'took',
      header: 'Took',
      from: 'lg',
      align: 'right',
      cell: job => <span className="numeral whitespace-nowrap">{tookText(job)}</span>,
    },
    { id: 'status', header: 'Status', cell: job => <Status job={job} /> },
  ]
}

function Name({ job, now }: { job: Job; now: number }) {
  const place = placeOf(job)
  return (
    <>
      <Link
        to={place.to}
        {...(place.params && { params: place.params })}
        search={keepRange}
        className="inline-flex min-h-6 items-center font-semibold decoration-dotted underline-offset-4 hover:underline"
      >
        {job.name}
      </Link>
      <span className="block text-xs text-faint">
        {KINDS[job.kind]}, {ageText(job.created_at, now)}
      </span>
      {job.next_run_at && isOpen(job.status) && (
        <span className="block text-xs text-soft">next try {momentText(job.next_run_at)}</span>
      )}
      {job.last_error && (
        <span className="block max-w-prose text-xs text-bad">{sentence(job.last_error)}</span>
      )}
      <span className="mt-1 block empty:hidden md:hidden">
        {isOpen(job.status) && <Progress job={job} />}
      </span>
    </>
  )
}

function Progress({ job: { name, progress } }: { job: Job }) {
  if (!progress || progress.total === 0) return <span className="text-faint">—</span>
  return (
    <span className="flex flex-col gap-1 pt-1.5">
      <Meter label={`Progress of ${name}`} value={progress.done / progress.total} thin />
      <span className="numeral text-xs text-soft">
        {count(progress.done)} of {count(progress.total)}
      </span>
    </span>
  )
}

function Status({ job }: { job: Job }) {
  const { label, tone } = statusOf(job.status)
  return <Badge tone={tone}>{label}</Badge>
}

function tookText(job: Job): string {
  if (!job.started_at || !job.finished_at) return '—'
  return durationText((Date.parse(job.finished_at) - Date.parse(job.started_at)) / 1000)
}
