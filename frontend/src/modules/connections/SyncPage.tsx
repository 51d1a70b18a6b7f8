/** A sync as it goes: what was fetched, how long it will take, how to stop it and go on. */
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useRouter, useSearch } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { isMoving, syncQuery, useStores } from '@/shared/api/queries'
import type { Sync } from '@/shared/api/types'
import { count, share } from '@/shared/format/money'
import { durationText, spanText } from '@/shared/format/time'
import { paths } from '@/shared/paths'
import { useMay } from '@/shared/session/may'
import { Button, buttonClass } from '@/shared/ui/Button'
import { Meter } from '@/shared/ui/Meter'
import { Page } from '@/shared/ui/Page'
import { Failure, Loading, Note } from '@/shared/ui/States'
import { useSyncAction } from './queries'
import { StatusBadge } from './StatusBadge'
import { Steps } from './Steps'

export function SyncPage() {
  const { id } = useParams({ strict: false })
  const { data: sync, error, refetch } = useQuery(syncQuery(id ?? ''))
  if (error && !sync) {
    return (
      <Page title="Sync">
        <Failure error={error} onRetry={() => void refetch()} />
      </Page>
    )
  }
  if (!sync) return <Loading label="Loading the sync" />
  return <SyncView sync={sync} />
}

function SyncView({ sync }: { sync: Sync }) {
  useGoOnWhenDone(sync)
  return (
    <Page
      title={titleOf(sync)}
      tab={`${sync.progress == null ? 'Sync' : `${share(sync.progress)} synced`}`}
      lead={
        <span className="inline-flex flex-wrap items-center gap-2">
          <StatusBadge status={sync.status} />
          {isMoving(sync.status) && sync.phase.label}
          {sync.resumed_times > 0 && ` · resumed ${sync.resumed_times}×`}
        </span>
      }
      actions={<Actions sync={sync} />}
    >
      <div className="grid items-start gap-5 lg:grid-cols-[1.4fr_1fr]">
        <section aria-label="Progress" className="sheet p-5">
          <Overall sync={sync} />
          <Steps steps={sync.steps} moving={isMoving(sync.status)} />
        </section>
        <div className="flex flex-col gap-5">
          <Usable sync={sync} />
          {sync.error && (
            <Note tone="bad">
              <p className="font-semibold">{sync.error.message}</p>
              {sync.error.remedy && <p className="mt-1">{sync.error.remedy}</p>}
              <p className="mt-1 text-soft">What was fetched before is kept and stays usable.</p>
            </Note>
          )}
          {sync.warnings.map(warning => (
            <Note key={warning.code + warning.message} tone="warn">
              {warning.message}
            </Note>
          ))}
        </div>
      </div>
    </Page>
  )
}

function titleOf(sync: Sync): string {
  if (sync.status === 'succeeded') return sync.kind === 'backfill' ? 'Your store is here' : 'Up to date'
  if (sync.status === 'failed') return 'Fetching failed'
  if (sync.status === 'cancelled') return 'Fetching was stopped'
  return sync.kind === 'backfill' ? 'Fetching your store' : 'Fetching what changed'
}

function Overall({ sync }: { sync: Sync }) {
  const moving = isMoving(sync.status)
  const facts = [
    moving && sync.eta_seconds != null && `about ${durationText(sync.eta_seconds)} left`,
    moving && sync.rows_per_second != null && `${count(Math.round(sync.rows_per_second))} rows/s`,
  ].filter(Boolean)
  return (
    <div className="mb-5">
      <div className="mb-2 flex flex-wrap items-baseline justify-between gap-x-4">
        <p className="text-2xl font-semibold">
          <span className="numeral">{count(sync.orders.done)}</span>
          <span className="text-base font-normal text-soft">
            {sync.orders.total == null ? ' orders' : ` of ${count(sync.orders.total)} orders`}
          </span>
        </p>
        <p className="numeral text-sm text-soft">{facts.join(' · ')}</p>
      </div>
      <Meter
        label="Sync progress"
        value={sync.status === 'succeeded' ? 1 : sync.progress}
        tone={sync.status === 'succeeded' ? 'good' : sync.status === 'failed' ? 'warn' : 'brass'}
      />
    </div>
  )
}

function Usable({ sync }: { sync: Sync }) {
  const store = useStoreOf(sync)
  if (!sync.oldest_day || !sync.newest_day) {
    return (
      <section className="sheet p-5 text-sm text-soft">
        {isMoving(sync.status)
          ? 'Figures can be looked at as soon as the first orders have arrived. You need not wait here: this goes on by itself.'
          : 'No orders have arrived yet. Resume goes on where it stopped; nothing is fetched twice.'}
      </section>
    )
  }
  return (
    <section className="sheet flex flex-col items-start gap-3 p-5">
      <h2 className="font-semibold">{sync.status === 'succeeded' ? 'All there' : 'Usable already'}</h2>
      <p className="text-sm text-soft">
        Orders of {spanText(sync.oldest_day, sync.newest_day)} are in the ledger.
      </p>
      <Link to={paths.pulse} className={buttonClass(sync.status === 'succeeded' ? 'primary' : 'plain')}>
        {sync.status === 'succeeded' ? 'See the profit' : 'Look at what is there already'}
      </Link>
      {sync.status === 'succeeded' && sync.kind === 'backfill' && (
        <Link to={paths.startCosts} search={{ store }} className={buttonClass('plain')}>
          Say what products cost
        </Link>
      )}
    </section>
  )
}

function Actions({ sync }: { sync: Sync }) {
  const act = useSyncAction()
  const may = useMay('syncs:run')
  const canCancel = may && (sync.status === 'queued' || sync.status === 'running')
  const canResume = may && (sync.status === 'cancelled' || sync.status === 'failed')
  return (
    <>
      {act.error && (
        <p role="alert" className="text-sm text-bad">
          {act.error.message}
        </p>
      )}
      {canCancel && (
        <Button busy={act.isPending} onClick={() => act.mutate({ cancel: sync.id })}>
          Cancel
        </Button>
      )}
      {sync.status === 'cancelling' && <Button busy>Stopping</Button>}
      {canResume && (
        <Button kind="primary" busy={act.isPending} onClick={() => act.mutate({ resume: sync.id })}>
          Resume
        </Button>
      )}
    </>
  )
}

/** Who watched the first sync to its end is asked what the goods cost, and goes on to the profit, unless they are already on the way elsewhere. */
function useGoOnWhenDone(sync: Sync) {
  const navigate = useNavigate()
  const router = useRouter()
  const search: Record<string, unknown> = useSearch({ strict: false })
  const store = useStoreOf(sync)
  const watched = useRef(search.first === '1')
  useEffect(() => {
    if (isMoving(sync.status)) watched.current = true
    else if (watched.current && sync.status === 'succeeded' && sync.kind === 'backfill') {
      watched.current = false
      const here = router.buildLocation({ to: paths.sync, params: { id: sync.id } })
      if (router.state.location.pathname !== here.pathname) return
      void navigate({ to: paths.startCosts, search: { store } })
    }
  }, [sync.id, sync.status, sync.kind, navigate, router, store])
}

/** The id of the store that a sync fills. */
function useStoreOf(sync: Sync): string | undefined {
  const { data } = useStores()
  return data?.find(store => store.connection_id === sync.connection_id)?.id
}
