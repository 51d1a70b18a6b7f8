import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { isMoving } from '@/shared/api/queries'
import type { Sync } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { durationText, momentText } from '@/shared/format/time'
import { paths } from '@/shared/paths'
import { useMay } from '@/shared/session/may'
import { Button } from '@/shared/ui/Button'
import { Failure, Loading } from '@/shared/ui/States'
import { syncsQuery, useSyncAction } from './queries'
import { StatusBadge } from './StatusBadge'

export function SyncHistory({ connectionId }: { connectionId: string }) {
  const { data, error, refetch } = useQuery(syncsQuery(connectionId))
  return (
    <div>
      <h3 className="label-caps mb-2">Syncs</h3>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Loading the syncs" rows={3} />}
      {data?.length === 0 && <p className="text-sm text-soft">None yet.</p>}
      <ul className="flex flex-col">
        {data?.map(sync => (
          <Entry key={sync.id} sync={sync} />
        ))}
      </ul>
    </div>
  )
}

function Entry({ sync }: { sync: Sync }) {
  const act = useSyncAction()
  const may = useMay('syncs:run')
  const canResume = may && (sync.status === 'cancelled' || sync.status === 'failed')
  const canCancel = may && isMoving(sync.status) && sync.status !== 'cancelling'
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-rule py-2 text-sm first:border-0">
      <Link
        to={paths.sync}
        params={{ id: sync.id }}
        className="min-h-6 font-medium underline decoration-dotted underline-offset-4"
      >
        {sync.kind === 'backfill' ? 'Everything' : 'Changes'}
      </Link>
      <StatusBadge status={sync.status} />
      <span className="text-soft">{momentText(sync.started_at ?? sync.created_at)}</span>
      <span className="numeral ml-auto text-xs text-faint">
        {count(sync.orders.done)} orders{took(sync)}
      </span>
      {canResume && (
        <Button busy={act.isPending} onClick={() => act.mutate({ resume: sync.id })}>
          Resume
        </Button>
      )}
      {canCancel && (
        <Button busy={act.isPending} onClick={() => act.mutate({ cancel: sync.id })}>
          Cancel
        </Button>
      )}
      {sync.error && <p className="w-full text-xs text-bad">{sync.error.message}</p>}
    </li>
  )
}

function took(sync: Sync): string {
  if (!sync.started_at || !sync.finished_at) return ''
  const seconds = (new Date(sync.finished_at).getTime() - new Date(sync.started_at).getTime()) / 1000
  return ` in ${durationText(seconds)}`
}
