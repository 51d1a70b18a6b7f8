/** One change-set: what changes, what it rests on, who decided, and what the shop says now. */
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { sentence } from '@/shared/api/problem'
import type { ChangeSet } from '@/shared/api/types'
import { STATUSES } from '@/shared/changes/statuses'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { useMay } from '@/shared/session/may'
import { Badge } from '@/shared/ui/Badge'
import { Button, buttonClass } from '@/shared/ui/Button'
import { Page, Section } from '@/shared/ui/Page'
import { Failure, Loading, Note } from '@/shared/ui/States'
import type { DecisionKind } from './DecisionSheet'
import { EvidenceTables } from './EvidenceTables'
import { Expected } from './Expected'
import { OperationTable } from './OperationTable'
import { Outcomes } from './Outcomes'
import { changeSetQuery, isUnderWay } from './queries'
import { Timeline } from './Timeline'
import { movesMoney, perUnit, proposerText, type Stake, stakeOf, stakeText } from './words'

const DecisionSheet = lazy(() => import('./DecisionSheet'))
const Settle = lazy(() => import('./Settle').then(module => ({ default: module.Settle })))

export function ChangeSetPage() {
  const { id = '' } = useParams({ strict: false })
  const { data, error, refetch } = useQuery(changeSetQuery(id))
  if (error && !data) {
    return (
      <Page title="Change-set">
        <Failure error={error} onRetry={() => void refetch()} />
      </Page>
    )
  }
  if (!data) return <Loading label="Loading the change-set" rows={10} />
  // What was ticked belongs to what was looked at: another digest begins anew.
  return <SetView key={`${data.id}/${data.digest}`} set={data} />
}

function SetView({ set }: { set: ChangeSet }) {
  const navigate = useNavigate()
  const may = useMay('changes:write')
  const [leftOut, setLeftOut] = useState<number[]>([])
  const [asked, setAsked] = useState<DecisionKind | null>(null)
  const open = may && set.status === 'proposed'
  const stake = stakeOf(set.operations.filter(one => !leftOut.includes(one.no)))
  const toggle = (no: number) =>
    setLeftOut(old => (old.includes(no) ? old.filter(one => one !== no) : [...old, no]))
  return (
    <Page
      title={set.title}
      lead={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Badge tone={STATUSES[set.status].tone}>{STATUSES[set.status].label}</Badge>
          proposed by {proposerText(set)}
        </span>
      }
      actions={
        <>
          {open && (
            <>
              <Button
                kind="primary"
                data-key="a"
                disabled={leftOut.length === set.operations.length}
                onClick={() => setAsked('approve')}
              >
                Approve
              </Button>
              <Button data-key="r" onClick={() => setAsked('reject')}>
                Reject
              </Button>
            </>
          )}
          {may && set.may_undo && (
            <Button data-key="u" onClick={() => setAsked('undo')}>
              Undo
            </Button>
          )}
          <Link to={paths.changeSets} search={keepRange} className={buttonClass('quiet')}>
            All change-sets
          </Link>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <Standing set={set} />
        {may && set.status === 'unknown' && (
          <Suspense>
            <Settle set={set} />
          </Suspense>
        )}
        {set.reason && <p className="max-w-prose text-sm">{sentence(set.reason)}</p>}
        <Section title="Changes" note={noteOf(stake, set)} flush>
          <OperationTable set={set} leftOut={leftOut} onToggle={open ? toggle : undefined} />
        </Section>
        <div className="grid items-start gap-5 lg:grid-cols-2">
          <div className="flex min-w-0 flex-col gap-5">
            <Expected set={set} />
            <EvidenceTables evidence={set.evidence} />
          </div>
          <div className="flex min-w-0 flex-col gap-5">
            <Outcomes set={set} />
            <Timeline set={set} />
          </div>
        </div>
      </div>
      {asked && (
        <Suspense>
          <DecisionSheet
            set={set}
            kind={asked}
            leftOut={leftOut}
            onClose={() => setAsked(null)}
            onDone={answer => {
              if (answer.id === set.id) return
              void navigate({ to: paths.changeSet, params: { id: answer.id }, search: keepRange })
            }}
          />
        </Suspense>
      )}
    </Page>
  )
}

/** How it stands, in a sentence; what was not verified is never called done. */
function Standing({ set }: { set: ChangeSet }) {
  if (isUnderWay(set.status)) {
    return (
      <div role="status">
        <Note>
          {set.status === 'approved' ? 'Approved; it has not begun.' : 'Being written.'} Nothing counts as
          done before the shop was read again and shows it.
        </Note>
      </div>
    )
  }
  if (set.undone_by) {
    return (
      <Note>
        An undo of it was proposed:{' '}
        <Link
          to={paths.changeSet}
          params={{ id: set.undone_by }}
          search={keepRange}
          className="font-semibold underline"
        >
          look at it
        </Link>
        .
      </Note>
    )
  }
  if (set.status === 'unknown') {
    return (
      <Note tone="bad">
        The answer to a write was lost, and looking did not tell. Look in the shop before anything else is
        changed. {set.error && sentence(set.error)}
      </Note>
    )
  }
  if (set.error) return <Note tone={set.status === 'failed' ? 'bad' : 'warn'}>{sentence(set.error)}.</Note>
  return null
}

function noteOf(stake: Stake | null, set: ChangeSet): string {
  if (stake) return `${stakeText(stake)} in all${perUnit(set.operations)}`
  return movesMoney(set.operations) ? 'Money moves with it: each says how' : 'No money is changed'
}
