/** Did I make money? Net profit first, with what is known of it and the way to it. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { isMoving } from '@/shared/api/queries'
import type { Pulse, Store } from '@/shared/api/types'
import { Ladder } from '@/shared/figures/Ladder'
import { LazyPassport, useExplained } from '@/shared/figures/LazyPassport'
import { type FigureScope, scopeOf } from '@/shared/figures/queries'
import { RatesNote } from '@/shared/figures/RatesNote'
import { count, inMoney, share } from '@/shared/format/money'
import { spanText } from '@/shared/format/time'
import { paths } from '@/shared/paths'
import { type Range, rangeDetail, rangeTitle } from '@/shared/range/range'
import { useRange, useSetRange, useStore, useView, type View } from '@/shared/range/use-range'
import { Button, buttonClass } from '@/shared/ui/Button'
import { Later } from '@/shared/ui/Later'
import { Page, Section } from '@/shared/ui/Page'
import { Empty, Failure, Note } from '@/shared/ui/States'
import { BestAndWorst } from './BestAndWorst'
import { DailyChart } from './DailyChart'
import { Hero } from './Hero'
import { KpiTiles } from './KpiTiles'
import { PulseSkeleton } from './PulseSkeleton'
import { pulseQuery } from './queries'

export function PulsePage() {
  const store = useStore()
  const view = useView()
  const range = useRange()
  if (!store || !view || !range) return <PulseSkeleton />
  return <PulseOf store={store} view={view} range={range} />
}

function PulseOf({ store, view, range }: { store: Store; view: View; range: Range }) {
  const { data, error, refetch } = useQuery(pulseQuery(view, range))
  return (
    <Page title="Pulse" lead={`${rangeTitle(range)} · ${rangeDetail(range)}`}>
      <SyncNote store={store} />
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <PulseSkeleton />}
      {data &&
        (data.total.orders === 0 && isZero(data) ? (
          <Nothing store={store} all={view.all} />
        ) : (
          <Content pulse={data} scope={scopeOf(view, data)} />
        ))}
    </Page>
  )
}

function isZero(pulse: Pulse): boolean {
  return /^-?0*(\.0*)?$/.test(pulse.total.net_sales ?? '0')
}

function Content({ pulse, scope }: { pulse: Pulse; scope: FigureScope }) {
  const explained = useExplained()
  return (
    <div className="flex flex-col gap-5">
      <RatesNote report={pulse} />
      <Hero pulse={pulse} onExplain={explained.explain} />
      <KpiTiles pulse={pulse} onExplain={explained.explain} />
      <Later className="h-[60rem] rounded-lg">
        <Section title="Day by day">
          <DailyChart pulse={pulse} />
        </Section>
        <div className="grid items-start gap-5 lg:grid-cols-2">
          <Section title="From gross sales to net profit" note="Press a figure for where it comes from.">
            <Ladder
              row={pulse.total}
              unavailable={pulse.unavailable}
              currency={pulse.currency}
              onExplain={explained.explain}
            />
          </Section>
          <BestAndWorst pulse={pulse} />
        </div>
        <Remarks pulse={pulse} />
      </Later>
      <LazyPassport explained={explained} scope={scope} />
    </div>
  )
}

function Remarks({ pulse }: { pulse: Pulse }) {
  if (pulse.notes.length === 0) return null
  return (
    <section aria-label="About these figures" className="text-sm text-soft">
      <h2 className="label-caps mb-1.5">About these figures</h2>
      <ul className="flex max-w-prose list-disc flex-col gap-1 pl-5">
        {pulse.notes.map(note => (
          <li key={note.code + note.message}>{inMoney(note.message)}</li>
        ))}
      </ul>
    </section>
  )
}

function SyncNote({ store }: { store: Store }) {
  if (!store.sync || !isMoving(store.sync.status)) return null
  const progress = store.sync.progress == null ? '' : ` (${share(store.sync.progress)})`
  return (
    <div className="mb-5">
      <Note>
        The sync is under way{progress}: figures grow until it is done.{' '}
        {store.first_day && store.last_day && (
          <>
            There already: {spanText(store.first_day, store.last_day)}, {count(store.orders)} orders.{' '}
          </>
        )}
        <Link to={paths.sync} params={{ id: store.sync.id }} className="font-semibold underline">
          Watch it
        </Link>
      </Note>
    </div>
  )
}

function Nothing({ store, all }: { store: Store; all: boolean }) {
  const setRange = useSetRange()
  const hasOrders = store.first_day && store.last_day
  return (
    <div className="sheet">
      <Empty
        title={hasOrders ? 'No orders in this period' : 'No orders yet'}
        action={
          hasOrders ? (
            <Button
              kind="primary"
              onClick={() => void setRange({ range: 'all', from: undefined, to: undefined })}
            >
              Show everything
            </Button>
          ) : (
            <Link to={paths.connections} className={buttonClass('primary')}>
              Look at the connection
            </Link>
          )
        }
      >
        {hasOrders && !all
          ? `This store’s orders are from ${spanText(store.first_day ?? '', store.last_day ?? '')}.`
          : hasOrders
            ? 'No store sold anything on these days.'
            : 'Figures appear as soon as the first orders have been fetched.'}
      </Empty>
    </div>
  )
}
