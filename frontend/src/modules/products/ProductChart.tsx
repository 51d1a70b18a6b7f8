import { useMemo } from 'react'
import type { ProductAnswer } from '@/shared/api/types'
import type { ChartPoint, ChartSeries } from '@/shared/charts/kinds'
import { LineChart } from '@/shared/charts/LineChart'
import { money } from '@/shared/format/money'
import { addDays, daysBetween } from '@/shared/format/time'
import type { Range } from '@/shared/range/range'

const SERIES: ChartSeries[] = [
  { key: 'sales', label: 'Net sales', tone: 'slate', area: true },
  { key: 'profit', label: 'Net profit', tone: 'brass' },
]

export function ProductChart({ answer, range }: { answer: ProductAnswer; range: Range }) {
  const points = useMemo(() => everyDay(answer, range), [answer, range])
  const soldOn = answer.series.length
  return (
    <LineChart
      title="Net sales and net profit of this product per day"
      summary={`Sold or returned on ${soldOn} of ${points.length} days, ${money(answer.performance?.net_sales, answer.currency)} in all.`}
      points={points}
      series={SERIES}
      unit={{ kind: 'money', currency: answer.currency }}
    />
  )
}

/** The answer leaves out days without sales: those brought exactly nothing. */
function everyDay(answer: ProductAnswer, range: Range): ChartPoint[] {
  const sold = new Map(answer.series.map(row => [row.day, row]))
  return Array.from({ length: daysBetween(range.from, range.to) + 1 }, (_, index) => {
    const day = addDays(range.from, index)
    const row = sold.get(day)
    return {
      at: day,
      values: row ? { sales: row.net_sales, profit: row.net_profit } : { sales: '0', profit: '0' },
    }
  })
}
