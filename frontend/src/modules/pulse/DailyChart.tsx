import { useMemo } from 'react'
import type { Pulse } from '@/shared/api/types'
import type { ChartSeries } from '@/shared/charts/kinds'
import { LineChart } from '@/shared/charts/LineChart'
import { compare } from '@/shared/format/decimal'
import { money } from '@/shared/format/money'
import { dayText, todayIn } from '@/shared/format/time'

const SERIES: ChartSeries[] = [
  { key: 'sales', label: 'Net sales', tone: 'slate', area: true },
  { key: 'profit', label: 'Net profit', tone: 'brass', area: true },
]
const COMPARED: ChartSeries[] = [
  ...SERIES,
  { key: 'salesBefore', label: 'Net sales before', tone: 'slate', dashed: true },
  { key: 'profitBefore', label: 'Net profit before', tone: 'brass', dashed: true },
]

export function DailyChart({ pulse }: { pulse: Pulse }) {
  const before = pulse.comparison_series
  const points = useMemo(
    () =>
      pulse.series.map((row, index) => ({
        at: row.day,
        reason: row.net_profit == null ? pulse.unavailable.net_profit : undefined,
        values: {
          sales: row.net_sales,
          profit: row.net_profit,
          salesBefore: before?.[index]?.net_sales,
          profitBefore: before?.[index]?.net_profit,
        },
      })),
    [pulse.series, pulse.unavailable, before],
  )
  return (
    <LineChart
      title="Net sales and net profit per day"
      summary={summary(pulse)}
      points={points}
      series={before ? COMPARED : SERIES}
      unit={{ kind: 'money', currency: pulse.currency }}
    />
  )
}

function summary(pulse: Pulse): string {
  const today = todayIn(pulse.timezone ?? 'UTC')
  const running = pulse.series.at(-1)?.day === today && pulse.series.length > 1
  const known = pulse.series.filter(row => row.net_profit != null && !(running && row.day === today))
  const first = known[0]
  if (!first) return 'Net profit is not known on any of these days.'
  let best = first
  let worst = first
  for (const row of known) {
    if (compare(row.net_profit ?? '0', best.net_profit ?? '0') > 0) best = row
    if (compare(row.net_profit ?? '0', worst.net_profit ?? '0') < 0) worst = row
  }
  if (known.length === 1)
    return `Net profit of ${dayText(best.day)}: ${money(best.net_profit, pulse.currency)}.`
  return `Best day ${dayText(best.day, 'axis')} with ${money(best.net_profit, pulse.currency)} net profit, weakest ${dayText(worst.day, 'axis')} with ${money(worst.net_profit, pulse.currency)}.${running ? ` ${dayText(today, 'axis')} is not over yet.` : ''}`
}
