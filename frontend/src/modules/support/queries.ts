import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { NewSupportTicket, SupportDraft, SupportStatus, SupportTicket } from '@/shared/api/types'

const PAGE = 50

export function ticketsQuery(storeId: string, chosen: SupportStatus | 'overdue' | undefined) {
  return infiniteQueryOptions({
    queryKey: [...keys.support, 'list', storeId, chosen ?? 'all'],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/v1/support/tickets', {
          params: {
            query: {
              store_id: storeId,
              limit: PAGE,
              ...(chosen === 'overdue' && { status: 'open' as const, overdue: true }),
              ...(chosen && chosen !== 'overdue' && { status: chosen }),
              ...(pageParam && { cursor: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next_cursor || undefined,
    placeholderData: keepPreviousData,
  })
}

export function ticketQuery(id: string) {
  return queryOptions({
    queryKey: [...keys.support, 'one', id],
    queryFn: () => body(api.GET('/v1/support/tickets/{id}', { params: { path: { id } } })),
  })
}

export function orderQuery(id: string, storeId: string) {
  return queryOptions({
    queryKey: [...keys.orders, 'one', id, storeId],
    queryFn: () =>
      body(api.GET('/v1/orders/{id}', { params: { path: { id }, query: { store_id: storeId } } })),
  })
}

export function useOpenTicket(then: (opened: SupportTicket) => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: NewSupportTicket) => body(api.POST('/v1/support/tickets', { body: input })),
    onSuccess: then,
    onSettled: () => client.invalidateQueries({ queryKey: keys.support }),
  })
}

export type Act =
  | { act: 'reply' | 'note'; text: string }
  | { act: 'status'; status: SupportStatus }
  | { act: 'order'; order: string | null }

/** Each of it is refused when somebody else wrote in the ticket meanwhile. */
export function useAct({ ticket: { id, version } }: SupportTicket, then: () => void) {
  const client = useQueryClient()
  const params = { path: { id } }
  return useMutation({
    mutationFn: (wish: Act) => {
      switch (wish.act) {
        case 'reply':
          return body(
            api.POST('/v1/support/tickets/{id}/replies', { params, body: { version, text: wish.text } }),
          )
        case 'note':
          return body(
            api.POST('/v1/support/tickets/{id}/notes', { params, body: { version, text: wish.text } }),
          )
        case 'status':
          return body(
            api.PUT('/v1/support/tickets/{id}/status', { params, body: { version, status: wish.status } }),
          )
        case 'order':
          return body(
            api.PUT('/v1/support/tickets/{id}/order', { params, body: { version, order: wish.order } }),
          )
      }
    },
    onSuccess: then,
    onSettled: () => client.invalidateQueries({ queryKey: keys.support }),
  })
}

/** A draft by a model; nothing of the ticket changes. */
export function useDraft({ ticket: { id } }: SupportTicket, then: (drafted: SupportDraft) => void) {
  return useMutation({
    mutationFn: () => body(api.POST('/v1/support/tickets/{id}/drafts', { params: { path: { id } } })),
    onSuccess: then,
  })
}
