/** The ad accounts behind the campaigns: how current they are, and what is wrong with them. */
import type { AdAccount } from '@/shared/api/types'
import { ageText, dayText } from '@/shared/format/time'
import { Only } from '@/shared/session/may'
import { Badge, type Tone } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { Section } from '@/shared/ui/Page'
import { useReadAgain } from './queries'
import { PLATFORMS } from './words'

const STATES: Record<AdAccount['state'], { label: string; tone: Tone }> = {
  ok: { label: 'Works', tone: 'good' },
  degraded: { label: 'Works in part', tone: 'warn' },
  reauthorize: { label: 'Grant access again', tone: 'bad' },
  down: { label: 'Does not answer', tone: 'bad' },
}

export function Accounts({ accounts }: { accounts: AdAccount[] }) {
  return (
    <Section title="Ad accounts" flush>
      <ul className="divide-y divide-edge border-t border-edge">
        {accounts.map(account => (
          <Row key={account.id} account={account} />
        ))}
      </ul>
    </Section>
  )
}

function Row({ account }: { account: AdAccount }) {
  const again = useReadAgain()
  const reading = ['queued', 'running'].includes(account.last_sync?.status ?? '')
  const state = STATES[account.state]
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-3 sm:px-5">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-semibold">
          <span className="wrap-anywhere">{account.name}</span>
          <Badge tone={state.tone}>{state.label}</Badge>
          {account.is_sandbox && <Badge tone="slate">Sandbox</Badge>}
        </p>
        <p className="text-xs text-soft">
          {PLATFORMS[account.platform]} {account.number} · days of {account.time_zone}, in {account.currency}{' '}
          · {account.last_synced_at ? `read ${ageText(account.last_synced_at)}` : 'not read yet'}
          {account.final_through && ` · final through ${dayText(account.final_through)}`}
        </p>
        {account.state_reason && <p className="text-sm text-bad">{account.state_reason}</p>}
        {account.last_sync?.remedy && <p className="text-sm">{account.last_sync.remedy}</p>}
      </div>
      <Only may="syncs:run">
        <Button kind="quiet" disabled={reading || again.isPending} onClick={() => again.mutate(account.id)}>
          {reading ? 'Being read' : 'Read again'}
        </Button>
      </Only>
    </li>
  )
}
