/** Is the machine healthy, and is the data fresh? */
import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { sentence } from '@/shared/api/problem'
import { connectionsQuery } from '@/shared/api/queries'
import type { Connection, Health, HealthCheck } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { ageText, durationText, momentText } from '@/shared/format/time'
import { useMay } from '@/shared/session/may'
import { Badge } from '@/shared/ui/Badge'
import { Page, Section } from '@/shared/ui/Page'
import { Failure, Loading } from '@/shared/ui/States'
import { useNow } from '@/shared/ui/use-now'
import { healthQuery } from './queries'
import { Sources } from './Sources'
import { AuditChain, Backups, Budgets, Reconciled, Work } from './Upkeep'
import { adviceOf, nameOf, newsOf, OVERALL, stateOf } from './words'

const SwitchCircuit = lazy(() => import('./SwitchCircuit'))

export function HealthPage() {
  const health = useQuery(healthQuery)
  const connections = useQuery(connectionsQuery)
  useNow()
  return (
    <Page title="Health" lead="Whether the machine works, and how fresh its data is">
      {health.error && !health.data && <Failure error={health.error} onRetry={() => void health.refetch()} />}
      {health.isPending && <Loading label="Loading the state of the machine" rows={8} />}
      {health.data && (
        <div className="flex flex-col gap-5">
          <Overall health={health.data} connections={connections.data ?? []} />
          <Sources connections={connections.data ?? []} />
          <Parts checks={health.data.checks} connections={connections.data ?? []} />
          <Budgets budgets={health.data.budgets} />
          <div className="grid gap-5 lg:grid-cols-2">
            <Reconciled connections={connections.data ?? []} />
            <Work />
            <Backups health={health.data} />
            <AuditChain />
          </div>
          <Processes health={health.data} />
        </div>
      )}
    </Page>
  )
}

