/** One agent: its name, what it decides, and its tabs, each with an address of its own. */
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useParams } from '@tanstack/react-router'
import type { AgentDetail, Store } from '@/shared/api/types'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { useStore } from '@/shared/range/use-range'
import { Only } from '@/shared/session/may'
import { Button } from '@/shared/ui/Button'
import { useOverlay } from '@/shared/ui/overlay'
import { Page } from '@/shared/ui/Page'
import { Failure, Loading } from '@/shared/ui/States'
import { AgentBadges } from './AgentBadges'
import { agentQuery } from './queries'
import { RunNow } from './RunNow'
import { StopNote } from './StopNote'

const TABS = [
  { to: paths.agent, label: 'Overview' },
  { to: paths.agentRuns, label: 'Runs' },
  { to: paths.agentSettings, label: 'Settings' },
  { to: paths.agentRehearsals, label: 'Rehearsals' },
] as const

export function AgentFrame() {
  const { id = '' } = useParams({ strict: false })
  const store = useStore()
  if (!store) return <Loading label="Loading the agent" />
  return <FrameOf key={`${store.id}/${id}`} id={id} store={store} />
}

function FrameOf({ id, store }: { id: string; store: Store }) {
  const { data: agent, error, refetch } = useQuery(agentQuery(id, store.id))
  if (error && !agent) {
    return (
      <Page title="Agent">
        <Failure error={error} onRetry={() => void refetch()} />
      </Page>
    )
  }
  if (!agent) return <Loading label="Loading the agent" rows={10} />
  return (
    <Page
      title={agent.name}
      lead={
        <>
          <AgentBadges agent={agent} />
          <span className="mt-1 block max-w-prose">{agent.decides}</span>
        </>
      }
      actions={<Actions agent={agent} store={store} />}
    >
      <nav aria-label={`Pages of ${agent.name}`} className="mb-5 overflow-x-auto border-b border-rule">
        <ul className="flex gap-1">
          {TABS.map(tab => (
            <li key={tab.to}>
              <Link
                to={tab.to}
                params={{ id }}
                search={keepRange}
                activeOptions={{ exact: true, includeSearch: false }}
                className="-mb-px inline-flex min-h-10 items-center border-b-2 border-transparent px-2.5 text-sm font-medium whitespace-nowrap text-soft hover:text-ink aria-[current=page]:border-brass aria-[current=page]:font-semibold aria-[current=page]:text-ink sm:px-3"
              >
                {tab.label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {agent.stop && (
        <div className="mb-5">
          <StopNote stop={agent.stop} />
        </div>
      )}
      <Outlet />
    </Page>
  )
}

function Actions({ agent, store }: { agent: AgentDetail; store: Store }) {
  const show = useOverlay(state => state.show)
  return (
    <span className="flex flex-wrap items-start gap-2">
      {agent.stop?.scope !== 'agent' && (
        <Only may="stops:write">
          <Button
            kind="danger"
            aria-haspopup="dialog"
            onClick={() => show('stop', { kind: 'agent', id: agent.id })}
          >
            Stop this agent
          </Button>
        </Only>
      )}
      <RunNow agent={agent} store={store.id} primary />
    </span>
  )
}
