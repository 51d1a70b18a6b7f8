/** The connected suppliers: how current they are, what is left of their quota, and what is looked for there. */
import { lazy, Suspense, useState } from 'react'
import type { SupplierAccount } from '@/shared/api/types'
import { count, money } from '@/shared/format/money'
import { ageText } from '@/shared/format/time'
import { countryName, plural } from '@/shared/format/words'
import { Only } from '@/shared/session/may'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { Meter } from '@/shared/ui/Meter'
import { Section } from '@/shared/ui/Page'
import { useReadAgain } from './queries'
import { switchedOff } from './rest-contract'
import { STATES } from './words'

const Disconnect = lazy(() => import('./Disconnect'))
const Watch = lazy(() => import('./Watch'))

export function Accounts({ accounts }: { accounts: SupplierAccount[] }) {
  return (
    <Section title="Connected suppliers" flush>
      <ul className="divide-y divide-edge border-t border-edge">
        {accounts.map(account => (
          <Row key={account.id} account={account} />
        ))}
      </ul>
    </Section>
  )
}

function Row({ account }: { account: SupplierAccount }) {
  const again = useReadAgain()
  const [open, setOpen] = useState<'watch' | 'remove'>()
  const close = () => setOpen(undefined)
  const reading = ['queued', 'running', 'cancelling'].includes(account.last_sync?.status ?? '')
  const state = STATES[account.state]
  const off = switchedOff(account)
  return (
    <li className="flex flex-col gap-3 px-4 py-4 sm:px-5">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
        <div className="min-w-0">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-semibold">
            {account.name}
            <Badge tone={state.tone}>{state.label}</Badge>
            {account.is_sandbox && <Badge tone="slate">Sandbox</Badge>}
            {account.rest && <Badge tone="warn">Own contract, unverified</Badge>}
          </p>
          <p className="text-xs text-soft">
            {account.last_synced_at ? `read ${ageText(account.last_synced_at)}` : 'not read yet'} ·{' '}
            {watchText(account)}
          </p>
          {account.rest && (
            <p className="text-xs text-soft wrap-anywhere">
              {account.rest.base_url}
              {off.length > 0 && ` · not in the contract: ${off.join(', ')}`}
            </p>
          )}
          {account.state_reason && <p className="mt-1 text-sm text-bad">{account.state_reason}</p>}
          {account.off.map(text => (
            <p key={text} className="mt-1 text-sm text-warn">
              {text}
            </p>
          ))}
          {account.last_sync?.remedy && <p className="text-sm">{account.last_sync.remedy}</p>}
        </div>
        <div className="flex flex-wrap gap-2">
          <Only may="connections:write">
            <Button kind="quiet" onClick={() => setOpen('watch')}>
              What is looked for
            </Button>
            <Button kind="quiet" onClick={() => setOpen('remove')}>
              Disconnect
            </Button>
          </Only>
          <Only may="syncs:run">
            <Button disabled={reading || again.isPending} onClick={() => again.mutate(account.id)}>
              {reading ? 'Being read' : 'Read again'}
            </Button>
          </Only>
        </div>
      </div>
      <dl className="grid gap-x-8 gap-y-3 text-sm sm:grid-cols-3">
        <Quota account={account} />
        <div>
          <dt className="text-xs text-soft">Balance</dt>
          <dd className="numeral">
            {account.balance ? money(account.balance.amount, account.balance.currency) : 'not told'}
          </dd>
        </div>
        <LastRun account={account} />
      </dl>
      {open === 'watch' && (
        <Suspense>
          <Watch account={account} onClose={close} />
        </Suspense>
      )}
      {open === 'remove' && (
        <Suspense>
          <Disconnect account={account} onClose={close} />
        </Suspense>
      )}
    </li>
  )
}

function watchText({ watch }: SupplierAccount): string {
  const from = watch.ships_from ? ` in ${countryName(watch.ships_from)}` : ''
  const designs = watch.designs?.length ?? 0
  const printed = designs > 0 ? `, prints ${designs} ${plural(designs, 'design', 'designs')}` : ''
  return `looks for ${watch.searches.join(', ')}${from}, keeps ${count(watch.most_products)}${printed}`
}

function Quota({ account: { quota, platform, rest } }: { account: SupplierAccount }) {
  const pace = rest ? 'at most 2 a second, and what it asks for' : PACES[platform]
  if (pace) return <Pace text={pace} />
  return (
    <div>
      <dt className="text-xs text-soft">Points of the day</dt>
      <dd>
        {quota ? (
          <>
            <span className="numeral">
              {count(quota.left)} of {count(quota.total)} left
            </span>
            <Meter
              label="Points that are left"
              value={quota.total > 0 ? quota.left / quota.total : null}
              tone={quota.left * 10 < quota.total ? 'warn' : 'brass'}
              thin
            />
          </>
        ) : (
          'not told yet'
        )}
      </dd>
    </div>
  )
}

/** These count calls, and no points. */
const PACES: Partial<Record<SupplierAccount['platform'], string>> = {
  printful: '120 a minute, with no limit a day',
  autods: '60 a minute, 1000 an hour',
}

function Pace({ text }: { text: string }) {
  return (
    <div>
      <dt className="text-xs text-soft">Calls</dt>
      <dd>{text}</dd>
    </div>
  )
}

function LastRun({ account: { last_sync: run } }: { account: SupplierAccount }) {
  if (!run) return null
  const warnings = run.warnings.length
  return (
    <div>
      <dt className="text-xs text-soft">Last reading</dt>
      <dd>
        <span className="numeral">
          {count(run.products)}
          {run.products_total != null && run.products_total > run.products
            ? ` of ${count(run.products_total)}`
            : ''}
        </span>{' '}
        {plural(run.products, 'product', 'products')}, {count(run.changes)}{' '}
        {plural(run.changes, 'change', 'changes')}
        {warnings > 0 && (
          <details className="text-xs">
            <summary className="min-h-6 cursor-pointer text-warn">
              {warnings} {plural(warnings, 'warning', 'warnings')}
            </summary>
            <ul className="list-disc pl-4">
              {run.warnings.map(text => (
                <li key={text} className="wrap-anywhere">
                  {text}
                </li>
              ))}
            </ul>
          </details>
        )}
      </dd>
    </div>
  )
}
