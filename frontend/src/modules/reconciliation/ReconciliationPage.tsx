/** Our days against the shop's own totals: what differs, why, and what can be done about it. */
import { useQuery } from '@tanstack/react-query'
import { isMoving } from '@/shared/api/queries'
import type { Reconciliation, ReconciliationRun, Store } from '@/shared/api/types'
import { money } from '@/shared/format/money'
import { ageText, dayText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { type Range, rangeDetail, rangeTitle } from '@/shared/range/range'
import { useRange, useStore } from '@/shared/range/use-range'
import { Only } from '@/shared/session/may'
import { Button } from '@/shared/ui/Button'
import { Page, Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading, Note } from '@/shared/ui/States'
import { useUrlFilters } from '@/shared/ui/use-url-filters'
import { Calendar } from './Calendar'
import { DayDetail } from './DayDetail'
import { DayTable } from './DayTable'
import { reconciliationQuery, useRun } from './queries'

export function ReconciliationPage() {
  const store = useStore()
  const range = useRange()
  if (!store || !range) return <Loading label="Loading the reconciliation" />
  return <ReconciliationOf key={store.id} store={store} range={range} />
}

function ReconciliationOf({ store, range }: { store: Store; range: Range }) {
  const { data, error, refetch } = useQuery(reconciliationQuery(store.id, range))
  const run = useRun(store.id)
  const moving = isMoving(data?.latest_run?.status)
  const compare = (
    <Only may="reconciliation:run">
      <Button
        kind="primary"
        busy={run.isPending}
        disabled={moving}
        onClick={() => run.mutate({ start: range })}
      >
        Compare now
      </Button>
    </Only>
  )
  return (
    <Page
      title="Reconciliation"
      lead={`${rangeTitle(range)} · ${rangeDetail(range)}`}
      actions={data && data.days.length > 0 && compare}
    >
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Loading the reconciliation" rows={10} />}
      {run.error && (
        <p role="alert" className="mb-4 text-sm text-bad">
          {run.error.message}
        </p>
      )}
      {data?.latest_run && <Progress run={data.latest_run} onCancel={id => run.mutate({ cancel: id })} />}
      {data && data.days.length === 0 && !moving && (
        <div className="sheet">
          <Empty title="Not compared yet" action={compare}>
            Each day’s sales are held against the shop’s own totals. Every difference is explained by its
            cause, down to the order.
          </Empty>
        </div>
      )}
      {data && data.days.length > 0 && <Found data={data} />}
    </Page>
  )
}

function Progress({ run, onCancel }: { run: ReconciliationRun; onCancel: (id: string) => void }) {
  if (run.status === 'failed' && run.error) {
    return (
      <div className="mb-4">
        <Note tone="bad">
          <p className="font-semibold">The last comparison failed</p>
          <p>
            {run.error.message} {run.error.remedy}
          </p>
        </Note>
      </div>
    )
  }
  if (!isMoving(run.status)) return null
  return (
    <div
      role="status"
      className="sheet mb-4 flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 text-sm sm:px-5"
    >
      <span className="font-semibold">
        {run.status === 'cancelling' ? 'Stopping' : 'Comparing'} {dayText(run.from)} to {dayText(run.to)}
      </span>
      <progress
        aria-label="Days compared"
        className="h-2 min-w-32 flex-1"
        max={run.total_days}
        value={run.done_days}
      />
      <span className="numeral text-soft">
        {run.done_days} of {run.total_days} days
      </span>
      {run.status !== 'cancelling' && (
        <Only may="reconciliation:run">
          <Button onClick={() => onCancel(run.id)}>Stop</Button>
        </Only>
      )}
    </div>
  )
}

function Found({ data }: { data: Reconciliation }) {
  const { values, set } = useUrlFilters(['day'] as const)
  const differing = data.days.filter(day => day.state !== 'agrees')
  const chosen = data.days.find(day => day.day === values.day)?.day ?? differing.at(-1)?.day
  const choose = (day: string) => void set({ day })
  return (
    <div className="flex flex-col gap-4">
      <Verdict data={data} differing={differing.length} />
      <Section title="Days" note="Every day of the range; choose one to see what differs.">
        <Calendar data={data} chosen={chosen} onChoose={choose} />
      </Section>
      {differing.length > 0 && (
        <Section title="Days that differ" flush>
          <DayTable days={differing} currency={data.currency} chosen={chosen} onChoose={choose} />
        </Section>
      )}
      {chosen && <DayDetail store={data.store_id} day={chosen} />}
    </div>
  )
}

function Verdict({ data, differing }: { data: Reconciliation; differing: number }) {
  const { summary } = data
  const tone = summary.unexplained > 0 ? 'text-bad' : differing > 0 ? 'text-warn' : 'text-good'
  return (
    <section aria-label="Result" className="sheet px-4 py-4 sm:px-5">
      <p className={`text-lg font-semibold ${tone}`}>
        {differing === 0
          ? 'Nothing differs.'
          : `${differing} of ${summary.days} ${plural(summary.days, 'day')} ${plural(differing, 'differs', 'differ')}.`}
      </p>
      <p className="mt-1 text-sm text-soft">
        {differing > 0 && (
          <>
            {summary.unexplained === 0
              ? 'Every difference has a known cause. '
              : `On ${summary.unexplained} ${plural(summary.unexplained, 'day')} ${money(summary.unexplained_amount, data.currency, 'signed')} has no known cause. `}
            In all, the shop’s sales less ours are{' '}
            <span className="numeral">{money(summary.difference, data.currency, 'signed')}</span>.{' '}
          </>
        )}
        {summary.days} {plural(summary.days, 'day')} checked {ageText(summary.as_of)}
        {summary.unchecked > 0 && `, ${summary.unchecked} not yet`}.
      </p>
      <p className="mt-1 text-sm text-soft">
        {summary.source === 'order_totals'
          ? 'Compared with what each order is worth now, by the day of its sale.'
          : 'Compared with the shop’s own sales report, day by day.'}
      </p>
      {summary.source === 'order_totals' && summary.source_reason && (
        <div className="mt-3">
          <Note tone="slate">
            <p className="font-semibold">The shop’s sales report is not granted</p>
            <p>{summary.source_reason}</p>
          </Note>
        </div>
      )}
    </section>
  )
}
