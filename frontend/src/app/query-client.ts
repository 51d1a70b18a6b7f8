import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiError, UnreachableError } from '@/shared/api/problem'
import { keys } from '@/shared/api/queries'

/** Whom to tell that the session ended; the router sets it, because only it knows where to go. */
let onSessionEnd: () => void = () => undefined

export function whenSessionEnds(callback: () => void) {
  onSessionEnd = callback
}

export function makeQueryClient(): QueryClient {
  const watch = (error: Error, key?: readonly unknown[]) => {
    if (error instanceof ApiError && error.status === 401 && key?.[0] !== keys.session[0]) onSessionEnd()
  }
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => query.meta?.quiet !== true && watch(error, query.queryKey),
    }),
    mutationCache: new MutationCache({
      onError: (error, _input, _context, mutation) => watch(error, mutation.options.mutationKey),
    }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        networkMode: 'always',
        retry: (failures, error) => {
          if (error instanceof ApiError && error.status < 500) return false
          return failures < (error instanceof UnreachableError ? 1 : 2)
        },
      },
      mutations: { networkMode: 'always' },
    },
  })
}
