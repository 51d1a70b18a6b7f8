/** One account at a provider: how it is, what it may read, what came in, what went wrong. */
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { Connection } from '@/shared/api/types'
import { Standing } from '@/shared/figures/ReconciliationStanding'
import { count } from '@/shared/format/money'
import { ageText, momentText } from '@/shared/format/time'
import { words } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { Only } from '@/shared/session/may'
import { Badge } from '@/shared/ui/Badge'
import { Button, buttonClass } from '@/shared/ui/Button'
import { Note } from '@/shared/ui/States'
import { useNow } from '@/shared/ui/use-now'
import { useCheck, useSyncAction } from './queries'
import { StatusBadge } from './StatusBadge'
import { SyncHistory } from './SyncHistory'

const DisconnectDialog = lazy(() => import('./DisconnectDialog'))

/** What is missing for changes alone is no fault of a store that is only read. */
const TONES = { required: 'bad', recommended: 'warn', for_changes: 'slate' } as const

export function ConnectionCard({ connection }: { connection: Connection }) {
  const titleId = `connection-${connection.id}`
  return (
    <section aria-labelledby={titleId} className="sheet">
      <header className="flex flex-wrap items-start justify-between gap-3 p-4 sm:p-5">
        <div className="min-w-0">
          <h2 id={titleId} className="flex flex-wrap items-center gap-2 text-lg font-semibold">
            {connection.name}
            <StatusBadge status={connection.state} />
            {connection.is_sandbox && connection.state !== 'sandbox' && <Badge tone="brass">Sandbox</Badge>}
          </h2>
          <p className="text-sm text-soft">
            {connection.shop_domain}
            {connection.currency && ` · ${connection.currency}`}
            {connection.timezone && ` · ${connection.timezone}`}
          </p>
          {connection.state_reason && <p className="mt-1 text-sm">{connection.state_reason}</p>}
        </div>
        <Actions connection={connection} />
      </header>
      <div className="flex flex-col gap-3 px-4 sm:px-5">
        <Troubles connection={connection} />
      </div>
      <div className="grid gap-x-8 gap-y-6 p-4 sm:p-5 lg:grid-cols-2">
        <Facts connection={connection} />
        <Access connection={connection} />
        <Machinery connection={connection} />
        <SyncHistory connectionId={connection.id} />
        {connection.reconciliation && (
          <div>
            <h3 className="label-caps mb-2">Reconciliation</h3>
            <Standing standing={connection.reconciliation} />
          </div>
        )}
      </div>
    </section>
  )
}

function Actions({ connection }: { connection: Connection }) {
  const check = useCheck()
  const sync = useSyncAction()
  const [asking, setAsking] = useState(false)
  return (
    <div className="flex flex-wrap items-center gap-2">
      {connection.current_sync_id ? (
        <Link to={paths.sync} params={{ id: connection.current_sync_id }} className={buttonClass('primary')}>
          Watch the sync
        </Link>
      ) : (
        <Only may="syncs:run">
          <Button kind="primary" busy={sync.isPending} onClick={() => sync.mutate({ start: connection.id })}>
            Sync now
          </Button>
        </Only>
      )}
      <Only may="syncs:run">
        <Button busy={check.isPending} onClick={() => check.mutate(connection.id)}>
          Check
        </Button>
      </Only>
      <Only may="connections:write">
        <Button kind="quiet" onClick={() => setAsking(true)}>
          Disconnect
        </Button>
      </Only>
      {(check.error ?? sync.error) && (
        <p role="alert" className="w-full text-sm text-bad">
          {(check.error ?? sync.error)?.message}
        </p>
      )}
      <Suspense>
        {asking && <DisconnectDialog connection={connection} onClose={() => setAsking(false)} />}
      </Suspense>
    </div>
  )
}

