/** Days on which a figure was not what its own past says, and what became of them. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { Anomaly, AnomalyStatus, Store } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { dayText, momentText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { useStore } from '@/shared/range/use-range'
import { useMay } from '@/shared/session/may'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { Choices } from '@/shared/ui/Choices'
import { Page } from '@/shared/ui/Page'
import { Empty, Failure, Loading, NoMatch } from '@/shared/ui/States'
import { useUrlFilters } from '@/shared/ui/use-url-filters'
import { AnalystNote } from './AnalystNote'
import { anomaliesQuery, useMark } from './queries'
import { numberText, STATUSES, scoreText, usualText } from './words'

const DismissPopup = lazy(() => import('./DismissPopup'))

const FILTERS = ['status'] as const
const CHOICES: { value: AnomalyStatus | 'all'; label: string }[] = [
  { value: 'open', label: 'Open' },
  { value: 'seen', label: 'Seen' },
  { value: 'dismissed', label: 'Dismissed' },
  { value: 'all', label: 'All' },
]

export function AnomaliesPage() {
  const store = useStore()
  if (!store) return <Loading label="Loading the unusual days" />
  return <AnomaliesOf key={store.id} store={store} />
}

function AnomaliesOf({ store }: { store: Store }) {
  const { values, set } = useUrlFilters(FILTERS)
  const chosen = CHOICES.find(choice => choice.value === values.status)?.value ?? 'open'
  const list = useInfiniteQuery(anomaliesQuery(store.id, chosen === 'all' ? undefined : chosen))
  const rows = useMemo(() => list.data?.pages.flatMap(page => page.anomalies) ?? [], [list.data])
  const total = list.data?.pages[0]?.total
  return (
    <Page
      title="Anomalies"
      lead="Days on which a figure was far from what its own weeks before say: weekday and trend are taken into account."
    >
      <AnalystNote store={store} />
      <Choices
        choices={CHOICES}
        chosen={chosen}
        onChoose={value => void set({ status: value === 'open' ? undefined : value })}
        said={total != null && `${count(total)} ${plural(total, 'unusual day')}`}
      />
      {list.error && !list.data && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Loading label="Loading the unusual days" rows={6} />}
      {list.data && rows.length === 0 && (
        <div className="sheet">
          {chosen === 'open' ? (
            <Empty title="Nothing unusual waits for you">
              Each morning the agent Analytics holds sales, orders, refund rate, margin, ad spend, POAS and
              cost per unit of the last three days against their own twelve weeks. A figure takes six weeks of
              history.
            </Empty>
          ) : (
            <NoMatch title="Of these there are none" onClear={() => void set({ status: undefined })} />
          )}
        </div>
      )}
      {rows.length > 0 && (
        <ol aria-label="Unusual days" className="flex flex-col gap-3">
          {rows.map(row => (
            <li key={row.id}>
              <Unusual of={row} store={store} />
            </li>
          ))}
        </ol>
      )}
      {list.hasNextPage && (
        <Button className="mt-4" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show more
        </Button>
      )}
    </Page>
  )
}

function Unusual({ of, store }: { of: Anomaly; store: Store }) {
  const may = useMay('anomalies:write')
  const [dismissing, setDismissing] = useState(false)
  const mark = useMark(of, () => undefined)
  const { label, tone } = STATUSES[of.status]
  const title = `${of.title}, ${dayText(of.day, 'long')}`
  const show = (value: string) => numberText(value, of.kind, of.currency, of.figure)
  return (
    <article aria-label={title} className="sheet px-4 py-3.5 sm:px-5">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="text-base font-semibold">{of.title}</h2>
        <p className="text-sm text-soft">{dayText(of.day, 'long')}</p>
        <Badge tone={tone}>{label}</Badge>
        {of.gone && <Badge>Usual by now</Badge>}
        {of.may_move && !of.gone && <Badge tone="warn">May still move</Badge>}
      </header>
      <dl className="mt-2.5 grid grid-cols-2 gap-x-6 gap-y-2 sm:grid-cols-[repeat(3,minmax(0,12rem))]">
        <Told label="It was" value={show(of.value)} strong />
        <Told label="Expected" value={show(of.expected)} />
        <Told label="Usual" value={usualText(of)} />
      </dl>
      <p className="mt-2 text-xs text-faint">
        {scoreText(of)}; held against {count(of.history_days)} days.
        {of.may_move && !of.gone && ' Figures of this day are estimated in part or may still change.'}
      </p>
      {of.mark && (
        <p className="mt-2 text-sm wrap-anywhere text-soft">
          <span className="font-semibold text-ink">{STATUSES[of.mark.status].label}</span> by {of.mark.by},{' '}
          {momentText(of.mark.at, store.timezone)}
          {of.mark.reason && `: “${of.mark.reason}”`}
        </p>
      )}
      {may && (
        <div className="mt-3 flex flex-wrap gap-2">
          {of.status === 'open' ? (
            <>
              <Button busy={mark.isPending} onClick={() => mark.mutate({ status: 'seen', reason: null })}>
                Seen<span className="sr-only">: {title}</span>
              </Button>
              <Button kind="quiet" onClick={() => setDismissing(true)}>
                Dismiss<span className="sr-only">: {title}</span>
              </Button>
            </>
          ) : (
            <Button
              kind="quiet"
              busy={mark.isPending}
              onClick={() => mark.mutate({ status: 'open', reason: null })}
            >
              Open again<span className="sr-only">: {title}</span>
            </Button>
          )}
        </div>
      )}
      {mark.error && (
        <p role="alert" className="mt-2 text-sm text-bad">
          {mark.error.message}
        </p>
      )}
      {dismissing && (
        <Suspense>
          <DismissPopup of={of} title={title} onClose={() => setDismissing(false)} />
        </Suspense>
      )}
    </article>
  )
}

function Told({ label, value, strong }: { label: string; value: string; strong?: boolean }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-faint">{label}</dt>
      <dd className={`numeral wrap-anywhere ${strong ? 'font-semibold' : ''}`}>{value}</dd>
    </div>
  )
}
