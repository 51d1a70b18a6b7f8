/** Conversations with the assistant, and the answer that is being told. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { AssistantMessage } from '@/shared/api/types'

const PAGE = 30
const SAID_PAGE = 250
/** Without a stream the answer is looked for so often. */
const LOOK_EVERY_MS = 1_000

/** With a text, the conversations in whose title or messages it stands. */
export function sessionsQuery(search: string) {
  return infiniteQueryOptions({
    queryKey: search ? [...keys.conversations, 'with', search] : keys.conversations,
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/agents/sessions', {
          params: {
            query: { limit: PAGE, ...(search && { search }), ...(pageParam && { cursor: pageParam }) },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next_cursor || undefined,
    placeholderData: keepPreviousData,
  })
}

/** An answer is on its way while the newest message is a person's. */
export function waits(messages: AssistantMessage[]): boolean {
  return messages.at(-1)?.role === 'user'
}

export function messagesQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: keys.conversation(id),
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/agents/session/{id}/messages', {
          params: { path: { id }, query: { limit: SAID_PAGE, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next_cursor || undefined,
    refetchInterval: query => {
      const pages = query.state.data?.pages ?? []
      return waits(pages.flatMap(page => page.messages)) ? LOOK_EVERY_MS : false
    },
  })
}

export function useOpen() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => body(api.POST('/agents/session', { body: {} })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.conversations }),
  })
}

export function useSay() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, question }: { id: string; question: string }) =>
      body(api.POST('/agents/message', { body: { session_id: id, role: 'user', content: question } })),
    onSuccess: (_, { id }) =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.conversation(id) }),
        client.invalidateQueries({ queryKey: keys.conversations }),
      ]),
  })
}

/** Models that answer, and what they used today. */
export const usageQuery = queryOptions({
  queryKey: [...keys.conversations, 'usage'],
  queryFn: () => body(api.GET('/agents/usage')),
})

/** No answer is wanted any more. */
export function useCancel(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => body(api.POST('/agents/session/{id}/cancel', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.conversation(id) }),
  })
}

export function useForget(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => body(api.DELETE('/agents/session/{id}', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.conversations }),
  })
}

/** The text of the answer that is under way, as far as it was told. */
export function useTold(id: string, isWaiting: boolean): string {
  const client = useQueryClient()
  const [told, setTold] = useState('')
  useEffect(() => {
    setTold('')
    if (!isWaiting || typeof EventSource === 'undefined') return
    const stream = new EventSource(`/agents/stream?session_id=${encodeURIComponent(id)}`)
    stream.onmessage = event => {
      const piece = pieceOf(event.data)
      if (piece?.type === 'delta') setTold(text => text + (piece.content ?? ''))
      if (piece?.type === 'done') {
        stream.close()
        void client.invalidateQueries({ queryKey: keys.conversation(id) })
      }
    }
    // The messages are looked for besides, so a stream that breaks loses nothing.
    stream.onerror = () => stream.close()
    return () => stream.close()
  }, [id, isWaiting, client])
  return told
}

function pieceOf(data: unknown): { type?: string; content?: string } | undefined {
  try {
    return JSON.parse(String(data)) as { type?: string; content?: string }
  } catch {
    return undefined
  }
}
