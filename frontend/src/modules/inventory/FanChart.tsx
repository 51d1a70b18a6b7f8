/** What was wanted day by day, and what is expected of the days ahead. */
import { useMemo, useState } from 'react'
import type { DemandDay, Forecast } from '@/shared/api/types'
import type { ChartPoint, ChartSeries } from '@/shared/charts/kinds'
import { LineChart } from '@/shared/charts/LineChart'
import { number } from '@/shared/format/money'
import { dayText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'

const SERIES: ChartSeries[] = [
  { key: 'demand', label: 'Demand', tone: 'slate', partial: true },
  { key: 'mean', label: 'Forecast', tone: 'brass', band: ['low', 'high'], partial: true },
]
const BACK = [28, 90, 180] as const
const WAS_OUT = 'It was out of stock: nobody knows how many would have sold.'

interface FanChartProps {
  title: string
  history: DemandDay[]
  forecast: Forecast | null
  today: string
}

export function FanChart({ title, history, forecast, today }: FanChartProps) {
  const [back, setBack] = useState<number>(90)
  const points = useMemo(() => pointsOf(history.slice(-back), forecast), [history, forecast, back])
  return (
    <div className="flex flex-col gap-3">
      <label className="flex items-center gap-2 self-start text-sm text-soft">
        Look back
        <select
          value={back}
          onChange={event => setBack(Number(event.target.value))}
          className="field w-auto py-1 pr-2 text-sm"
        >
          {BACK.map(days => (
            <option key={days} value={days}>
              {days} days
            </option>
          ))}
        </select>
      </label>
      <LineChart
        title={`Demand for ${title} per day`}
        summary={summaryOf(history.slice(-back), forecast)}
        points={points}
        series={forecast ? SERIES : SERIES.slice(0, 1)}
        unit={{ kind: 'units' }}
        markers={points.some(point => point.at === today) ? [{ at: today, label: 'Today' }] : []}
      />
    </div>
  )
}

export function pointsOf(history: DemandDay[], forecast: Forecast | null): ChartPoint[] {
  const steps = forecast?.steps ?? []
  const first = steps[0]?.day
  const past = history
    .filter(day => !first || day.day < first)
    .map(
      (day): ChartPoint => ({
        at: day.day,
        values: { demand: day.demand ?? null },
        reason: day.demand == null ? WAS_OUT : undefined,
      }),
    )
  const ahead = steps.map(
    (step): ChartPoint => ({
      at: step.day,
      values: { mean: step.mean, low: step.p10, high: step.p90 },
    }),
  )
  return [...past, ...ahead]
}

function summaryOf(history: DemandDay[], forecast: Forecast | null): string {
  const known = history.filter(day => day.demand != null)
  const out = history.length - known.length
  const sold = known.reduce((sum, day) => sum + (day.demand ?? 0), 0)
  const past = `${number(sold, 1)} ${plural(sold, 'unit')} in the last ${history.length} days${
    out > 0 ? `, of which it was out of stock on ${out}` : ''
  }.`
  const last = forecast?.steps.at(-1)
  if (!forecast || !last) return past
  const ahead = forecast.steps.reduce((sum, step) => sum + step.mean, 0)
  return `${past} Until ${dayText(last.day, 'axis')} about ${number(ahead, 1)} are expected; each day’s interval holds four of five days.`
}
