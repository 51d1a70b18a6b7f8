import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'

const github = ['github']

/** Looked at again while it is open: what is wrong is told within a quarter of a minute. */
export const githubQuery = queryOptions({
  queryKey: github,
  queryFn: () => body(api.GET('/v1/github')),
  refetchInterval: 15_000,
})

export function useTestGithub() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => body(api.POST('/v1/github/test')),
    onSettled: () => client.invalidateQueries({ queryKey: github }),
  })
}

export interface Dispatch {
  event_type: string
  client_payload?: Record<string, unknown>
}

export function useDispatch() {
  return useMutation({
    mutationFn: (dispatch: Dispatch) => body(api.POST('/v1/github/dispatches', { body: dispatch })),
  })
}

const warehouse = ['warehouse']

/** Looked at again while it is open: a run goes on by itself. */
export const warehouseQuery = queryOptions({
  queryKey: warehouse,
  queryFn: () => body(api.GET('/v1/warehouse')),
  refetchInterval: 5_000,
})

export function useTestWarehouse() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => body(api.POST('/v1/warehouse/test')),
    onSettled: () => client.invalidateQueries({ queryKey: warehouse }),
  })
}

export function useRunWarehouse() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (store: string) => body(api.POST('/v1/warehouse/runs', { body: { store } })),
    onSettled: () => client.invalidateQueries({ queryKey: warehouse }),
  })
}
