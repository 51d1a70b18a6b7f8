/** Rules of a store: what each says, how it stands, when it looked last, and what it found. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { KeptRule, RuleList, Store } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { ageText, soonText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { useStore } from '@/shared/range/use-range'
import { Only, useMay } from '@/shared/session/may'
import { Badge } from '@/shared/ui/Badge'
import { Button, buttonClass } from '@/shared/ui/Button'
import { Page } from '@/shared/ui/Page'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { useNow } from '@/shared/ui/use-now'
import { rulesQuery, useChangeRule } from './queries'
import { ifText, thenText, whenText } from './words'

const LEAD = 'When something happens, if figures are so, then one change is proposed. No code needed.'

export function RulesPage() {
  const store = useStore()
  if (!store) return <Loading label="Loading the rules" />
  return <RulesOf key={store.id} store={store} />
}

function NewRuleLink() {
  return (
    <Link to={paths.rule} params={{ id: 'new' }} search={keepRange} className={buttonClass('primary')}>
      New rule
    </Link>
  )
}

function RulesOf({ store }: { store: Store }) {
  const { data, error, isPending, refetch } = useQuery(rulesQuery(store.id))
  return (
    <Page
      title="Rules"
      lead={LEAD}
      actions={
        <Only may="agents:write">
          <NewRuleLink />
        </Only>
      }
    >
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading label="Loading the rules" rows={8} />}
      {data?.rules.length === 0 && (
        <div className="sheet">
          <Empty title="There are no rules yet">
            A rule tags, prices, holds or tells, where your figures meet its conditions.
          </Empty>
        </div>
      )}
      {data && data.rules.length > 0 && (
        <ul aria-label="Rules" className="flex flex-col gap-4">
          {data.rules.map(rule => (
            <li key={rule.id}>
              <RuleCard kept={rule} list={data} store={store} />
            </li>
          ))}
        </ul>
      )}
    </Page>
  )
}

interface RuleCardProps {
  kept: KeptRule
  list: RuleList
  store: Store
}

const AUTONOMIES = { observe: 'Only tells', propose: 'Proposes', act: 'Acts' } as const

function RuleCard({ kept, list, store }: RuleCardProps) {
  const now = useNow()
  const may = useMay('agents:write')
  const change = useChangeRule(store.id)
  const { rule, last_run: last } = kept
  const next = kept.next_run_at ? `next ${soonText(kept.next_run_at, store.timezone)}` : null
  return (
    <article aria-label={rule.name} className="sheet p-4 sm:p-5">
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h2 className="text-lg font-semibold wrap-anywhere">
              <Link
                to={paths.rule}
                params={{ id: kept.id }}
                search={keepRange}
                className="decoration-dotted underline-offset-4 hover:underline"
              >
                {rule.name}
              </Link>
            </h2>
            <Badge tone={kept.enabled ? 'good' : 'neutral'}>{kept.enabled ? 'On' : 'Off'}</Badge>
            <Badge tone={kept.autonomy === 'act' ? 'brass' : 'neutral'}>{AUTONOMIES[kept.autonomy]}</Badge>
          </div>
          <p className="mt-1 max-w-prose text-sm text-soft wrap-anywhere">
            {whenText(rule.when)}, if {ifText(rule.if, list.figures, list.currency)}: {thenText(rule.then)}.
          </p>
          {kept.warning && (
            <p className="mt-1 max-w-prose text-sm text-warn wrap-anywhere">
              Nothing of it can be sent: {kept.warning}.
            </p>
          )}
        </div>
        {may && (
          <span className="flex flex-col gap-1 sm:items-end">
            <Button
              aria-label={`Switch ${kept.enabled ? 'off' : 'on'}: ${rule.name}`}
              busy={change.isPending}
              onClick={() =>
                change.mutate({ id: kept.id, change: { version: kept.version, enabled: !kept.enabled } })
              }
            >
              Switch {kept.enabled ? 'off' : 'on'}
            </Button>
            {change.error && (
              <span role="alert" className="max-w-64 text-xs text-bad sm:text-right">
                {change.error.message}
              </span>
            )}
          </span>
        )}
      </header>
      <dl className="mt-4 grid grid-cols-2 gap-x-5 gap-y-4 border-t border-rule pt-4 text-sm sm:grid-cols-3">
        <Fact label="Looked last">
          {last ? (
            <Link
              to={paths.run}
              params={{ id: last.id }}
              search={keepRange}
              className="inline-flex min-h-6 items-center underline decoration-dotted underline-offset-4"
            >
              {ageText(last.at, now)}
            </Link>
          ) : (
            'not yet'
          )}
          {next && <span className="block text-xs text-faint">{next}</span>}
        </Fact>
        <Fact label="Hits">
          {last ? (
            `${count(last.hits)} of ${count(last.looked_at)}`
          ) : (
            <span className="text-soft">none yet</span>
          )}
        </Fact>
        <Fact label="Waiting for you">
          {kept.waiting > 0 ? `${count(kept.waiting)} ${plural(kept.waiting, 'proposal')}` : 'nothing'}
        </Fact>
      </dl>
    </article>
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
