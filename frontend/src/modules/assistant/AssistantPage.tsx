/** Ask the store anything: conversations beside the one that is open. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { MessageSquarePlus } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { AssistantSession } from '@/shared/api/types'
import { ageText } from '@/shared/format/time'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Button } from '@/shared/ui/Button'
import { cx } from '@/shared/ui/cx'
import { SearchField } from '@/shared/ui/Filters'
import { Page } from '@/shared/ui/Page'
import { Failure, Loading } from '@/shared/ui/States'
import { useNow } from '@/shared/ui/use-now'
import { Conversation } from './Conversation'
import { sessionsQuery } from './queries'
import { Start } from './Start'

export function AssistantPage() {
  const { id } = useParams({ strict: false }) as { id?: string }
  const navigate = useNavigate()
  const [search, setSearch] = useState<string | undefined>()
  const list = useInfiniteQuery(sessionsQuery(search ?? ''))
  const sessions = useMemo(() => list.data?.pages.flatMap(page => page.sessions) ?? [], [list.data])
  const known = sessions.find(session => session.id === id)
  return (
    <Page
      title="Assistant"
      tab={known?.title ?? 'Assistant'}
      lead="Answers from your own data, each figure with its source. It reads, explains and proposes; it changes nothing."
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
          {(search || sessions.length > 0) && (
            <div className="px-3 pt-1 pb-2">
              <SearchField label="Search what was said" value={search} onChange={setSearch} />
            </div>
          )}
          <p role="status" className="px-4 text-sm text-soft">
            {list.data && sessions.length === 0 && (
              <span className="block pb-4">
                {search
                  ? 'In none of the conversations does this stand.'
                  : 'What you ask is kept here, for you alone and for admins.'}
              </span>
            )}
          </p>
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
          {id ? (
            <Conversation
              key={id}
              id={id}
              session={known}
              onForgotten={() => void navigate({ to: paths.assistant, search: keepRange })}
            />
          ) : (
            <Start
              onBegun={begun =>
                void navigate({ to: paths.conversation, params: { id: begun }, search: keepRange })
              }
            />
          )}
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
