/** One run: what it does as it does it, the facts it rests on, what it proposed, and whether it can be repeated. */
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { ANALYTICS } from '@/shared/agents/agent-query'
import type { Run } from '@/shared/api/types'
import { ageText, dayText, momentText, spanText } from '@/shared/format/time'
import { paths } from '@/shared/paths'
import { keepRange, type PageSearch } from '@/shared/range/range'
import { useMay } from '@/shared/session/may'
import { Button, buttonClass } from '@/shared/ui/Button'
import { Page, Section } from '@/shared/ui/Page'
import { Failure, Loading, Note } from '@/shared/ui/States'
import { LiveLog } from './LiveLog'
import { Proposed } from './Proposed'
import { runQuery, useCancelRun } from './queries'
import { RehearsalResult } from './RehearsalResult'
import { RunFacts } from './RunFacts'
import { RunStatusBadge } from './RunsTab'
import { Steps } from './Steps'
import { inFull, triggerText } from './words'

export function RunPage() {
  const { id = '' } = useParams({ strict: false })
  const { data, error, refetch } = useQuery(runQuery(id))
  if (error && !data) {
    return (
      <Page title="Run">
        <Failure error={error} onRetry={() => void refetch()} />
      </Page>
    )
  }
  if (!data) return <Loading label="Loading the run" rows={10} />
  return <RunView key={data.id} run={data} />
}

function RunView({ run }: { run: Run }) {
  const title = `${run.kind === 'rehearse' ? 'Rehearsal' : 'Run'} of ${run.agent_name}`
  return (
    <Page
      title={title}
      lead={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <RunStatusBadge run={run} />
          <span>
            {triggerText(run)}, {ageText(run.created_at)}
            {run.from && run.to && `, over ${spanText(run.from, run.to)}`}
          </span>
        </span>
      }
      actions={<Actions run={run} />}
    >
      <div className="flex flex-col gap-5">
        <Outcome run={run} />
        {run.rehearsal && <RehearsalResult rehearsal={run.rehearsal} />}
        <div className="grid items-start gap-5 lg:grid-cols-[1.6fr_1fr]">
          <div className="flex min-w-0 flex-col gap-5">
            {run.kind === 'decide' &&
              (run.agent_id === ANALYTICS ? <Wrote run={run} /> : <Proposed run={run} />)}
            <Section title="Steps">
              <Steps run={run} />
            </Section>
            <Section title="Log">
              <LiveLog id={run.id} />
            </Section>
          </div>
          <RunFacts run={run} />
        </div>
      </div>
    </Page>
  )
}

/** What the analyst wrote: its day's brief, and the days that it found unusual. */
function Wrote({ run }: { run: Run }) {
  const { day } = run.parameters as { day?: unknown }
  const link = 'inline-flex min-h-6 items-center font-semibold underline decoration-dotted underline-offset-4'
  return (
    <Section title="What it wrote">
      <p className="flex flex-wrap gap-x-5 text-sm">
        <Link
          to={paths.brief}
          search={(old: PageSearch) => ({ ...keepRange(old), ...(day ? { day } : {}) }) as PageSearch}
          className={link}
        >
          {typeof day === 'string' ? `The brief of ${dayText(day)}` : 'The brief'}
        </Link>
        <Link to={paths.anomalies} search={keepRange} className={link}>
          Unusual days
        </Link>
      </p>
    </Section>
  )
}

function Actions({ run }: { run: Run }) {
  const may = useMay('agents:run')
  const cancel = useCancelRun(run.id)
  const canCancel = may && (run.status === 'queued' || run.status === 'running')
  return (
    <>
      {cancel.error && (
        <p role="alert" className="text-sm text-bad">
          {cancel.error.message}
        </p>
      )}
      {canCancel && (
        <Button kind="danger" busy={cancel.isPending} onClick={() => cancel.mutate()}>
          Cancel the run
        </Button>
      )}
      {run.status === 'cancelling' && <Button busy>Being cancelled</Button>}
      <Link
        to={paths.agentRuns}
        params={{ id: run.agent_id }}
        search={keepRange}
        className={buttonClass('quiet', 'max-sm:-ml-3.5')}
      >
        All runs of {run.agent_name}
      </Link>
    </>
  )
}

/** How it ended, in a sentence; or what it waits for. */
function Outcome({ run }: { run: Run }) {
  if (run.error) {
    return (
      <Note tone="bad">
        <p className="font-semibold">{inFull(run.error)}</p>
        {run.next_try_at && run.status === 'queued' && (
          <p>It is tried again {momentText(run.next_try_at)}.</p>
        )}
        {run.status === 'dead' && (
          <p>Its worker died {run.crashes} times with it, so it is not taken up again. Start a new run.</p>
        )}
      </Note>
    )
  }
  if (run.summary) return <p className="max-w-prose">{inFull(run.summary)}</p>
  if (run.status === 'cancelled') {
    return (
      <Note>
        {run.change_sets.length > 0
          ? 'It was cancelled; what it had proposed by then stays.'
          : 'It was cancelled before its end; nothing came of it.'}
      </Note>
    )
  }
  return null
}
