/** Rehearsals of an agent over the store's own past: starting one, how far it is, and what came of the last. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { AgentDetail, Run, Store } from '@/shared/api/types'
import { count, money } from '@/shared/format/money'
import { ageText, spanText } from '@/shared/format/time'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Only } from '@/shared/session/may'
import { buttonClass } from '@/shared/ui/Button'
import { DataTable } from '@/shared/ui/DataTable'
import type { Column } from '@/shared/ui/data-columns'
import { Meter } from '@/shared/ui/Meter'
import { Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading, Note } from '@/shared/ui/States'
import { runQuery, runsQuery } from './queries'
import { RehearsalForm } from './RehearsalForm'
import { RehearsalResult } from './RehearsalResult'
import { RunStatusBadge } from './RunsTab'
import { useAgent } from './use-agent'
import { inFull, isUnderWay, outcomeText } from './words'

export function RehearsalsTab() {
  const found = useAgent()
  if (!found) return null
  return <RehearsalsOf {...found} />
}

function RehearsalsOf({ agent, store }: { agent: AgentDetail; store: Store }) {
  const list = useInfiniteQuery(runsQuery(agent.id, store.id, { kind: 'rehearse' }))
  const rows = list.data?.pages.flatMap(page => page.runs) ?? []
  const newest = rows[0]
  const open = rows.find(run => isUnderWay(run.status))
  const last = rows.find(run => run.status === 'succeeded')
  return (
    <div className="flex flex-col gap-5">
      <Only may="agents:run">
        <RehearsalForm agent={agent} store={store} underWay={open !== undefined} />
      </Only>
      {list.error && !list.data && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Loading label="Loading the rehearsals" />}
      {open && <UnderWay run={open} />}
      {newest?.error && (
        <Note tone="bad">
          <p className="font-semibold">The last rehearsal failed</p>
          <p>{inFull(newest.error)}</p>
        </Note>
      )}
      {list.data && rows.length === 0 && (
        <div className="sheet">
          <Empty title="Not rehearsed yet">
            A rehearsal lets the policy decide on each day of your own past, knowing only what was known then,
            and holds it against what really happened. You see its worst day before it touches anything; an
            agent that may act must have been rehearsed as it is set.
          </Empty>
        </div>
      )}
      {last && <LastResult id={last.id} />}
      {rows.length > 0 && (
        <Section title="All rehearsals" flush>
          <DataTable
            label="All rehearsals"
            rows={rows}
            columns={COLUMNS}
            rowKey={run => run.id}
            total={list.data?.pages[0]?.total}
            hasMore={list.hasNextPage}
            fetchingMore={list.isFetchingNextPage}
            onMore={() => void list.fetchNextPage()}
          />
        </Section>
      )}
    </div>
  )
}

function UnderWay({ run }: { run: Run }) {
  const { progress } = run
  return (
    <div
      role="status"
      className="sheet flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 text-sm sm:px-5"
    >
      <span className="font-semibold">
        Rehearsing {run.from && run.to ? spanText(run.from, run.to) : 'the past'}
      </span>
      <span className="min-w-32 flex-1">
        <Meter label="Days rehearsed" value={progress ? progress.done / Math.max(1, progress.total) : null} />
      </span>
      <span className="numeral text-soft">
        {progress ? `${count(progress.done)} of ${count(progress.total)} days` : 'not begun'}
      </span>
      <Link to={paths.run} params={{ id: run.id }} search={keepRange} className={buttonClass('quiet')}>
        Watch it
      </Link>
    </div>
  )
}

/** The list may leave the days out: the run itself has them. */
function LastResult({ id }: { id: string }) {
  const { data: run, error, isPending, refetch } = useQuery(runQuery(id))
  if (isPending) return <Loading label="Loading the last rehearsal" />
  if (error && !run) return <Failure error={error} onRetry={() => void refetch()} />
  if (!run?.rehearsal) {
    return <Note tone="warn">The last rehearsal ended without a result. {run && outcomeText(run)}</Note>
  }
  return <RehearsalResult rehearsal={run.rehearsal} />
}

const COLUMNS: Column<Run>[] = [
  {
    id: 'range',
    header: 'Over',
    cell: run => (
      <>
        <Link
          to={paths.run}
          params={{ id: run.id }}
          search={keepRange}
          className="inline-flex min-h-6 items-center font-semibold decoration-dotted underline-offset-4 hover:underline"
        >
          {run.from && run.to ? spanText(run.from, run.to) : 'The past'}
        </Link>
        <span className="block text-xs text-faint">
          {run.trigger.label}, {ageText(run.created_at)}
        </span>
        <span className="block sm:hidden">
          <RunStatusBadge run={run} />
        </span>
        {run.error && <span className="block text-xs text-bad">{inFull(run.error)}</span>}
      </>
    ),
  },
  {
    id: 'settings',
    header: 'Settings',
    from: 'md',
    cell: run => (run.settings_version === 0 ? 'the defaults' : `version ${run.settings_version}`),
  },
  {
    id: 'proposals',
    header: 'Proposals',
    align: 'right',
    from: 'xs',
    cell: run => <span className="numeral">{count(run.proposals)}</span>,
  },
  {
    id: 'effect',
    header: 'Effect',
    align: 'right',
    cell: run => {
      const effect = run.rehearsal?.effect
      if (!effect) return <span className="text-faint">{run.status === 'succeeded' ? 'not known' : '—'}</span>
      return <span className="numeral">{money(effect.mid, effect.currency, 'signed')}</span>
    },
  },
  { id: 'status', header: 'Status', from: 'sm', cell: run => <RunStatusBadge run={run} /> },
]
