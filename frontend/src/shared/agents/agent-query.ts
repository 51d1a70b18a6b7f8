/** One agent as it stands in a store. */
import { queryOptions } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'

const LOOK_EVERY_MS = 1_500

export function agentQuery(id: string, store: string) {
  return queryOptions({
    queryKey: keys.agent(id, store),
    queryFn: () => body(api.GET('/v1/agents/{id}', { params: { path: { id }, query: { store } } })),
    // The stream tells of changes; asking now and then covers a stream that is cut.
    refetchInterval: query => (query.state.data?.open_run ? LOOK_EVERY_MS : false),
  })
}

/** The agent that writes briefs and finds unusual days. */
export const ANALYTICS = 'analytics'