function Troubles({ connection }: { connection: Connection }) {
  const now = useNow()
  const answered = connection.api_version_answered
  return (
    <>
      {connection.last_error && (
        <Note tone="bad">
          <p className="font-semibold">{connection.last_error.message}</p>
          {connection.last_error.remedy && <p>{connection.last_error.remedy}</p>}
          <p className="text-xs text-soft">{ageText(connection.last_error.at, now)}; older facts are kept.</p>
        </Note>
      )}
      {answered && answered !== connection.api_version && (
        <Note tone="warn">
          Asked for version {connection.api_version} of the API, answered with {answered}.
        </Note>
      )}
      {connection.scopes.missing.map(missing => (
        <Note key={missing.scope} tone={TONES[missing.severity]}>
          <code className="font-mono text-xs">{missing.scope}</code> is not granted: {missing.costs}
        </Note>
      ))}
    </>
  )
}

function Facts({ connection }: { connection: Connection }) {
  const now = useNow()
  return (
    <div>
      <h3 className="label-caps mb-2">Facts</h3>
      {connection.facts.length === 0 && <p className="text-sm text-soft">Nothing was fetched yet.</p>}
      {connection.facts.length > 0 && (
        <table className="w-full text-sm">
          <thead className="text-xs text-faint">
            <tr>
              <th scope="col" className="py-1 text-left font-medium">
                Kind
              </th>
              <th scope="col" className="py-1 text-right font-medium">
                Count
              </th>
              <th scope="col" className="py-1 text-right font-medium">
                Fetched
              </th>
            </tr>
          </thead>
          <tbody>
            {connection.facts.map(fact => (
              <tr key={fact.kind} className="border-t border-rule align-top">
                <th scope="row" className="py-1.5 text-left font-normal">
                  {words(fact.kind)}
                  {fact.last_error && <span className="block text-xs text-bad">{fact.last_error}</span>}
                </th>
                <td className="numeral py-1.5 text-right">{count(fact.count)}</td>
                <td className="py-1.5 pl-3 text-right text-soft">{ageText(fact.last_success_at, now)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  )
}

function Access({ connection }: { connection: Connection }) {
  return (
    <div>
      <h3 className="label-caps mb-2">Access</h3>
      <ul className="flex flex-wrap gap-1.5">
        {connection.scopes.granted.map(scope => (
          <li key={scope} className="max-w-full">
            <code className="wrap-anywhere rounded-sm bg-sunk px-1.5 py-0.5 font-mono text-xs">{scope}</code>
          </li>
        ))}
      </ul>
      <p className="mt-2 text-sm text-soft">
        {connection.scopes.missing.length === 0
          ? 'Everything that is needed is granted. Nothing is changed without an approval.'
          : `${connection.scopes.missing.length} not granted; what that costs stands above.`}
      </p>
    </div>
  )
}

function Machinery({ connection }: { connection: Connection }) {
  const { webhooks, breaker } = connection
  return (
    <div>
      <h3 className="label-caps mb-2">Line</h3>
      <dl className="grid grid-cols-[auto_1fr] items-baseline gap-x-4 gap-y-2 text-sm">
        <dt className="text-soft">Webhooks</dt>
        <dd>
          <StatusBadge status={webhooks.state} />
          {webhooks.detail && <span className="mt-0.5 block text-soft">{webhooks.detail}</span>}
          {webhooks.last_received_at && (
            <span className="block text-xs text-faint">last {momentText(webhooks.last_received_at)}</span>
          )}
        </dd>
        <dt className="text-soft">Reading</dt>
        <dd>
          <StatusBadge status={breaker.read.state} />
          {breaker.read.until && (
            <span className="ml-2 text-soft">until {momentText(breaker.read.until)}</span>
          )}
        </dd>
        <dt className="text-soft">Writing</dt>
        <dd>
          <StatusBadge status={breaker.write.state} />
          {breaker.write.until && (
            <span className="ml-2 text-soft">until {momentText(breaker.write.until)}</span>
          )}
        </dd>
        <dt className="text-soft">API version</dt>
        <dd className="numeral">{connection.api_version_answered ?? connection.api_version}</dd>
        <dt className="text-soft">Last success</dt>
        <dd>{connection.last_success_at ? momentText(connection.last_success_at) : 'never'}</dd>
      </dl>
    </div>
  )
}
