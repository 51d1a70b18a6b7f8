/** What became of messages: sent, waiting for another try, given up and why. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { Delivery } from '@/shared/api/types'
import { ageText, momentText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { Badge, type Tone } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { channelsQuery, deliveriesQuery } from './queries'

const STATES: Record<Delivery['state'], { label: string; tone: Tone }> = {
  pending: { label: 'Waits', tone: 'slate' },
  sent: { label: 'Sent', tone: 'good' },
  dead: { label: 'Given up', tone: 'bad' },
}

export function Deliveries() {
  const list = useInfiniteQuery(deliveriesQuery)
  const channels = useQuery(channelsQuery)
  const deliveries = list.data?.pages.flatMap(page => page.deliveries) ?? []
  const whom = (delivery: Delivery) =>
    delivery.recipient_kind === 'person'
      ? 'By mail'
      : (channels.data?.find(channel => channel.id === delivery.recipient_id)?.name ?? 'A removed channel')
  return (
    <Section title="Messages" note="Tried up to five times, with longer waits" flush>
      {list.error && !list.data && (
        <div className="p-4">
          <Failure error={list.error} onRetry={() => void list.refetch()} />
        </div>
      )}
      {list.isPending && <Loading label="Loading the messages" rows={3} />}
      {list.data && deliveries.length === 0 && (
        <Empty title="Nothing was sent yet">Messages of the last three months are listed here.</Empty>
      )}
      {deliveries.length > 0 && (
        <ul aria-label="Messages" className="divide-y divide-rule border-t border-rule">
          {deliveries.map(delivery => (
            <DeliveryRow key={delivery.id} delivery={delivery} whom={whom(delivery)} />
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

function DeliveryRow({ delivery, whom }: { delivery: Delivery; whom: string }) {
  const { label, tone } = STATES[delivery.state]
  const waits = delivery.state === 'pending'
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1 px-4 py-2.5 text-sm sm:px-5">
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex flex-wrap items-center gap-2 font-semibold wrap-anywhere">
          {whom}
          <Badge tone={tone}>{label}</Badge>
          {delivery.is_digest && <Badge>Digest</Badge>}
          {delivery.is_test && <Badge>Test</Badge>}
        </p>
        {delivery.last_error && <p className="text-bad wrap-anywhere">{delivery.last_error}</p>}
      </div>
      <p className="text-soft">
        {waits ? `due ${momentText(delivery.due_at)}` : ageText(delivery.finished_at ?? delivery.created_at)}
        {delivery.tries > 0 && ` · ${delivery.tries} ${plural(delivery.tries, 'try', 'tries')}`}
      </p>
    </li>
  )
}
