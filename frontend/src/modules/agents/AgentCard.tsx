import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { scheduleText } from '@/shared/agents/schedule'
import type { Agent, Store } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { ageText, soonText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange, type PageSearch } from '@/shared/range/range'
import { useNow } from '@/shared/ui/use-now'
import { AgentBadges } from './AgentBadges'
import { RunNow } from './RunNow'
import { StopNote } from './StopNote'
import { mayOf, percentText } from './words'

export function AgentCard({ agent, store }: { agent: Agent; store: Store }) {
  const now = useNow()
  return (
    <article aria-label={agent.name} className="sheet p-4 sm:p-5">
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h2 className="text-lg font-semibold">
              <Link
                to={paths.agent}
                params={{ id: agent.id }}
                search={keepRange}
                className="decoration-dotted underline-offset-4 hover:underline"
              >
                {agent.name}
              </Link>
            </h2>
            <AgentBadges agent={agent} />
          </div>
          <p className="mt-1 max-w-prose text-sm text-soft">{agent.decides}</p>
        </div>
        <div className="flex flex-wrap items-start gap-2">
          {agent.open_run && (
            <Link
              to={paths.run}
              params={{ id: agent.open_run }}
              search={keepRange}
              className="inline-flex min-h-9 items-center px-2 text-sm font-semibold underline decoration-dotted underline-offset-4"
            >
              Watch the run
            </Link>
          )}
          <RunNow agent={agent} store={store.id} />
        </div>
      </header>
      {agent.stop?.scope === 'agent' && (
        <div className="mt-3">
          <StopNote stop={agent.stop} />
        </div>
      )}
      <dl className="mt-4 grid grid-cols-2 gap-x-5 gap-y-4 border-t border-rule pt-4 text-sm sm:grid-cols-3 lg:grid-cols-5">
        <Fact label="May">
          {mayOf(agent).label}
          <Detail>{agent.proposes ? SHORT[agent.autonomy] : 'changes nothing outside'}</Detail>
        </Fact>
        <Fact label="Schedule">
          <Schedule pattern={agent.schedule} />
          <Detail>{nextText(agent, store.timezone)}</Detail>
        </Fact>
        <Fact label="Succeeded">
          <span className="numeral">{percentText(agent.performance.success_rate)}</span>
          <Detail>
            {agent.total_tasks === 0
              ? 'no runs in 30 days'
              : `of ${count(agent.total_tasks)} ${plural(agent.total_tasks, 'run')} in 30 days`}
          </Detail>
        </Fact>
        <Fact label="Last active">{ageText(agent.last_activity, now)}</Fact>
        <Fact label="Waiting for you">
          <WaitingLink agent={agent} />
        </Fact>
      </dl>
    </article>
  )
}

const SHORT: Record<Agent['autonomy'], string> = {
  observe: 'proposes nothing',
  propose: 'people decide',
  act: 'within its guardrails',
}

export function nextText(agent: Agent, timezone: string): string {
  if (!agent.enabled) return 'does not start by itself'
  if (agent.stop) return 'not while it is stopped'
  if (agent.waits_for) return `waits for ${agent.waits_for}`
  return agent.next_run_at ? `next ${soonText(agent.next_run_at, timezone)}` : 'no next run'
}

export function Schedule({ pattern }: { pattern: string }) {
  if (!pattern) return 'On events'
  const words = scheduleText(pattern)
  if (words) return words
  return (
    <>
      By the pattern <code className="font-mono text-xs whitespace-nowrap">{pattern}</code>
    </>
  )
}

/** The change-sets of an agent that wait for a decision. */
export function WaitingLink({ agent }: { agent: Agent }) {
  if (agent.waiting === 0) return <span className="text-soft">nothing</span>
  return (
    <Link
      to={paths.changeSets}
      search={(old: PageSearch) => ({ ...keepRange(old), status: 'proposed', agent: agent.id }) as PageSearch}
      className="inline-flex min-h-6 items-center font-semibold text-brass underline decoration-dotted underline-offset-4"
    >
      {count(agent.waiting)} {plural(agent.waiting, 'proposal')}
    </Link>
  )
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="label-caps">{label}</dt>
      <dd className="mt-0.5">{children}</dd>
    </div>
  )
}

function Detail({ children }: { children: ReactNode }) {
  return <span className="block text-xs text-faint">{children}</span>
}
