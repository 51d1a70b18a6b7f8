import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'

const KEY = ['secrets']

export const secretsQuery = queryOptions({
  queryKey: [...KEY, 'list'],
  queryFn: () => body(api.GET('/v1/secrets', { params: { query: { limit: 250 } } })),
})

export const keysQuery = queryOptions({
  queryKey: [...KEY, 'keys'],
  queryFn: () => body(api.GET('/v1/secret-keys')),
})

export function sourceQuery(name: string) {
  return queryOptions({
    queryKey: [...KEY, 'source', name],
    queryFn: () => body(api.GET('/v1/secrets/{name}/source', { params: { path: { name } } })),
  })
}

function useChange<T, A>(run: (input: A) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: run,
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  })
}

export function useSetSecret() {
  return useChange(({ name, value }: { name: string; value: string }) =>
    body(api.PUT('/v1/secrets/{name}', { params: { path: { name } }, body: { value } })),
  )
}

export function useDeleteSecret() {
  return useChange((name: string) => body(api.DELETE('/v1/secrets/{name}', { params: { path: { name } } })))
}

export function useRotate() {
  return useChange((_: undefined) => body(api.POST('/v1/secret-keys/rotate')))
}
