/** What may be decided about an opportunity, by who is signed in; and what was. */
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { Opportunity, Store } from '@/shared/api/types'
import { momentText, untilText } from '@/shared/format/time'
import { paths } from '@/shared/paths'
import { keepRangeOf } from '@/shared/range/range'
import { useMay } from '@/shared/session/may'
import { Button } from '@/shared/ui/Button'

const ApprovePopup = lazy(() => import('./ApprovePopup'))
const PutOffPopup = lazy(() => import('./PutOffPopup'))
const RejectPopup = lazy(() => import('./RejectPopup'))

interface DecideProps {
  of: Opportunity
  store: Store
}

export function Decide({ of, store }: DecideProps) {
  const mayLaunch = useMay('changes:write')
  const mayDecide = useMay('opportunities:write')
  const [open, setOpen] = useState<'approve' | 'reject' | 'snooze' | null>(null)
  const close = () => setOpen(null)
  const waits = of.status === 'proposed' || of.status === 'snoozed'
  return (
    <>
      {mayLaunch && of.status !== 'approved' && !of.gone && (
        <Button kind="primary" data-key="a" onClick={() => setOpen('approve')}>
          Launch as draft
          <span className="sr-only">: {of.title}</span>
        </Button>
      )}
      {mayDecide && waits && (
        <>
          <Button onClick={() => setOpen('snooze')}>
            Put off<span className="sr-only">: {of.title}</span>
          </Button>
          <Button kind="quiet" data-key="r" onClick={() => setOpen('reject')}>
            Reject<span className="sr-only">: {of.title}</span>
          </Button>
        </>
      )}
      {open && (
        <Suspense>
          {open === 'approve' && <ApprovePopup of={of} onClose={close} />}
          {open === 'snooze' && <PutOffPopup of={of} store={store} onClose={close} />}
          {open === 'reject' && <RejectPopup of={of} onClose={close} />}
        </Suspense>
      )}
    </>
  )
}

const WHAT = {
  approved: 'Launched as draft',
  rejected: 'Rejected',
  snoozed: 'Put off',
  proposed: 'Waits',
} as const

/** What was decided last, also when its time is over. */
export function Decided({ of, store }: DecideProps) {
  const { decision } = of
  if (!decision) return null
  return (
    <p className="text-sm text-soft">
      <span className="font-semibold text-ink">{WHAT[decision.status]}</span>
      {decision.until && ` until ${dayOf(decision.until, store.timezone)}`} by {decision.by},{' '}
      {momentText(decision.at, store.timezone)}
      {decision.reason && `: “${decision.reason}”`}
      {decision.change_set_id && (
        <>
          {'. '}
          <Link
            to={paths.changeSet}
            params={{ id: decision.change_set_id }}
            search={keepRangeOf(of.store_id)}
            className="inline-flex min-h-6 items-center underline decoration-dotted underline-offset-4"
          >
            To its change-set
          </Link>
        </>
      )}
    </p>
  )
}

/** It waits again when a day begins, which is when the one before is over. */
function dayOf(until: string, timezone: string): string {
  return untilText(until, timezone)
}
