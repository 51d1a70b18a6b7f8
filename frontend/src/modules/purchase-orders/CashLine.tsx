/** The money that orders take, day by day, added up: what is open, and with one that is being written. */
import { useMemo } from 'react'
import type { PurchaseOutlook } from '@/shared/api/types'
import type { ChartSeries } from '@/shared/charts/kinds'
import { LineChart } from '@/shared/charts/LineChart'
import { sign } from '@/shared/format/decimal'
import { count, money } from '@/shared/format/money'
import { dayText } from '@/shared/format/time'
import { asSentence, plural } from '@/shared/format/words'
import { cashLine } from './draft'

const OPEN: ChartSeries = { key: 'open', label: 'Open orders', tone: 'slate', step: true, area: true }
const WITH: ChartSeries = { key: 'with', label: 'With this one', tone: 'brass', step: true }

interface CashLineProps {
  outlook: PurchaseOutlook
  /** What would be added, once it has a day. */
  extra?: { day: string; amount: string } | undefined
}

export function CashLine({ outlook, extra }: CashLineProps) {
  const line = useMemo(() => cashLine(outlook, extra), [outlook, extra])
  const series = extra ? [OPEN, WITH] : [OPEN]
  const arriving = line.filter(point => point.units > 0)
  return (
    <LineChart
      title="Cash that orders take, added up"
      summary={summaryOf(outlook, line.at(-1)?.with ?? '0', extra)}
      points={line.map(point => ({ at: point.day, values: { open: point.open, with: point.with } }))}
      series={series}
      unit={{ kind: 'money', currency: outlook.currency }}
      markers={arriving.map(point => ({
        at: point.day,
        label: `${count(point.units)} ${plural(point.units, 'unit')} arrive`,
      }))}
      height={220}
    />
  )
}

function summaryOf(outlook: PurchaseOutlook, end: string, extra: CashLineProps['extra']): string {
  const { currency, undated } = outlook
  const whole = `Orders take ${money(end, currency)} until ${dayText(outlook.to, 'axis')}${extra ? ', this one included' : ''}.`
  const rest =
    sign(undated.cash_out) > 0
      ? ` ${money(undated.cash_out, currency)} of ${undated.orders.length} ${plural(undated.orders.length, 'order')} has no day yet.`
      : ''
  const others = outlook.unavailable.cash_out
  return whole + rest + (others ? ` ${asSentence(others)}` : '')
}

/** The days on which money goes or goods come. */
export function CashDays({ outlook }: { outlook: PurchaseOutlook }) {
  const days = outlook.days.filter(day => sign(day.cash_out) !== 0 || day.arriving_units > 0)
  if (days.length === 0) return null
  return (
    <table aria-label="Days on which money goes or goods come" className="w-full text-sm">
      <thead className="border-y border-rule bg-sunk text-xs text-soft">
        <tr>
          <th scope="col" className="px-4 py-2 text-left font-medium sm:px-5">
            Day
          </th>
          <th scope="col" className="px-2 py-2 text-right font-medium">
            Cash out
          </th>
          <th scope="col" className="px-2 py-2 pr-4 text-right font-medium sm:pr-5">
            Units arriving
          </th>
        </tr>
      </thead>
      <tbody>
        {days.map(day => (
          <tr key={day.day} className="border-b border-rule last:border-0">
            <th scope="row" className="px-4 py-2 text-left font-normal sm:px-5">
              {dayText(day.day)}
            </th>
            <td className="numeral px-2 py-2 text-right">{money(day.cash_out, outlook.currency)}</td>
            <td className="numeral px-2 py-2 pr-4 text-right sm:pr-5">{count(day.arriving_units)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
