import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { AgentDetail, Store } from '@/shared/api/types'
import { useStore } from '@/shared/range/use-range'
import { agentQuery } from './queries'

/** The agent of the page, for its tabs: the frame around them waits for it and says what fails. */
export function useAgent(): { agent: AgentDetail; store: Store } | null {
  const { id = '' } = useParams({ strict: false })
  const store = useStore()
  const { data: agent } = useQuery({ ...agentQuery(id, store?.id ?? ''), enabled: store !== undefined })
  return agent && store ? { agent, store } : null
}
