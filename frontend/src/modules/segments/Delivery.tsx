/** An export that its webhook did not take yet: why, when it is tried next, and what a person decides of it. */
import { lazy, Suspense, useState } from 'react'
import type { SegmentExport } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { momentText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { Only } from '@/shared/session/may'
import { Button } from '@/shared/ui/Button'
import { useDecide } from './queries'

const Confirm = lazy(async () => ({ default: (await import('@/shared/ui/Confirm')).Confirm }))

interface DeliveryProps {
  of: SegmentExport
  storeId: string
  timezone: string
}

export default function Delivery({ of, storeId, timezone }: DeliveryProps) {
  const [asked, setAsked] = useState<'retry' | 'give_up' | null>(null)
  const decide = useDecide(storeId, () => setAsked(null))
  const { delivery } = of
  if (!delivery) return null
  const { state, may_have_arrived: mayBeThere } = delivery
  const isOpen = state === 'waiting' || state === 'unknown'
  // One that waits is tried again by itself, too; else a person has to say that repeats are dropped.
  const mayRetry = state === 'waiting' || (mayBeThere && state !== 'sending')
  const retry = (dropsRepeats: boolean) => decide.mutate({ id: of.id, retry: true, dropsRepeats })
  const ask = (what: 'retry' | 'give_up') => {
    decide.reset()
    setAsked(what)
  }
  return (
    <span className="mt-1.5 block max-w-md">
      <span className="block text-xs text-soft wrap-anywhere">
        {count(delivery.tries)} {plural(delivery.tries, 'try', 'tries')}
        {delivery.reason && `: ${delivery.reason}`}
        {delivery.next_try_at && `. Next at ${momentText(delivery.next_try_at, timezone)}`}
      </span>
      {(isOpen || mayRetry) && (
        <Only may="segments:export">
          <span className="mt-2 flex flex-wrap gap-2">
            {mayRetry && (
              <Button
                busy={decide.isPending && asked == null}
                onClick={() => (state === 'waiting' ? retry(false) : ask('retry'))}
              >
                Try now
              </Button>
            )}
            {isOpen && <Button onClick={() => ask('give_up')}>Let it go</Button>}
          </span>
        </Only>
      )}
      {asked && (
        <Suspense>
          <Confirm
            title={asked === 'retry' ? 'Send it again?' : 'Let it go?'}
            action={asked === 'retry' ? 'Send it again' : 'Let it go'}
            keep="Cancel"
            busy={decide.isPending}
            error={decide.error}
            onClose={() => setAsked(null)}
            onConfirm={() =>
              asked === 'retry'
                ? retry(true)
                : decide.mutate({ id: of.id, retry: false, dropsRepeats: false })
            }
          >
            {asked === 'retry'
              ? `An earlier try may have arrived. Send it again only if ${of.via} drops a message whose webhook-id it had before; else people may be written to twice.`
              : mayBeThere
                ? 'It is not tried any more. A try may have arrived, so that whom it names counts as told.'
                : 'It is not tried any more. Nobody of it counts as told, and they may be exported again.'}
          </Confirm>
        </Suspense>
      )}
    </span>
  )
}
