/** Starts a run of an agent and goes to it; to the one that is under way already, where there is one. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { api, body } from '@/shared/api/client'
import { ApiError } from '@/shared/api/problem'
import { keys } from '@/shared/api/queries'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'

/** The run that a refusal names as being in the way. */
export function runInTheWay(error: unknown): string | undefined {
  if (!(error instanceof ApiError) || error.status !== 409) return undefined
  const { run_id: run } = error.problem as { run_id?: unknown }
  return typeof run === 'string' ? run : undefined
}

export function useStartRun(store: string) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const show = (id: string) => navigate({ to: paths.run, params: { id }, search: keepRange })
  return useMutation({
    mutationFn: (agent: string) =>
      body(
        api.POST('/v1/agents/{id}/run', {
          params: { path: { id: agent }, query: { store } },
          body: {},
        }),
      ),
    onSuccess: run => show(run.session_id),
    onError: error => {
      const run = runInTheWay(error)
      if (run) void show(run)
    },
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.agents })
      void client.invalidateQueries({ queryKey: keys.runs })
    },
  })
}
