/** What buyers wrote: what is owed first, with why it is taken for that. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { Store, SupportStatus, SupportTicketSummary } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { momentText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { useStore } from '@/shared/range/use-range'
import { Only } from '@/shared/session/may'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { Choices } from '@/shared/ui/Choices'
import { Page } from '@/shared/ui/Page'
import { Empty, Failure, Loading, NoMatch } from '@/shared/ui/States'
import { useUrlFilters } from '@/shared/ui/use-url-filters'
import { ticketsQuery } from './queries'
import { dueText, STATUSES, topicText } from './words'

const NewTicket = lazy(() => import('./NewTicket'))

const FILTERS = ['status'] as const
type Choice = SupportStatus | 'overdue' | 'all'
const CHOICES: { value: Choice; label: string }[] = [
  { value: 'open', label: 'Open' },
  { value: 'overdue', label: 'Late' },
  { value: 'waiting', label: 'Waiting' },
  { value: 'solved', label: 'Solved' },
  { value: 'all', label: 'All' },
]

export function SupportPage() {
  const store = useStore()
  if (!store) return <Loading label="Loading the tickets" />
  return <TicketsOf key={store.id} store={store} />
}

function TicketsOf({ store }: { store: Store }) {
  const { values, set } = useUrlFilters(FILTERS)
  const navigate = useNavigate()
  const [writing, setWriting] = useState(false)
  const chosen = CHOICES.find(choice => choice.value === values.status)?.value ?? 'open'
  const list = useInfiniteQuery(ticketsQuery(store.id, chosen === 'all' ? undefined : chosen))
  const rows = useMemo(() => list.data?.pages.flatMap(page => page.tickets) ?? [], [list.data])
  const total = list.data?.pages[0]?.total
  const write = (
    <Only may="support:write">
      <Button kind="primary" onClick={() => setWriting(true)}>
        New ticket
      </Button>
    </Only>
  )
  return (
    <Page
      title="Support"
      lead="What buyers wrote. Drafts say what is recorded; nothing is sent before somebody sends it."
      actions={write}
    >
      {writing && (
        <Suspense>
          <NewTicket
            store={store}
            onClose={() => setWriting(false)}
            onOpened={({ ticket }) =>
              void navigate({ to: paths.ticket, params: { id: ticket.id }, search: keepRange })
            }
          />
        </Suspense>
      )}
      <Choices
        choices={CHOICES}
        chosen={chosen}
        onChoose={value => void set({ status: value === 'open' ? undefined : value })}
        said={total != null && `${count(total)} ${plural(total, 'ticket')}`}
      />
      {list.error && !list.data && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Loading label="Loading the tickets" rows={6} />}
      {list.data && rows.length === 0 && (
        <div className="sheet">
          {chosen === 'open' ? (
            <Empty title="Nobody waits for an answer">
              Tickets are written by hand, or come from a mail service or a form that signs what it hands over
              to <code className="font-mono text-xs wrap-anywhere">/v1/webhooks/support/{store.id}</code>.
            </Empty>
          ) : (
            <NoMatch title="Of these there are none" onClear={() => void set({ status: undefined })} />
          )}
        </div>
      )}
      {rows.length > 0 && (
        <ul aria-label="Tickets" className="sheet divide-y divide-rule">
          {rows.map(row => (
            <Row key={row.id} of={row} zone={store.timezone} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button className="mt-4" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show more
        </Button>
      )}
    </Page>
  )
}

function Row({ of, zone }: { of: SupportTicketSummary; zone: string }) {
  const due = dueText(of, zone)
  return (
    <li className="px-4 py-3 hover:bg-sunk/50 sm:px-5">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Link
          to={paths.ticket}
          params={{ id: of.id }}
          search={keepRange}
          className="inline-flex min-h-6 items-center font-semibold decoration-dotted underline-offset-4 wrap-anywhere hover:underline"
        >
          {of.subject}
        </Link>
        {of.priority === 'urgent' && <Badge tone="bad">Urgent</Badge>}
        {of.is_overdue && <Badge tone="warn">Late</Badge>}
        {of.status !== 'open' && <Badge tone={STATUSES[of.status].tone}>{STATUSES[of.status].label}</Badge>}
      </p>
      <p className="text-xs wrap-anywhere text-faint">
        {topicText(of.topic)} · {of.from ?? 'by hand'} · opened {momentText(of.opened_at, zone)}
        {due && ` · answer ${due}`}
      </p>
    </li>
  )
}
