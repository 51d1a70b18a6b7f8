import { dayText } from '@/shared/format/time'
import { Amount } from '@/shared/ui/Amount'
import type { ChartPoint, ChartSeries } from './geometry'

interface PointTableProps {
  title: string
  points: ChartPoint[]
  series: ChartSeries[]
  currency: string
}

export function PointTable({ title, points, series, currency }: PointTableProps) {
  return (
    // A region that scrolls must be reachable by keyboard.
    <section
      aria-label={`${title}, as a table`}
      tabIndex={0}
      className="max-h-80 overflow-auto rounded-md border border-rule"
    >
      <table className="w-full text-sm">
        <thead className="sticky top-0 bg-sunk text-xs text-soft">
          <tr>
            <th scope="col" className="px-3 py-2 text-left font-semibold">
              Day
            </th>
            {series.map(entry => (
              <th key={entry.key} scope="col" className="px-3 py-2 text-right font-semibold">
                {entry.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.map(point => (
            <tr key={point.day} className="border-t border-rule">
              <th scope="row" className="px-3 py-1.5 text-left font-normal whitespace-nowrap">
                {dayText(point.day)}
              </th>
              {series.map(entry => (
                <td key={entry.key} className="px-3 py-1.5 text-right">
                  <Amount value={point.values[entry.key]} currency={currency} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
