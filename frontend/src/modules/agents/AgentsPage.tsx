/** The agents of a store: what each decides, how it stands, and what it waits for. */
import { useQuery } from '@tanstack/react-query'
import { agentsQuery } from '@/shared/api/queries'
import type { Store } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { plural } from '@/shared/format/words'
import { useStore } from '@/shared/range/use-range'
import { Page } from '@/shared/ui/Page'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { AgentCard } from './AgentCard'

const LEAD = 'Policies that look at your facts and propose changes. How far each may go is yours to say.'

export function AgentsPage() {
  const store = useStore()
  if (!store) return <Loading label="Loading the agents" />
  return <AgentsOf key={store.id} store={store} />
}

function AgentsOf({ store }: { store: Store }) {
  const { data, error, isPending, refetch } = useQuery(agentsQuery(store.id))
  return (
    <Page title="Agents" lead={LEAD}>
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading label="Loading the agents" rows={8} />}
      {data && data.agents.length === 0 && (
        <div className="sheet">
          <Empty title="There are no agents">This version of the server brings none.</Empty>
        </div>
      )}
      {data && data.agents.length > 0 && (
        <>
          <p role="status" className="mb-3 text-xs text-faint">
            {count(data.total)} {plural(data.total, 'agent')}, {count(data.active)} active
          </p>
          <ul aria-label="Agents" className="flex flex-col gap-4">
            {data.agents.map(agent => (
              <li key={agent.id}>
                <AgentCard agent={agent} store={store} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Page>
  )
}
