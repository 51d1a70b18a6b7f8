/** Starts a run; where it cannot, it says why beside the button. */
import { useId } from 'react'
import { runInTheWay, useStartRun } from '@/shared/agents/start-run'
import type { Agent } from '@/shared/api/types'
import { useMay } from '@/shared/session/may'
import { Button } from '@/shared/ui/Button'

interface RunNowProps {
  agent: Pick<Agent, 'id' | 'name' | 'status' | 'open_run'>
  store: string
  primary?: boolean
}

export function RunNow({ agent, store, primary }: RunNowProps) {
  const id = useId()
  const may = useMay('agents:run')
  const start = useStartRun(store)
  if (!may) return null
  const why = whyNot(agent)
  const refused = start.error && !runInTheWay(start.error) ? start.error.message : null
  return (
    <span className="flex flex-col gap-1 sm:items-end">
      <Button
        kind={primary ? 'primary' : 'plain'}
        aria-label={`Run now: ${agent.name}`}
        aria-describedby={why ? id : undefined}
        disabled={why !== null}
        busy={start.isPending}
        onClick={() => start.mutate(agent.id)}
      >
        Run now
      </Button>
      {why && (
        <span id={id} className="text-xs text-faint">
          {why}
        </span>
      )}
      {refused && (
        <span role="alert" className="max-w-64 text-xs text-bad sm:text-right">
          {refused}
        </span>
      )}
    </span>
  )
}

function whyNot({ status, open_run }: RunNowProps['agent']): string | null {
  if (status === 'stopped') return 'Stopped'
  return open_run ? 'A run is under way' : null
}
