import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { paths as Api } from '@/shared/api/schema.gen'

export type Asked = NonNullable<Api['/v1/what-if']['get']['parameters']['query']>

/** The server keeps the facts for two minutes, so that moving a slider is quick. */
export function whatIfQuery(asked: Asked) {
  return queryOptions({
    queryKey: [...keys.whatIf, asked],
    queryFn: () => body(api.GET('/v1/what-if', { params: { query: asked } })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
}
