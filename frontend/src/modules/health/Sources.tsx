/** Where the facts come from: when each source was last read, and how far. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { isMoving, supplierAccountsQuery } from '@/shared/api/queries'
import type { AdAccount, Connection, SupplierAccount } from '@/shared/api/types'
import { PLATFORMS } from '@/shared/format/ad-platforms'
import { ageText, dayText } from '@/shared/format/time'
import { asSentence, words } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { useMay } from '@/shared/session/may'
import { Badge, type Tone } from '@/shared/ui/Badge'
import { Section } from '@/shared/ui/Page'
import { Failure } from '@/shared/ui/States'
import { LINK } from './links'
import { adAccountsQuery } from './queries'

const STATES: Record<string, { label: string; tone: Tone }> = {
  ok: { label: 'Connected', tone: 'good' },
  sandbox: { label: 'Sandbox', tone: 'brass' },
  degraded: { label: 'Degraded', tone: 'warn' },
  reauthorize: { label: 'Sign in again', tone: 'bad' },
  down: { label: 'Down', tone: 'bad' },
}

export function Sources({ connections }: { connections: readonly Connection[] }) {
  const may = useMay('connections:read')
  const ads = useQuery({ ...adAccountsQuery, enabled: may })
  const suppliers = useQuery({ ...supplierAccountsQuery, enabled: may })
  const error = ads.error ?? suppliers.error
  return (
    <Section
      title="Data"
      note="When each source was last read, and how it tells of changes"
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
            <Source key={one.id} name={one.name} state={one.state}>
              {ofShop(one)}
              {one.current_sync_id && (
                <>
                  {' '}
                  <Link to={paths.sync} params={{ id: one.current_sync_id }} className={LINK}>
                    It is being read now
                  </Link>
                </>
              )}
            </Source>
          ))}
          {ads.data?.map(one => (
            <Source key={one.id} name={`${PLATFORMS[one.platform]} ads, ${one.name}`} state={one.state}>
              {ofAds(one)}
            </Source>
          ))}
          {suppliers.data?.map(one => (
            <Source key={one.id} name={one.name} state={one.state}>
              {ofSupplier(one)}
            </Source>
          ))}
        </ul>
      )}
      {error && <Failure error={error} />}
    </Section>
  )
}

function Source({ name, state, children }: { name: string; state: string; children: ReactNode }) {
  const known = STATES[state] ?? { label: words(state), tone: 'neutral' as const }
  return (
    <li className="grid gap-x-6 gap-y-1 py-2.5 text-sm sm:grid-cols-[14rem_6rem_1fr]">
      <p className="flex flex-wrap items-center gap-2 sm:contents">
        <span className="font-semibold wrap-anywhere">{name}</span>
        <span>
          <Badge tone={known.tone}>{known.label}</Badge>
        </span>
      </p>
      <p className="text-soft wrap-anywhere">{children}</p>
    </li>
  )
}

function ofShop(one: Connection): string {
  const { last_received_at: heard } = one.webhooks
  return [
    one.last_success_at
      ? `The shop last answered ${ageText(one.last_success_at)}.`
      : 'The shop never answered yet.',
    one.webhooks.state === 'ok'
      ? `Changes are told at once${heard ? `, the last one ${ageText(heard)}` : ''}.`
      : 'Changes are read every few minutes.',
    one.state_reason && asSentence(one.state_reason),
  ]
    .filter(Boolean)
    .join(' ')
}

function ofAds(one: AdAccount): string {
  const through = one.read_through && `, its days up to ${dayText(one.read_through)}`
  return said(one, `${readAt(one.last_synced_at)}${through ?? ''}.`)
}

function ofSupplier(one: SupplierAccount): string {
  return said(one, `${readAt(one.last_synced_at)}.`)
}

const readAt = (at: string | null | undefined) => (at ? `Read ${ageText(at)}` : 'Not read yet')

function said(one: AdAccount | SupplierAccount, read: string): string {
  return [
    read,
    isMoving(one.last_sync?.status) && 'It is being read now.',
    one.state_reason && asSentence(one.state_reason),
  ]
    .filter(Boolean)
    .join(' ')
}
