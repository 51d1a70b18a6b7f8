/** Lifetime value day by day with its interval, and what a new customer costs. */
import { useMemo } from 'react'
import type { Ltv } from '@/shared/api/types'
import type { ChartPoint, ChartSeries } from '@/shared/charts/kinds'
import { LineChart } from '@/shared/charts/LineChart'
import { count, money } from '@/shared/format/money'

const SERIES: ChartSeries[] = [{ key: 'value', label: 'LTV', tone: 'brass', band: ['low', 'high'] }]

export function LtvCurve({ ltv }: { ltv: Ltv }) {
  const { currency, acquisition, payback } = ltv
  const points = useMemo<ChartPoint[]>(
    () =>
      ltv.points.map(point => ({
        at: String(point.day),
        label: point.day === 0 ? 'Day 0' : String(point.day),
        long: `Day ${point.day}, ${count(point.customers)} customers`,
        values: { value: point.value, low: point.low, high: point.high },
      })),
    [ltv],
  )
  return (
    <LineChart
      title="Lifetime value by day since the first order"
      summary={summaryOf(ltv)}
      xTitle="Day"
      points={points}
      series={SERIES}
      unit={{ kind: 'money', currency }}
      reference={acquisition.cost == null ? undefined : { value: acquisition.cost, label: 'nCAC' }}
      markers={payback.day == null ? undefined : [{ at: String(payback.day), label: 'Paid back' }]}
    />
  )
}

function summaryOf({ points, currency, interval_note }: Ltv): string {
  const first = points[0]
  const last = points.at(-1)
  if (!first || !last) return ''
  const note = interval_note ? ` No interval: ${interval_note}.` : ' The band is the 95 % interval.'
  return `${money(first.value, currency)} on the first day, ${money(last.value, currency)} by day ${last.day}.${note}`
}