function Overall({ health, connections }: { health: Health; connections: readonly Connection[] }) {
  const away = connections.filter(one => one.state === 'down' || one.state === 'degraded')
  // Everything here may work while a shop refuses what it is asked.
  const status = health.status === 'healthy' && away.length > 0 ? 'degraded' : health.status
  const overall = OVERALL[status] ?? { label: status, tone: 'neutral' as const, says: '' }
  const told = (one: Connection) => health.recommendations.some(text => text.includes(one.id))
  const advice = [
    ...health.recommendations.map(text => adviceOf(text, health.checks, connections)),
    ...away.filter(one => !told(one)).map(one => `${one.name}: ${one.state_reason ?? 'it does not answer'}`),
  ]
  return (
    <section aria-label="Overall" className="sheet px-4 py-4 sm:px-5">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Badge tone={overall.tone}>{overall.label}</Badge>
        <span className="font-semibold">{overall.says}</span>
        <span className="text-sm text-faint">Looked at {ageText(health.timestamp)}</span>
      </p>
      {advice.length > 0 && (
        <ul className="mt-3 list-disc space-y-1 pl-5 text-sm wrap-anywhere">
          {advice.map(text => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      <dl className="mt-3 grid gap-x-6 gap-y-2 text-sm sm:grid-cols-3">
        <Fact label="Version">{health.version}</Fact>
        <Fact label="Running for">{durationText(health.uptime.seconds)}</Fact>
        <Fact label="Agents">
          {health.agents.total == null
            ? 'Not known: the database does not tell'
            : `${count(health.agents.active ?? 0)} of ${count(health.agents.total)} active`}
          {Boolean(health.agents.degraded) && `, ${count(health.agents.degraded ?? 0)} failing`}
        </Fact>
      </dl>
    </section>
  )
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt className="label-caps">{label}</dt>
      <dd className="mt-0.5">{children}</dd>
    </div>
  )
}

/** What is told further down, with what a badge cannot say. */
const OWN_SECTION = new Set(['backups', 'reconciliation'])

function Parts({
  checks,
  connections,
}: {
  checks: readonly HealthCheck[]
  connections: readonly Connection[]
}) {
  const may = useMay('circuits:write')
  const parts = checks.filter(check => !OWN_SECTION.has(check.name))
  const [asked, setAsked] = useState<{ check: HealthCheck; action: 'force_open' | 'reset' } | null>(null)
  return (
    <Section title="Parts" note="Without a required part nothing works; without another, only what it does">
      <ul className="divide-y divide-rule">
        {parts.map(check => {
          const state = stateOf(check)
          const news = newsOf(check)
          return (
            <li
              key={check.name}
              className="grid gap-x-6 gap-y-1 py-2.5 text-sm sm:grid-cols-[14rem_1fr_auto]"
            >
              <p className="font-semibold wrap-anywhere">
                {nameOf(check, connections)}
                {check.required && <span className="ml-2 text-xs font-normal text-faint">required</span>}
              </p>
              <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <Badge tone={state.tone}>{state.label}</Badge>
                {news && <span className="text-soft wrap-anywhere">{sentence(news)}</span>}
              </p>
              <div className="flex flex-wrap items-center gap-x-3 gap-y-1 sm:justify-end">
                <p className="text-xs text-faint">
                  {check.last_success_at
                    ? `Worked ${ageText(check.last_success_at)}`
                    : check.healthy
                      ? 'Not used yet'
                      : 'Did not work yet'}
                </p>
                {may && check.circuit_state && (
                  <Switches
                    check={check}
                    label={nameOf(check, connections)}
                    onAsk={action => setAsked({ check, action })}
                  />
                )}
              </div>
            </li>
          )
        })}
      </ul>
      {asked && (
        <Suspense fallback={null}>
          <SwitchCircuit
            check={asked.check}
            label={nameOf(asked.check, connections)}
            action={asked.action}
            onClose={() => setAsked(null)}
          />
        </Suspense>
      )}
    </Section>
  )
}

const SWITCH =
  'inline-flex min-h-6 items-center text-xs font-semibold underline decoration-dotted underline-offset-4'

/** What is closed can be stopped, what is stopped can begin anew, and what waits by itself can do both. */
function Switches({
  check,
  label,
  onAsk,
}: {
  check: HealthCheck
  label: string
  onAsk: (action: 'force_open' | 'reset') => void
}) {
  return (
    <p className="flex gap-3">
      {check.circuit_state !== 'closed' && (
        <button
          type="button"
          className={SWITCH}
          aria-label={`Begin anew: ${label}`}
          onClick={() => onAsk('reset')}
        >
          Begin anew
        </button>
      )}
      {check.circuit_state !== 'forced_open' && (
        <button
          type="button"
          className={SWITCH}
          aria-label={`Stop calls: ${label}`}
          onClick={() => onAsk('force_open')}
        >
          Stop calls
        </button>
      )}
    </p>
  )
}

function Processes({ health }: { health: Health }) {
  const { replicas } = health
  return (
    <Section title="Processes" note="Those that work on the same data and see each other">
      {replicas == null ? (
        <p className="text-sm text-soft">
          They cannot see each other while Redis is away; each goes on by itself with what the database gives.
        </p>
      ) : replicas.length === 0 ? (
        <p className="text-sm text-soft">
          This process is by itself. With <code>REDIS_URL</code> several stand here.
        </p>
      ) : (
        <ul className="divide-y divide-rule">
          {replicas.map(one => (
            <li key={one.id} className="grid gap-x-6 gap-y-1 py-2.5 text-sm sm:grid-cols-[14rem_1fr_auto]">
              <p className="font-semibold wrap-anywhere">{one.name}</p>
              <p className="text-soft">
                {one.role === 'all' ? 'Answers and works' : one.role === 'web' ? 'Answers' : 'Works'}, version{' '}
                {one.version}
              </p>
              <p className="text-xs text-faint sm:text-right">
                Since <time dateTime={one.started_at}>{momentText(one.started_at)}</time>
              </p>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
