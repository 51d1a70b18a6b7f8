/** Why no brief is written by itself, or what the next one waits for; nothing while all is well. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ANALYTICS, agentQuery } from '@/shared/agents/agent-query'
import type { Store } from '@/shared/api/types'
import { momentText } from '@/shared/format/time'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Only, useMay } from '@/shared/session/may'
import { useOverlay } from '@/shared/ui/overlay'
import { Note } from '@/shared/ui/States'

export function AnalystNote({ store }: { store: Store }) {
  const may = useMay('agents:read')
  const { data: agent } = useQuery({ ...agentQuery(ANALYTICS, store.id), enabled: may })
  if (!agent) return null
  if (agent.stop) {
    return (
      <Told tone="bad">
        <strong>{agent.stop.scope === 'all' ? 'Everything is stopped' : 'Analytics is stopped'}</strong> by{' '}
        {agent.stop.by}, {momentText(agent.stop.at, store.timezone)}: “{agent.stop.reason}”. No brief is
        written and no figure is searched before the stop is lifted.{' '}
        <Only may="stops:lift">
          <Lift />
        </Only>
      </Told>
    )
  }
  if (!agent.enabled) {
    return (
      <Told tone="warn">
        <strong>Analytics is switched off.</strong> It does not start by itself, so no brief is written and no
        figure is searched.{' '}
        <Only may="agents:write" fallback="Admins may switch it on.">
          <ToAgent settings>Switch it on</ToAgent>
        </Only>
      </Told>
    )
  }
  if (agent.waits_for) {
    return (
      <Told>
        The next brief waits for {agent.waits_for}. <ToAgent>The agent</ToAgent>
      </Told>
    )
  }
  if (agent.health === 'failing') {
    return (
      <Told tone="bad">
        <strong>Analytics failed three times in a row.</strong> <ToAgent>See its runs</ToAgent>
      </Told>
    )
  }
  return null
}

function Told({ tone, children }: { tone?: 'bad' | 'warn'; children: ReactNode }) {
  return (
    <div className="mb-4">
      <Note tone={tone ?? 'slate'}>
        <p className="wrap-anywhere">{children}</p>
      </Note>
    </div>
  )
}

const LINK = 'inline-flex min-h-6 items-center font-semibold underline decoration-dotted underline-offset-4'

function ToAgent({ settings, children }: { settings?: boolean; children: string }) {
  return (
    <Link
      to={settings ? paths.agentSettings : paths.agent}
      params={{ id: ANALYTICS }}
      search={keepRange}
      className={LINK}
    >
      {children}
    </Link>
  )
}

function Lift() {
  const show = useOverlay(state => state.show)
  return (
    <button type="button" aria-haspopup="dialog" onClick={() => show('lift')} className={LINK}>
      Lift it
    </button>
  )
}
