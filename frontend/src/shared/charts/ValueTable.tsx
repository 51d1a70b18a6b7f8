/** Everything that a chart draws, as a table. */
import { Absent } from '@/shared/ui/Amount'
import { cx } from '@/shared/ui/cx'
import type { ChartPoint, ChartSeries, Unit } from './kinds'
import { intervalText, longText, numeric, valueText } from './values'

interface ValueTableProps {
  title: string
  xTitle: string
  points: ChartPoint[]
  series: ChartSeries[]
  unit: Unit
}

export function ValueTable({ title, xTitle, points, series, unit }: ValueTableProps) {
  return (
    // A region that scrolls must be reachable by keyboard.
    <section
      aria-label={`${title}, as a table`}
      tabIndex={0}
      className="relative max-h-80 overflow-auto rounded-md border border-rule"
    >
      <table className="w-full text-sm">
        <thead className="sticky top-0 bg-sunk text-xs text-soft">
          <tr>
            <th scope="col" className="px-3 py-2 text-left font-semibold">
              {xTitle}
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
            <tr key={point.at} className="border-t border-rule">
              <th scope="row" className="px-3 py-1.5 text-left font-normal">
                {longText(point)}
              </th>
              {series.map(entry => (
                <td key={entry.key} className="px-3 py-1.5 text-right">
                  <Value point={point} entry={entry} unit={unit} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Value({ point, entry, unit }: { point: ChartPoint; entry: ChartSeries; unit: Unit }) {
  const value = point.values[entry.key]
  const found = numeric(value)
  if (found === null) return <Absent reason={entry.partial ? undefined : point.reason} />
  return (
    <>
      <span className={cx('numeral', found < 0 && 'text-bad')}>{valueText(value, unit)}</span>
      {entry.band && <span className="block text-xs text-faint">{intervalText(point, entry, unit)}</span>}
    </>
  )
}
