/** Ask the store anything: conversations beside the one that is open. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { MessageSquarePlus } from 'lucide-react'
import { useMemo } from 'react'
import { explain } from '@/shared/api/problem'
import type { AssistantSession } from '@/shared/api/types'
import { ageText } from '@/shared/format/time'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Button } from '@/shared/ui/Button'
import { cx } from '@/shared/ui/cx'
import { Page } from '@/shared/ui/Page'
import { Failure, Loading, Note } from '@/shared/ui/States'
import { useNow } from '@/shared/ui/use-now'
import { Suggestions } from './AnswerView'
import { Composer } from './Composer'
import { Conversation } from './Conversation'
import { sessionsQuery, useOpen, useSay } from './queries'

const FIRST = [
  'Did I make money yesterday?',
  'Why did profit change last week?',
  'Which products lose money?',
  'What must I order?',
  'What needs me now?',
  'Sales by country last month',
]

export function AssistantPage() {
  const { id } = useParams({ strict: false }) as { id?: string }
  const list = useInfiniteQuery(sessionsQuery)
  const sessions = useMemo(() => list.data?.pages.flatMap(page => page.sessions) ?? [], [list.data])
  const known = sessions.find(session => session.id === id)
  return (
    <Page
      title="Assistant"
      tab={known?.title ?? 'Assistant'}
      lead="Answers from your own data, each figure with its source. It reads and explains; it changes nothing."
      actions={
        id && (
          <Link
            to={paths.assistant}
            search={keepRange}
            className="inline-flex min-h-9 items-center gap-2 rounded-md border border-edge bg-sheet px-3.5 text-sm font-semibold hover:bg-sunk"
          >
            <MessageSquarePlus aria-hidden="true" className="size-4" />
            New conversation
          </Link>
        )
      }
    >
      <div className="grid gap-4 lg:grid-cols-[16rem_minmax(0,1fr)]">
        <nav aria-label="Conversations" className="sheet order-2 self-start lg:order-1">
          <h2 className="px-4 pt-3.5 pb-1 text-sm font-semibold">Conversations</h2>
          {list.isPending && <Loading label="Loading the conversations" rows={4} />}
          {list.error && !list.data && (
            <div className="p-3">
              <Failure error={list.error} onRetry={() => void list.refetch()} />
            </div>
          )}
          {list.data && sessions.length === 0 && (
            <p className="px-4 pb-4 text-sm text-soft">
              What you ask is kept here, for you alone and for admins.
            </p>
          )}
          <Sessions sessions={sessions} open={id} />
          {list.hasNextPage && (
            <div className="p-2">
              <Button kind="quiet" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                Show older ones
              </Button>
            </div>
          )}
        </nav>
        <section aria-label="Conversation" className="sheet order-1 min-w-0 p-4 sm:p-5 lg:order-2">
          {id ? <Conversation key={id} id={id} session={known} /> : <Start />}
        </section>
      </div>
    </Page>
  )
}

function Sessions({ sessions, open }: { sessions: AssistantSession[]; open: string | undefined }) {
  const now = useNow()
  return (
    <ul className="flex flex-col pb-2">
      {sessions.map(session => (
        <li key={session.id}>
          <Link
            to={paths.conversation}
            params={{ id: session.id }}
            search={keepRange}
            aria-current={session.id === open ? 'page' : undefined}
            className={cx('block px-4 py-2 hover:bg-sunk', session.id === open && 'bg-sunk')}
          >
            <span className="line-clamp-2 text-sm font-medium">{session.title ?? 'Nothing asked yet'}</span>
            <span className="text-xs text-faint">{ageText(session.updated_at, now)}</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}

/** A conversation is opened with its first question. */
function Start() {
  const navigate = useNavigate()
  const open = useOpen()
  const say = useSay()
  async function ask(question: string) {
    const { session_id: id } = await open.mutateAsync()
    await say.mutateAsync({ id, question })
    await navigate({ to: paths.conversation, params: { id }, search: keepRange })
  }
  const error = open.error ?? say.error
  return (
    <div className="flex flex-col gap-5">
      <div>
        <h2 className="text-lg font-semibold">What do you want to know?</h2>
        <p className="max-w-prose text-sm text-soft">
          Ask for any figure over any days, for rankings, for why profit changed, for stock, orders and what
          waits for you. No model is configured: what is not understood whole is asked back, never guessed.
        </p>
      </div>
      {error && <Note tone="bad">{explain(error)}</Note>}
      <Composer busy={open.isPending || say.isPending} onAsk={ask} />
      <Suggestions questions={FIRST} onAsk={question => void ask(question).catch(() => undefined)} />
    </div>
  )
}
