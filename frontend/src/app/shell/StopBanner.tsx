/** While a stop is on, every page says so. */
import { useQuery } from '@tanstack/react-query'
import { OctagonX } from 'lucide-react'
import { useAgents } from '@/shared/agents/use-agents'
import { stopsQuery } from '@/shared/api/queries'
import type { Agent, StopScope } from '@/shared/api/types'
import { words } from '@/shared/format/words'
import { Only, useMay } from '@/shared/session/may'
import { useOverlay } from '@/shared/ui/overlay'

function whatText({ kind, id }: StopScope, agents: Agent[]): string {
  if (kind === 'all') return 'Emergency stop: nothing is written outside.'
  if (kind === 'connection') return 'A connection is stopped.'
  return `The agent ${agents.find(agent => agent.id === id)?.name ?? words(id)} is stopped.`
}

export function StopBanner() {
  const { data: stops } = useQuery({ ...stopsQuery, enabled: useMay('changes:read') })
  const show = useOverlay(state => state.show)
  const stop = stops?.find(candidate => candidate.scope.kind === 'all') ?? stops?.[0]
  const agents = useAgents(stop?.scope.kind === 'agent')
  if (!stop) return null
  const others = (stops?.length ?? 0) - 1
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b-2 border-bad bg-bad-wash px-4 py-2 text-sm lg:px-6"
    >
      <OctagonX aria-hidden="true" className="size-4 shrink-0 text-bad" />
      <p className="min-w-0 flex-1 basis-56">
        <strong className="text-bad">{whatText(stop.scope, agents)}</strong> {stop.by}: “{stop.reason}”
        {others > 0 && ` and ${others} more.`}
      </p>
      <Only may="stops:lift">
        <button
          type="button"
          aria-haspopup="dialog"
          onClick={() => show('lift')}
          className="min-h-8 rounded-md border border-bad px-3 font-semibold text-bad hover:bg-sheet"
        >
          Lift it
        </button>
      </Only>
    </div>
  )
}
