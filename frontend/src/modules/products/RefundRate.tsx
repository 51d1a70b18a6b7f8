/** How much comes back, told both ways, because the two answer different questions. */
import { useQuery } from '@tanstack/react-query'
import type { ProductRefunds, Store } from '@/shared/api/types'
import type { ChartPoint, ChartSeries } from '@/shared/charts/kinds'
import { LineChart } from '@/shared/charts/LineChart'
import { dayText, monthText } from '@/shared/format/time'
import type { Range } from '@/shared/range/range'
import { Section } from '@/shared/ui/Page'
import { Failure, Loading, Note } from '@/shared/ui/States'
import { refundsQuery } from './queries'

const BY_REFUND: ChartSeries = { key: 'refund', label: 'By day of the refund', tone: 'slate' }
const BY_ORDER: ChartSeries = { key: 'order', label: 'By day of the order', tone: 'brass' }

export function RefundRate({ id, store, range }: { id: string; store: Store; range: Range }) {
  const { data, error, refetch } = useQuery(refundsQuery(id, store.id, range))
  return (
    <Section title="Refund rate" note="Returned value of what was sold, after discounts">
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Loading the refunds" rows={4} />}
      {data && <Rates refunds={data} />}
    </Section>
  )
}

function Rates({ refunds }: { refunds: ProductRefunds }) {
  const complete = refunds.by_order_day_unavailable == null
  return (
    <div className="flex flex-col gap-3">
      <LineChart
        title="Refund rate"
        xTitle={refunds.grain.charAt(0).toUpperCase() + refunds.grain.slice(1)}
        points={refunds.periods.map(pointOf)}
        series={complete ? [BY_REFUND, BY_ORDER] : [BY_REFUND]}
        unit={{ kind: 'share' }}
      />
      {!complete && <Note>By day of the order: {refunds.by_order_day_unavailable}.</Note>}
      <dl className="grid gap-x-6 gap-y-1 text-xs text-soft sm:grid-cols-2">
        <div>
          <dt className="font-semibold">By day of the refund</dt>
          <dd>What came back in a period, of what was sold in it. This is how the books have it.</dd>
        </div>
        <div>
          <dt className="font-semibold">By day of the order</dt>
          <dd>What came back up to now of the period’s own orders. Young periods still rise.</dd>
        </div>
      </dl>
    </div>
  )
}

function pointOf(period: ProductRefunds['periods'][number]): ChartPoint {
  const refund = period.by_refund_day.rate
  const order = period.by_order_day?.rate
  return {
    at: period.key,
    ...nameOf(period.key),
    values: { refund, order },
    reason: refund == null || order == null ? 'Nothing was sold.' : undefined,
  }
}

/** `2026-02-14`, `2026-W07` or `2026-02`. */
function nameOf(key: string): { label: string; long: string } {
  const week = /^(\d{4})-W(\d{2})$/.exec(key)
  if (week) return { label: `W${week[2]}`, long: `Week ${Number(week[2])} of ${week[1]}` }
  if (/^\d{4}-\d{2}$/.test(key)) {
    return { label: monthText(`${key}-01`), long: monthText(`${key}-01`, 'long') }
  }
  return { label: dayText(key, 'axis'), long: dayText(key, 'long') }
}
