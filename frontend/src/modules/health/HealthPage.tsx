/** Is the machine healthy, and is the data fresh? */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { sentence } from '@/shared/api/problem'
import { connectionsQuery } from '@/shared/api/queries'
import type { Connection, Health, HealthCheck } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { ageText, durationText, momentText } from '@/shared/format/time'
import { plural, words } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { useMay } from '@/shared/session/may'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { Page, Section } from '@/shared/ui/Page'
import { Failure, Loading, Note } from '@/shared/ui/States'
import { useNow } from '@/shared/ui/use-now'
import { auditCheckQuery, healthQuery, jobsOfQuery } from './queries'
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
          <div className="grid gap-5 lg:grid-cols-2">
            <Work />
            <AuditChain />
          </div>
          <Processes health={health.data} />
        </div>
      )}
    </Page>
  )
}

function Overall({ health, connections }: { health: Health; connections: readonly Connection[] }) {
  const overall = OVERALL[health.status] ?? { label: health.status, tone: 'neutral' as const, says: '' }
  return (
    <section aria-label="Overall" className="sheet px-4 py-4 sm:px-5">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Badge tone={overall.tone}>{overall.label}</Badge>
        <span className="font-semibold">{overall.says}</span>
        <span className="text-sm text-faint">Looked at {ageText(health.timestamp)}</span>
      </p>
      {health.recommendations.length > 0 && (
        <ul className="mt-3 list-disc space-y-1 pl-5 text-sm wrap-anywhere">
          {health.recommendations.map(text => (
            <li key={text}>{adviceOf(text, health.checks, connections)}</li>
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

const LINK =
  'inline-flex min-h-6 items-center text-sm font-semibold underline decoration-dotted underline-offset-4'

const CONNECTION: Record<string, Parameters<typeof Badge>[0]['tone']> = {
  ok: 'good',
  sandbox: 'brass',
  degraded: 'warn',
  down: 'bad',
}

function Sources({ connections }: { connections: readonly Connection[] }) {
  return (
    <Section
      title="Data"
      note="When each shop was last read, and how it tells of changes"
      actions={
        <Link to={paths.connections} search={keepRange} className={LINK}>
          Connections
        </Link>
      }
    >
      {connections.length === 0 ? (
        <p className="text-sm text-soft">No shop is connected: there is no data that could be stale.</p>
      ) : (
        <ul className="divide-y divide-rule">
          {connections.map(one => (
            <li key={one.id} className="grid gap-x-6 gap-y-1 py-2.5 text-sm sm:grid-cols-[14rem_1fr]">
              <p className="flex flex-wrap items-center gap-2">
                <span className="font-semibold wrap-anywhere">{one.name}</span>
                <Badge tone={CONNECTION[one.state] ?? 'neutral'}>
                  {one.state === 'ok' ? 'Connected' : words(one.state)}
                </Badge>
              </p>
              <p className="text-soft wrap-anywhere">
                {one.last_success_at
                  ? `The shop last answered ${ageText(one.last_success_at)}.`
                  : 'The shop never answered yet.'}{' '}
                {one.webhooks.state === 'ok'
                  ? `Changes are told at once${one.webhooks.last_received_at ? `, the last one ${ageText(one.webhooks.last_received_at)}` : ''}.`
                  : 'Changes are read every few minutes.'}
                {one.state_reason && ` ${sentence(one.state_reason)}`}
              </p>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function Parts({
  checks,
  connections,
}: {
  checks: readonly HealthCheck[]
  connections: readonly Connection[]
}) {
  const may = useMay('circuits:write')
  const [asked, setAsked] = useState<{ check: HealthCheck; action: 'force_open' | 'reset' } | null>(null)
  return (
    <Section title="Parts" note="Without a required part nothing works; without another, only what it does">
      <ul className="divide-y divide-rule">
        {checks.map(check => {
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

const STANDINGS = [
  { status: 'running', label: 'Running' },
  { status: 'queued', label: 'Waiting' },
  { status: 'failed', label: 'Failed' },
  { status: 'dead', label: 'Given up' },
] as const

function Work() {
  const may = useMay('jobs:read')
  if (!may) return null
  return (
    <Section
      title="Work"
      note="Jobs of all kinds"
      actions={
        <Link to={paths.jobs} search={keepRange} className={LINK}>
          Jobs
        </Link>
      }
    >
      <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
        {STANDINGS.map(one => (
          <JobCount key={one.status} {...one} />
        ))}
      </dl>
    </Section>
  )
}

function JobCount({ status, label }: (typeof STANDINGS)[number]) {
  const { data, error } = useQuery(jobsOfQuery(status))
  return (
    <div>
      <dt className="label-caps">{label}</dt>
      <dd className="numeral mt-0.5 text-lg">{data != null ? count(data) : error ? 'Not known' : '…'}</dd>
    </div>
  )
}

function AuditChain() {
  const may = useMay('audit:read')
  const check = useQuery({ ...auditCheckQuery, enabled: false })
  if (!may) return null
  const { data } = check
  return (
    <Section
      title="Audit"
      note="Each entry is chained to the one before"
      actions={
        <Button busy={check.isFetching} onClick={() => void check.refetch()}>
          Check the chain
        </Button>
      }
    >
      <div role="status" className="text-sm">
        {check.error && <Failure error={check.error} />}
        {!data && !check.error && (
          <p className="text-soft">Not checked since this page was opened: it reads every entry.</p>
        )}
        {data?.holds && (
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <Badge tone="good">Whole</Badge> {count(data.entries)} {plural(data.entries, 'entry', 'entries')},
            the end {data.signed_at ? `signed ${ageText(data.signed_at)}` : 'not signed yet'}.
          </p>
        )}
        {data && !data.holds && (
          <Note tone="bad">
            Entry {count(data.broken_at ?? 0)} does not hold: {data.fault}
          </Note>
        )}
      </div>
    </Section>
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
