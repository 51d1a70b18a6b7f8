/** What goes on behind the data: what providers still allow, comparisons with their totals, jobs, backups and the audit. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Connection, Health, ProviderBudget } from '@/shared/api/types'
import { Standing } from '@/shared/figures/ReconciliationStanding'
import { count, number } from '@/shared/format/money'
import { ageText, durationText, momentText } from '@/shared/format/time'
import { asSentence, plural } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { useMay } from '@/shared/session/may'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { Meter } from '@/shared/ui/Meter'
import { Section } from '@/shared/ui/Page'
import { Failure, Note } from '@/shared/ui/States'
import { LINK } from './links'
import { auditCheckQuery, jobsOfQuery } from './queries'
import { accountOf, newsOf, stateOf } from './words'

export function Budgets({ budgets }: { budgets: readonly ProviderBudget[] }) {
  return (
    <Section
      title="Provider budgets"
      note="What each account may still ask, by its provider’s last answer to this process"
    >
      {budgets.length === 0 ? (
        <p className="text-sm text-soft">No provider told of a budget yet: it comes with the first answer.</p>
      ) : (
        <ul className="divide-y divide-rule">
          {budgets.map(one => (
            <Budget key={one.account} budget={one} />
          ))}
        </ul>
      )}
    </Section>
  )
}

/** Below this share it is drawn as nearly used up. */
const SCARCE = 0.1

function Budget({ budget }: { budget: ProviderBudget }) {
  const { free, most, restored_per_second: back, paused_until: paused } = budget
  const share = free != null && most ? free / most : null
  const name = accountOf(budget.account, budget.account_name)
  return (
    <li className="grid items-center gap-x-6 gap-y-1.5 py-2.5 text-sm sm:grid-cols-[14rem_8rem_1fr]">
      <p className="font-semibold wrap-anywhere">{name}</p>
      <Meter
        label={`Left at ${name}`}
        value={share}
        tone={share != null && share < SCARCE ? 'warn' : 'good'}
        thin
      />
      <p className="text-soft">
        {free == null || most == null ? (
          'It has not told how much'
        ) : (
          <>
            <span className="numeral">
              {count(free)} of {count(most)}
            </span>{' '}
            points{back ? `, ${number(back, 2)} ${plural(back, 'comes', 'come')} back each second` : ''}
          </>
        )}
        {paused && `; it asked for quiet until ${momentText(paused)}`}.
      </p>
    </li>
  )
}

export function Reconciled({ connections }: { connections: readonly Connection[] }) {
  const compared = connections.filter(one => one.reconciliation)
  return (
    <Section title="Reconciliation" note="The last thirty days against each shop’s own totals">
      {compared.length === 0 ? (
        <p className="text-sm text-soft">
          Nothing was compared yet: it is done once a day, after a shop was read whole.
        </p>
      ) : (
        <ul className="flex flex-col gap-4">
          {compared.map(one => (
            <li key={one.id}>
              {compared.length > 1 && <p className="mb-1 text-sm font-semibold wrap-anywhere">{one.name}</p>}
              {one.reconciliation && <Standing standing={one.reconciliation} />}
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

export function Backups({ health }: { health: Health }) {
  const { backups } = health
  const check = health.checks.find(({ name }) => name === 'backups')
  const state = check && stateOf(check)
  const news = check && !check.healthy && newsOf(check)
  return (
    <Section title="Backups" note="Encrypted copies of the whole database, made while it is in use">
      {!backups ? (
        <p className="text-sm text-soft">
          None are made by themselves: an operator sets <code>BACKUP_DIR</code> and who can open them.
        </p>
      ) : (
        <div className="flex flex-col gap-1 text-sm">
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
            {state && <Badge tone={state.tone}>{state.label}</Badge>}
            {backups.newest_at ? (
              <span>
                The newest was made {ageText(backups.newest_at)}
                {backups.kept != null && `; ${count(backups.kept)} ${plural(backups.kept, 'is', 'are')} kept`}
                .
              </span>
            ) : (
              <span>{backups.kept == null ? 'How many there are is not known.' : 'There is none yet.'}</span>
            )}
          </p>
          <p className="text-soft">One is made every {durationText(backups.every_seconds)}.</p>
          {news && <Note tone="bad">{asSentence(news)}</Note>}
        </div>
      )}
    </Section>
  )
}

const STANDINGS = [
  { status: 'running', label: 'Running' },
  { status: 'queued', label: 'Waiting' },
  { status: 'failed', label: 'Failed' },
  { status: 'dead', label: 'Given up' },
] as const

export function Work() {
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

export function AuditChain() {
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
