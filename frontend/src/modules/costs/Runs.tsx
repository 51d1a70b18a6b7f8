/** What is being booked again, and what went wrong with it. Nothing when nothing is. */
import { useQuery } from '@tanstack/react-query'
import { isMoving } from '@/shared/api/queries'
import type { Recost } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { Button } from '@/shared/ui/Button'
import { Meter } from '@/shared/ui/Meter'
import { Note } from '@/shared/ui/States'
import { recostsQuery, useMayChange, useRunAction } from './queries'

export function Runs({ storeId }: { storeId: string }) {
  const { data } = useQuery(recostsQuery(storeId))
  const open = data?.recosts.filter(run => isMoving(run.status)) ?? []
  const newest = data?.recosts[0]
  return (
    <div aria-live="polite" className="flex flex-col gap-3 empty:hidden">
      {open.map(run => (
        <OpenRun key={run.id} run={run} />
      ))}
      {newest?.status === 'failed' && <FailedRun run={newest} />}
    </div>
  )
}

function OpenRun({ run }: { run: Recost }) {
  const cancel = useRunAction('cancel')
  const mayChange = useMayChange()
  const part = run.total ? run.looked_at / run.total : null
  return (
    <div className="sheet flex flex-wrap items-center gap-x-5 gap-y-3 px-4 py-3 sm:px-5">
      <div className="min-w-56 flex-1">
        <p className="mb-1.5 text-sm font-semibold">
          {run.reverting || run.status === 'cancelling' ? 'Taking it back' : run.summary}
        </p>
        <Meter label="Orders that were booked again" value={part} thin />
        <p className="mt-1.5 text-xs text-soft">
          {count(run.looked_at)} of {run.total == null ? '…' : count(run.total)} orders looked at,{' '}
          {count(run.changed)} changed. Figures are all new when it has ended.
        </p>
      </div>
      {run.can_cancel && mayChange && (
        <Button busy={cancel.isPending} onClick={() => cancel.mutate(run.id)}>
          Take it back
        </Button>
      )}
    </div>
  )
}

function FailedRun({ run }: { run: Recost }) {
  const resume = useRunAction('resume')
  return (
    <Note tone="bad">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <span>
          {run.summary}: the orders could not all be booked again. {run.error}
        </span>
        <Button busy={resume.isPending} onClick={() => resume.mutate(run.id)}>
          Go on
        </Button>
      </div>
    </Note>
  )
}
