/** Everything that was proposed, and what became of it. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useAgents } from '@/shared/agents/use-agents'
import type { ChangeSet } from '@/shared/api/types'
import { STATUSES } from '@/shared/changes/statuses'
import { count } from '@/shared/format/money'
import { ageText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { DataTable } from '@/shared/ui/DataTable'
import type { Column } from '@/shared/ui/data-columns'
import { SelectField } from '@/shared/ui/Filters'
import { Page } from '@/shared/ui/Page'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { useUrlFilters } from '@/shared/ui/use-url-filters'
import { changeSetsQuery, FILTERS, filtersOf } from './queries'
import { RiskBadge } from './RiskBadge'
import { proposerText, stakeOf, stakeText } from './words'

const OPTIONS = Object.entries(STATUSES).map(([value, { label }]) => ({ value, label }))

export function ChangeSetsPage() {
  const { values, set } = useUrlFilters(FILTERS)
  const { status, agent, run } = values
  const agents = useAgentOptions()
  const list = useInfiniteQuery(changeSetsQuery(filtersOf(values)))
  const filtered = Boolean(status || agent || run)
  const rows = useMemo(() => list.data?.pages.flatMap(page => page.change_sets) ?? [], [list.data])
  const total = list.data?.pages[0]?.total
  return (
    <Page title="Change-sets" lead="What was proposed to your shops, and what became of it">
      <section aria-label="Change-sets" className="sheet">
        <div className="flex flex-wrap items-center gap-2 p-4 sm:px-5">
          <SelectField
            label="Status"
            value={status}
            options={OPTIONS}
            onChange={next => void set({ status: next })}
          />
          {(agents.length > 0 || agent) && (
            <SelectField
              label="Agent"
              value={agent}
              options={agents}
              onChange={next => void set({ agent: next })}
            />
          )}
          {run && <Badge>Of one run</Badge>}
          {filtered && (
            <Button
              kind="quiet"
              onClick={() => void set({ status: undefined, agent: undefined, run: undefined })}
            >
              Clear filters
            </Button>
          )}
          <p role="status" className="text-xs text-faint">
            {total != null && `${count(total)} ${plural(total, 'change-set')}`}
          </p>
        </div>
        {list.error && !list.data && (
          <div className="p-4">
            <Failure error={list.error} onRetry={() => void list.refetch()} />
          </div>
        )}
        {list.isPending && <Loading label="Loading the change-sets" rows={8} />}
        {list.data && rows.length === 0 && <Nothing filtered={filtered} />}
        {rows.length > 0 && (
          <DataTable
            label="Change-sets"
            rows={rows}
            columns={COLUMNS}
            rowKey={one => one.id}
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

function useAgentOptions() {
  return useAgents().map(agent => ({ value: agent.id, label: agent.name }))
}

const COLUMNS: Column<ChangeSet>[] = [
  {
    id: 'title',
    header: 'What',
    cell: set => (
      <>
        <Link
          to={paths.changeSet}
          params={{ id: set.id }}
          search={keepRange}
          className="inline-flex min-h-6 items-center font-semibold decoration-dotted underline-offset-4 hover:underline"
        >
          {set.title}
        </Link>
        <span className="block text-xs text-faint">
          {proposerText(set)}, {ageText(set.created_at)}
        </span>
        <span className="sm:hidden">
          <Badge tone={STATUSES[set.status].tone}>{STATUSES[set.status].label}</Badge>
        </span>
      </>
    ),
  },
  {
    id: 'money',
    header: 'Prices in all',
    from: 'md',
    align: 'right',
    cell: set => {
      const stake = stakeOf(set.operations)
      return <span className="numeral">{stake ? stakeText(stake) : 'no money'}</span>
    },
  },
  {
    id: 'changes',
    header: 'Changes',
    from: 'sm',
    align: 'right',
    cell: set => <span className="numeral">{count(set.operations.length)}</span>,
  },
  { id: 'risk', header: 'Risk', from: 'md', cell: set => <RiskBadge risk={set.risk} /> },
  {
    id: 'status',
    header: 'Status',
    from: 'sm',
    cell: set => <Badge tone={STATUSES[set.status].tone}>{STATUSES[set.status].label}</Badge>,
  },
]

function Nothing({ filtered }: { filtered: boolean }) {
  if (filtered) return <Empty title="No change-set is like that" />
  return (
    <Empty title="Nothing was proposed yet">
      Select products and press “Change prices”: what you propose appears here, and nothing is written before
      it is approved.
    </Empty>
  )
}
