/** How the forecast stands: none yet, being made, grown old, or failed; and since when stock is written down. */
import { useQuery } from '@tanstack/react-query'
import { isMoving } from '@/shared/api/queries'
import type { ForecastRun, InventoryList, Store } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { ageText, dayText } from '@/shared/format/time'
import { asSentence, plural } from '@/shared/format/words'
import { useMay } from '@/shared/session/may'
import { Button } from '@/shared/ui/Button'
import { Note } from '@/shared/ui/States'
import { lastRunQuery, useCancelRun, useRefresh } from './queries'

interface RefreshProps {
  refresh: ReturnType<typeof useRefresh>
  moving: boolean
  first: boolean
}

export function RefreshButton({ refresh, moving, first }: RefreshProps) {
  if (!useMay('inventory:write')) return null
  return (
    <Button
      kind={first ? 'primary' : 'plain'}
      busy={refresh.isPending}
      disabled={moving}
      onClick={() => refresh.mutate()}
    >
      {first ? 'Make the first forecast' : 'Forecast again'}
    </Button>
  )
}

/** Whether a forecast is being made, and the run that says how far it is. */
export function useForecastWork(store: Store, list: InventoryList | undefined) {
  const { data: run } = useQuery(lastRunQuery(store.id))
  const refresh = useRefresh(store.id)
  const moving = isMoving(run?.status) || (!run && list?.forecast.state === 'running')
  return { run, refresh, moving }
}

interface StandingProps {
  list: InventoryList
  run: ForecastRun | null | undefined
  refresh: ReturnType<typeof useRefresh>
  moving: boolean
}

export function Standing({ list, run, refresh, moving }: StandingProps) {
  const { forecast, stock_history: history } = list
  return (
    <div className="flex flex-col gap-4 empty:hidden">
      {refresh.error && (
        <p role="alert" className="text-sm text-bad">
          {refresh.error.message}
        </p>
      )}
      {moving && <Progress run={run ?? null} />}
      {!moving && run?.status === 'failed' && <Failed run={run} />}
      {!moving && forecast.state === 'none' && (
        <Note tone="warn">
          <p className="font-semibold">There is no forecast yet</p>
          <p>
            {forecast.reason
              ? asSentence(forecast.reason)
              : 'It is made each night, from the orders of this store.'}
          </p>
          <p className="mt-2 empty:hidden">
            <RefreshButton refresh={refresh} moving={moving} first />
          </p>
        </Note>
      )}
      {!moving && forecast.state === 'stale' && (
        <Note tone="warn">
          <p className="font-semibold">The forecast is old</p>
          <p>
            {forecast.reason
              ? asSentence(forecast.reason)
              : `It was made ${ageText(forecast.as_of)} and knows sales up to ${dayText(forecast.learned_to)}.`}
          </p>
        </Note>
      )}
      {!history.since && history.reason && <Note>{asSentence(history.reason)}</Note>}
    </div>
  )
}

function Progress({ run }: { run: ForecastRun | null }) {
  const total = run?.total ?? null
  return (
    <div
      role="status"
      className="sheet flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 text-sm sm:px-5"
    >
      <span className="font-semibold">
        {run?.status === 'cancelling' ? 'Stopping' : run?.status === 'queued' ? 'Waiting' : 'Forecasting'}
        {run?.status !== 'queued' && ' the next 28 days'}
      </span>
      <progress
        aria-label="Variants forecast"
        className="h-2 min-w-32 flex-1"
        {...(total !== null && { max: total, value: run?.done ?? 0 })}
      />
      {run && total !== null && (
        <span className="numeral text-soft">
          {count(run.done)} of {count(total)} {plural(total, 'variant')}
        </span>
      )}
      {run && run.status !== 'cancelling' && <StopButton run={run} />}
    </div>
  )
}

function StopButton({ run }: { run: ForecastRun }) {
  const cancel = useCancelRun(run.store_id)
  if (!useMay('inventory:write')) return null
  return (
    <>
      <Button busy={cancel.isPending} onClick={() => cancel.mutate(run.id)}>
        Stop
      </Button>
      {cancel.error && (
        <p role="alert" className="text-bad">
          {cancel.error.message}
        </p>
      )}
    </>
  )
}

function Failed({ run }: { run: ForecastRun }) {
  return (
    <Note tone="bad">
      <p className="font-semibold">The last forecast failed {ageText(run.finished_at ?? run.created_at)}</p>
      <p>
        {run.error ? `${run.error.message} ${run.error.remedy}` : 'It does not say why.'} What is shown below
        is from before.
      </p>
    </Note>
  )
}
