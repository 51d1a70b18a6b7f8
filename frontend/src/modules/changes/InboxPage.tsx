/** What waits for a decision, by money at stake × urgency. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { ChangeSet } from '@/shared/api/types'
import { money } from '@/shared/format/money'
import { ageText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Only, useMay } from '@/shared/session/may'
import { Button, buttonClass } from '@/shared/ui/Button'
import { DataTable } from '@/shared/ui/DataTable'
import type { Column } from '@/shared/ui/data-columns'
import { Page } from '@/shared/ui/Page'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { useNow } from '@/shared/ui/use-now'
import type { DecisionKind } from './DecisionSheet'
import { kindsText } from './kinds'
import { Notices } from './Notices'
import { inboxQuery } from './queries'
import { RiskBadge } from './RiskBadge'
import { leftText, proposerText, stakeOf, weight } from './words'

const DecisionSheet = lazy(() => import('./DecisionSheet'))

export function InboxPage() {
  const list = useQuery(inboxQuery)
  const now = useNow()
  const may = useMay('changes:write')
  const [asked, setAsked] = useState<{ set: ChangeSet; kind: DecisionKind } | null>(null)
  const rows = useMemo(
    () => [...(list.data?.change_sets ?? [])].sort((a, b) => weight(b, now) - weight(a, now)),
    [list.data, now],
  )
  const columns = useMemo(
    () => inboxColumns(now, may ? (set, kind) => setAsked({ set, kind }) : undefined),
    [now, may],
  )
  const checked = ageText(new Date(list.dataUpdatedAt).toISOString(), now)
  return (
    <Page
      title="Inbox"
      lead="What waits for your decision, most money at stake and least time first; and what happened"
      actions={
        <Link to={paths.changeSets} search={keepRange} className={buttonClass('quiet')}>
          All change-sets
        </Link>
      }
    >
      <section aria-label="Waiting" className="sheet">
        <p role="status" className="px-4 pt-3 pb-2 text-xs text-faint empty:hidden sm:px-5">
          {rows.length > 0 &&
            `${rows.length} ${plural(rows.length, 'change-set waits', 'change-sets wait')} · checked ${checked}`}
        </p>
        {list.error && !list.data && (
          <div className="p-4">
            <Failure error={list.error} onRetry={() => void list.refetch()} />
          </div>
        )}
        {list.isPending && <Loading label="Loading the inbox" />}
        {list.data && rows.length === 0 && (
          <Empty title="Nothing waits for you">
            Every proposal is decided. Checked {checked}. To change prices yourself, select products and press
            “Change prices”.
          </Empty>
        )}
        {rows.length > 0 && (
          <DataTable label="Waiting" rows={rows} columns={columns} rowKey={set => set.id} />
        )}
      </section>
      <Only may="notifications:read">
        <Notices />
      </Only>
      {asked && (
        <Suspense>
          <DecisionSheet set={asked.set} kind={asked.kind} onClose={() => setAsked(null)} />
        </Suspense>
      )}
    </Page>
  )
}

type Ask = (set: ChangeSet, kind: DecisionKind) => void

function inboxColumns(now: number, ask: Ask | undefined): Column<ChangeSet>[] {
  const columns: Column<ChangeSet>[] = [
    { id: 'title', header: 'Proposal', cell: set => <Proposal set={set} now={now} /> },
    { id: 'stake', header: 'At stake', from: 'xs', align: 'right', cell: set => <AtStake set={set} /> },
    { id: 'risk', header: 'Risk', from: 'md', cell: set => <RiskBadge risk={set.risk} /> },
    {
      id: 'left',
      header: 'Time left',
      from: 'sm',
      align: 'right',
      cell: set => <span className="numeral">{leftText(set.expires_at, now)}</span>,
    },
  ]
  if (!ask) return columns
  const decide = (set: ChangeSet) => (
    <span className="flex flex-col justify-end gap-1.5 sm:flex-row">
      <Button
        data-key="a"
        kind="primary"
        aria-label={`Approve ${set.title}`}
        onClick={() => ask(set, 'approve')}
      >
        Approve
      </Button>
      <Button data-key="r" aria-label={`Reject ${set.title}`} onClick={() => ask(set, 'reject')}>
        Reject
      </Button>
    </span>
  )
  return [...columns, { id: 'decide', header: 'Decide', align: 'right', cell: decide }]
}

function Proposal({ set, now }: { set: ChangeSet; now: number }) {
  return (
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
        {proposerText(set)}, {ageText(set.created_at, now)}
        <span className="sm:hidden"> · {leftText(set.expires_at, now)} left</span>
      </span>
      <span className="block xs:hidden">
        <AtStake set={set} />
      </span>
    </>
  )
}

function AtStake({ set }: { set: ChangeSet }) {
  const stake = stakeOf(set.operations)
  const changes = `${set.operations.length} ${plural(set.operations.length, 'change')}`
  if (!stake) {
    const kinds = kindsText(set.operations.map(one => one.kind))
    return (
      <span className="text-xs text-faint">
        {kinds} · {changes}
      </span>
    )
  }
  return (
    <>
      <span className="numeral font-semibold">{money(stake.moved, stake.currency)}</span>
      <span className="block text-xs text-faint">
        {changes}
        {set.effect && `, expects ${money(set.effect.mean, stake.currency, 'signed')}`}
      </span>
    </>
  )
}
