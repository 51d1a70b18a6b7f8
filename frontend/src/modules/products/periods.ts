/** Days gathered into periods that a chart can show: days, weeks (by their Monday) or months. */
import type { ProductAnswer } from '@/shared/api/types'
import { add, ratio } from '@/shared/format/decimal'
import { addDays, asUtc, daysBetween, dayText, monthText } from '@/shared/format/time'

export type Grain = 'day' | 'week' | 'month'

export interface Period {
  at: string
  label: string
  long: string
  units: number
  sales: string
  profit: string | null
  /** Of net sales; null where nothing was sold or the profit is not known. */
  margin: number | null
}

export function grainOf(from: string, to: string): Grain {
  const days = daysBetween(from, to) + 1
  return days <= 31 ? 'day' : days <= 210 ? 'week' : 'month'
}

export function startOf(day: string, grain: Grain): string {
  if (grain === 'month') return `${day.slice(0, 7)}-01`
  if (grain === 'week') return addDays(day, -((asUtc(day).getUTCDay() + 6) % 7))
  return day
}

function names(start: string, grain: Grain): Pick<Period, 'label' | 'long'> {
  if (grain === 'month') return { label: monthText(start), long: monthText(start, 'long') }
  if (grain === 'week') return { label: dayText(start, 'axis'), long: `Week of ${dayText(start)}` }
  return { label: dayText(start, 'axis'), long: dayText(start, 'long') }
}

/** The answer leaves out days without sales: those brought exactly nothing. */
export function periodsOf(series: ProductAnswer['series'], from: string, to: string): Period[] {
  const grain = grainOf(from, to)
  const periods = new Map<string, Period>()
  for (let day = from; day <= to; day = addDays(day, 1)) {
    const at = startOf(day, grain)
    if (!periods.has(at)) {
      periods.set(at, { at, ...names(at, grain), units: 0, sales: '0', profit: '0', margin: null })
    }
  }
  for (const row of series) {
    const period = periods.get(startOf(row.day, grain))
    if (!period) continue
    period.units += row.units
    period.sales = add(period.sales, row.net_sales ?? '0')
    period.profit =
      period.profit === null || row.net_profit == null ? null : add(period.profit, row.net_profit)
  }
  for (const period of periods.values()) {
    period.margin = period.profit === null ? null : ratio(period.profit, period.sales)
  }
  return [...periods.values()]
}
