/** How an agent fared in 30 days, what it is doing now, and what it is. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { sentence } from '@/shared/api/problem'
import type { AgentDetail, Store } from '@/shared/api/types'
import { count, number } from '@/shared/format/money'
import { ageText, durationText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Badge } from '@/shared/ui/Badge'
import { Section } from '@/shared/ui/Page'
import { useNow } from '@/shared/ui/use-now'
import { nextText, Schedule, WaitingLink } from './AgentCard'
import { LastRuns } from './LastRuns'
import { Ledger } from './Ledger'
import { LiveLog } from './LiveLog'
import { runQuery } from './queries'
import { Steps } from './Steps'
import { useAgent } from './use-agent'
import { mayOf, percentText, RUN_STATUSES, secondsText, triggerText } from './words'

export function OverviewTab() {
  const found = useAgent()
  if (!found) return null
  return <OverviewOf {...found} />
}

function OverviewOf({ agent, store }: { agent: AgentDetail; store: Store }) {
  return (
    <div className="flex flex-col gap-5">
      <Statistics agent={agent} />
      <div className="grid items-start gap-5 lg:grid-cols-[1.6fr_1fr]">
        <div className="flex min-w-0 flex-col gap-5">
          {agent.open_run && <OpenRun id={agent.open_run} />}
          <LastRuns agent={agent.id} store={store.id} />
          <Ledger agent={agent} store={store} />
        </div>
        <About agent={agent} store={store} />
      </div>
    </div>
  )
}

function Statistics({ agent }: { agent: AgentDetail }) {
  const now = useNow()
  const { performance } = agent
  return (
    <section aria-label="Last 30 days" className="sheet">
      <dl className="grid grid-cols-2 gap-x-5 gap-y-4 p-4 sm:grid-cols-3 sm:p-5 lg:grid-cols-6">
        <Figure label="Succeeded" value={percentText(performance.success_rate)}>
          {agent.total_tasks === 0
            ? 'no runs in 30 days'
            : `${count(agent.completed_tasks)} of ${count(agent.total_tasks)} ${plural(agent.total_tasks, 'run')}, 30 days`}
        </Figure>
        <Figure label="Failed" value={count(agent.error_count)} bad={agent.error_count > 0}>
          in 30 days
        </Figure>
        <Figure label="A run takes" value={secondsText(performance.avg_response_time)}>
          on average
        </Figure>
        <Figure label="Runs an hour" value={number(performance.throughput, 2)}>
          finished, on average
        </Figure>
        <Figure
          label="As predicted"
          value={agent.calibration.score === null ? '—' : percentText(100 * (agent.calibration.score ?? 0))}
        >
          {agent.calibration.measured === 0
            ? 'no prediction was measured yet'
            : `${agent.calibration.agreed} of ${agent.calibration.measured} measured, half a year`}
        </Figure>
        <Figure label="Last active" value={ageText(agent.last_activity, now)} />
      </dl>
    </section>
  )
}

interface FigureProps {
  label: string
  value: string
  bad?: boolean
  children?: ReactNode
}

function Figure({ label, value, bad, children }: FigureProps) {
  return (
    <div className="min-w-0">
      <dt className="label-caps">{label}</dt>
      <dd>
        <span className={`numeral block text-xl font-semibold ${bad ? 'text-bad' : ''}`}>{value}</span>
        {children && <span className="block text-xs text-faint">{children}</span>}
      </dd>
    </div>
  )
}

/** The run that is under way, as it goes. */
function OpenRun({ id }: { id: string }) {
  const { data: run } = useQuery(runQuery(id))
  if (!run) return null
  const status = RUN_STATUSES[run.status]
  return (
    <Section
      title={run.kind === 'rehearse' ? 'Rehearsing' : 'Under way'}
      note={triggerText(run)}
      actions={
        <span className="flex items-center gap-3">
          <Badge tone={status.tone}>{status.label}</Badge>
          <Link
            to={paths.run}
            params={{ id }}
            search={keepRange}
            className="inline-flex min-h-6 items-center text-sm font-semibold underline decoration-dotted underline-offset-4"
          >
            Open
          </Link>
        </span>
      }
    >
      <Steps run={run} />
      <div className="mt-4">
        <LiveLog id={id} />
      </div>
    </Section>
  )
}

function About({ agent, store }: { agent: AgentDetail; store: Store }) {
  return (
    <Section title="What it is">
      <dl className="flex flex-col gap-4 text-sm">
        <Entry label="May">
          <span className="font-semibold">{mayOf(agent).label}.</span> {mayOf(agent).about}
        </Entry>
        <Entry label="Waiting for you">
          <WaitingLink agent={agent} />
        </Entry>
        <Entry label="Starts">
          <Schedule pattern={agent.schedule} />
          <span className="block text-xs text-faint">
            {nextText(agent, store.timezone)} · {agent.timezone}
          </span>
          {agent.triggers.length > 0 && (
            <span className="block text-xs text-faint">
              also on{' '}
              {agent.triggers.map(trigger => (
                <code key={trigger} className="mr-1.5 font-mono">
                  {trigger}
                </code>
              ))}
            </span>
          )}
        </Entry>
        <Entry label="Can">
          <ul className="list-disc pl-5">
            {agent.capabilities.map(capability => (
              <li key={capability}>{sentence(capability)}</li>
            ))}
          </ul>
        </Entry>
        <Entry label="Ends after">{durationText(agent.time_limit_s)}</Entry>
      </dl>
    </Section>
  )
}

function Entry({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt className="label-caps">{label}</dt>
      <dd className="mt-0.5">{children}</dd>
    </div>
  )
}
