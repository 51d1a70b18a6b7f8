/** What was left at the end of each day, and what will be, with the goods that come. */
import { useMemo } from 'react'
import type { Arrival, InventoryVariant } from '@/shared/api/types'
import type { ChartPoint, ChartSeries } from '@/shared/charts/kinds'
import { LineChart } from '@/shared/charts/LineChart'
import { count } from '@/shared/format/money'
import { dayText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { stockOutText } from './words'

const SERIES: ChartSeries[] = [
  { key: 'stock', label: 'Stock', tone: 'slate', partial: true },
  { key: 'expected', label: 'Stock expected', tone: 'brass', band: ['low', 'high'], partial: true },
]
const BACK = 28
const NOT_WRITTEN = 'The stock of this day was not written down.'

export function CoverChart({ variant }: { variant: InventoryVariant }) {
  const points = useMemo(() => pointsOf(variant), [variant])
  const point = variant.reorder.point
  return (
    <LineChart
      title={`Stock of ${variant.title}`}
      summary={summaryOf(variant)}
      points={points}
      series={SERIES}
      unit={{ kind: 'units' }}
      reference={point == null ? undefined : { value: point, label: 'Reorder point' }}
      markers={variant.arrivals.flatMap(({ day, number, units }) =>
        day && day >= variant.today ? [{ at: day, label: `${number}: ${count(units)} come` }] : [],
      )}
    />
  )
}

function pointsOf({ history, cover }: InventoryVariant): ChartPoint[] {
  const first = cover[0]?.day
  const recent = history.slice(-BACK).filter(day => !first || day.day < first)
  // Days before anybody wrote stock down say nothing.
  const since = recent.findIndex(day => day.stock != null)
  const past = since < 0 ? [] : recent.slice(since)
  return [
    ...past.map(
      (day): ChartPoint => ({
        at: day.day,
        values: { stock: day.stock ?? null },
        reason: day.stock == null ? NOT_WRITTEN : undefined,
      }),
    ),
    ...cover.map(
      (day): ChartPoint => ({
        at: day.day,
        values: { expected: day.expected, low: day.low, high: day.high },
      }),
    ),
  ]
}

function summaryOf(variant: InventoryVariant): string {
  const { stock_out: out, arrivals, cover, urgency } = variant
  const end = cover.at(-1)
  const runsOut =
    urgency === 'out'
      ? 'Nothing is left now.'
      : out?.expected
        ? `Expected to run out on ${stockOutText(variant)}${out.beyond_forecast ? ', told from the rate of the last week that is forecast' : ''}.`
        : 'Not expected to run out within a year.'
  const comes =
    arrivals.length === 0
      ? 'Nothing is on its way.'
      : arrivals.map(arrival => arrivalText(arrival, variant.today)).join(' ')
  return end ? `${runsOut} ${comes}` : runsOut
}

/** What is overdue, or has no day, is in nothing that is drawn. */
function arrivalText({ day, units, number }: Arrival, today: string): string {
  const goods = `${number}: ${count(units)} ${plural(units, 'unit')}`
  if (!day) return `${goods}, nobody told when.`
  if (day < today) return `${goods}, overdue since ${dayText(day, 'axis')}, so not drawn.`
  return `${goods} until ${dayText(day, 'axis')}.`
}
