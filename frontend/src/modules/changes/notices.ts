import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'

const PAGE = 20

export function noticesQuery(unread: boolean) {
  return infiniteQueryOptions({
    queryKey: [...keys.notices, 'list', unread],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/v1/notifications', {
          params: { query: { limit: PAGE, unread, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next_cursor || undefined,
  })
}

/** One by its id, or all. */
export function useMarkRead() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string | null) => body(api.POST('/v1/notifications/read', { body: { id } })),
    onSettled: () => client.invalidateQueries({ queryKey: keys.notices }),
  })
}
