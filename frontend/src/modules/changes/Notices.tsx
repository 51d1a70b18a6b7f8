/** What happened that people should know, newest first; each person reads for themselves. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import { type MouseEvent, useState } from 'react'
import { explain } from '@/shared/api/problem'
import type { Notice, Severity } from '@/shared/api/types'
import { ageText, momentText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { BASE } from '@/shared/paths'
import { useMay } from '@/shared/session/may'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { cx } from '@/shared/ui/cx'
import { Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading, Note } from '@/shared/ui/States'
import { noticesQuery, useMarkRead } from './notices'

export function Notices() {
  const [unreadOnly, setUnreadOnly] = useState(false)
  const list = useInfiniteQuery(noticesQuery(unreadOnly))
  const mark = useMarkRead()
  const may = useMay('notifications:write')
  const notices = list.data?.pages.flatMap(page => page.notifications) ?? []
  const unread = list.data?.pages[0]?.unread.total ?? 0
  const actions = (
    <span className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <label className="flex min-h-9 items-center gap-2 text-sm">
        <input
          type="checkbox"
          checked={unreadOnly}
          onChange={event => setUnreadOnly(event.target.checked)}
          className="size-4 accent-brass"
        />
        Only unread
      </label>
      {may && unread > 0 && (
        <Button busy={mark.isPending} onClick={() => mark.mutate(null)}>
          Mark all as read
        </Button>
      )}
    </span>
  )
  return (
    <Section
      title="Notices"
      note={unread > 0 ? `${unread} unread` : 'All read'}
      actions={actions}
      className="mt-5"
      flush
    >
      {list.error && !list.data && (
        <div className="p-4">
          <Failure error={list.error} onRetry={() => void list.refetch()} />
        </div>
      )}
      {mark.error && (
        <div role="alert" className="p-4">
          <Note tone="bad">{explain(mark.error)}</Note>
        </div>
      )}
      {list.isPending && <Loading label="Loading the notices" rows={3} />}
      {list.data && notices.length === 0 && (
        <Empty title={unreadOnly ? 'You have read everything' : 'Nothing happened that you should know'}>
          What fails, differs, stops or waits is told here; by mail and in channels as the settings say.
        </Empty>
      )}
      {notices.length > 0 && (
        <ul aria-label="Notices" className="divide-y divide-rule border-t border-rule">
          {notices.map(notice => (
            <NoticeRow
              key={notice.id}
              notice={notice}
              onRead={may ? () => mark.mutate(notice.id) : undefined}
            />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <div className="p-4">
          <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </Section>
  )
}

const LOOKS: Record<Severity, { icon: typeof Info; label: string; tone: string }> = {
  critical: { icon: CircleAlert, label: 'Critical', tone: 'text-bad' },
  warning: { icon: TriangleAlert, label: 'Warning', tone: 'text-warn' },
  info: { icon: Info, label: 'For information', tone: 'text-slate' },
}

function NoticeRow({ notice, onRead }: { notice: Notice; onRead: (() => void) | undefined }) {
  const router = useRouter()
  const { icon: Icon, label, tone } = LOOKS[notice.severity]
  const href = `${BASE}${notice.link}`
  const follow = (event: MouseEvent) => {
    if (!notice.is_read) onRead?.()
    if (event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    router.history.push(href)
  }
  return (
    <li className={cx('flex items-start gap-3 px-4 py-3 sm:px-5', !notice.is_read && 'bg-brass-wash/40')}>
      <Icon aria-hidden="true" className={cx('mt-0.5 size-4.5 shrink-0', tone)} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="sr-only">{label}:</span>
          <a
            href={href}
            onClick={follow}
            className={cx(
              'inline-flex min-h-6 items-center decoration-dotted underline-offset-4 wrap-anywhere hover:underline',
              !notice.is_read && 'font-semibold',
            )}
          >
            {notice.title}
          </a>
          {notice.count > 1 && (
            <Badge>
              {notice.count} {plural(notice.count, 'time')}
            </Badge>
          )}
          {notice.settled_at && <Badge tone="good">Settled</Badge>}
          {!notice.is_read && <span className="sr-only">unread</span>}
        </p>
        {notice.facts.map(fact => (
          <p key={fact.label} className="text-sm text-soft wrap-anywhere">
            {fact.label}: {fact.value}
          </p>
        ))}
        <p className="mt-0.5 text-xs text-faint" title={momentText(notice.last_at)}>
          {ageText(notice.last_at)}
        </p>
      </div>
      {onRead && !notice.is_read && (
        <Button kind="quiet" aria-label={`Mark read: ${notice.title}`} onClick={onRead}>
          Mark read
        </Button>
      )}
    </li>
  )
}
