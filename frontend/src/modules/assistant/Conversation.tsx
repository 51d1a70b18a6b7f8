/** One conversation: what was said, what is being answered, and the next question. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useEffect, useMemo, useRef } from 'react'
import { explain } from '@/shared/api/problem'
import type { AssistantMessage, AssistantSession } from '@/shared/api/types'
import { clockText } from '@/shared/format/time'
import { Button, Spinner } from '@/shared/ui/Button'
import { Failure, Loading, Note } from '@/shared/ui/States'
import { AnswerView, Sentences } from './AnswerView'
import { Composer } from './Composer'
import { messagesQuery, useCancel, useForget, useSay, useTold, waits } from './queries'

interface ConversationProps {
  id: string
  /** As the list has it; `undefined` while that is not known. */
  session: AssistantSession | undefined
  /** It is gone. */
  onForgotten: () => void
}

export function Conversation({ id, session, onForgotten }: ConversationProps) {
  const list = useInfiniteQuery(messagesQuery(id))
  const messages = useMemo(() => list.data?.pages.flatMap(page => page.messages) ?? [], [list.data])
  const isWaiting = waits(messages)
  const told = useTold(id, isWaiting)
  const say = useSay()
  const forget = useForget(id)
  const cancel = useCancel(id)
  const end = useRef<HTMLDivElement>(null)
  const length = messages.length
  useEffect(() => {
    if (length > 0) end.current?.scrollIntoView({ block: 'nearest' })
  }, [length])
  // The oldest come first, so the newest stand on the last page.
  useEffect(() => {
    if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage()
  }, [list.hasNextPage, list.isFetchingNextPage, list.fetchNextPage])

  if (list.error && !list.data) {
    return <Failure error={list.error} onRetry={() => void list.refetch()} />
  }
  const ask = (question: string) => say.mutateAsync({ id, question })
  return (
    <div className="flex flex-col gap-5">
      <div className="flex items-start justify-between gap-3">
        <h2 className="min-w-0 flex-1 text-lg font-semibold break-words">
          {session?.title ?? 'Conversation'}
        </h2>
        <a
          href={`/agents/session/${encodeURIComponent(id)}/export?format=markdown`}
          download
          className="inline-flex min-h-9 items-center px-2 text-sm underline decoration-dotted underline-offset-4"
        >
          Save
        </a>
        <Button
          kind="quiet"
          aria-label="Forget this conversation"
          busy={forget.isPending}
          onClick={() =>
            void forget
              .mutateAsync()
              .then(onForgotten)
              .catch(() => undefined)
          }
        >
          {!forget.isPending && <Trash2 aria-hidden="true" className="size-4" />}
        </Button>
      </div>
      {list.isPending && <Loading label="Loading the conversation" rows={4} />}
      <ol aria-label="What was said" className="flex flex-col gap-5">
        {messages.map((message, index) => (
          <li key={message.id}>
            <Said message={message} onAsk={index === length - 1 ? ask : undefined} />
          </li>
        ))}
      </ol>
      <div aria-live="polite">
        {isWaiting && (
          <div className="flex items-start gap-2 text-soft">
            <span className="pt-1">
              <Spinner />
            </span>
            <div className="min-w-0 flex-1">{told ? <Sentences text={told} /> : <p>Looking it up …</p>}</div>
            <Button kind="quiet" busy={cancel.isPending} onClick={() => cancel.mutate()}>
              Stop
            </Button>
          </div>
        )}
      </div>
      {(say.error || forget.error || cancel.error) && (
        <Note tone="bad">{explain(say.error ?? forget.error ?? cancel.error)}</Note>
      )}
      <div ref={end} />
      <Composer busy={say.isPending} onAsk={ask} />
    </div>
  )
}

function Said({
  message,
  onAsk,
}: {
  message: AssistantMessage
  onAsk: ((question: string) => Promise<unknown>) | undefined
}) {
  if (message.role === 'user') {
    return (
      <div className="ml-auto w-fit max-w-[85%] rounded-lg bg-sunk px-3.5 py-2">
        <p className="break-words whitespace-pre-wrap">{message.content}</p>
        <p className="text-right text-xs text-faint">
          <time dateTime={message.timestamp}>{clockText(message.timestamp)}</time>
        </p>
      </div>
    )
  }
  if (!message.answer) return <Sentences text={message.content} />
  return (
    <AnswerView
      answer={message.answer}
      onAsk={onAsk && (question => void onAsk(question).catch(() => undefined))}
    />
  )
}
