import type { ReconciledDay } from '@/shared/api/types'
import { dayText } from '@/shared/format/time'
import { Amount } from '@/shared/ui/Amount'
import { Badge } from '@/shared/ui/Badge'
import { cx } from '@/shared/ui/cx'
import { CAUSES, STATES } from './causes'

interface DayTableProps {
  days: ReconciledDay[]
  currency: string
  chosen: string | undefined
  onChoose: (day: string) => void
}

const CELL = 'px-1.5 py-2 first:pl-4 last:pr-4 sm:px-5'
const WIDE = 'hidden md:table-cell'

/** Newest first. */
export function DayTable({ days, currency, chosen, onChoose }: DayTableProps) {
  return (
    <section className="relative overflow-x-auto" aria-label="Days that differ, scrolls sideways">
      <table className="w-full text-sm">
        <thead className="border-b border-rule text-left text-xs text-faint">
          <tr>
            <th scope="col" className={CELL}>
              Day
            </th>
            <th scope="col" className={CELL}>
              State
            </th>
            <th scope="col" className={cx(CELL, WIDE, 'text-right')}>
              Ours
            </th>
            <th scope="col" className={cx(CELL, WIDE, 'text-right')}>
              The shop’s
            </th>
            <th scope="col" className={cx(CELL, 'text-right')}>
              Difference
            </th>
            <th scope="col" className={CELL}>
              Causes
            </th>
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map(day => (
            <tr
              key={day.day}
              className={cx('border-b border-rule last:border-0', day.day === chosen && 'bg-sunk')}
            >
              <th scope="row" className={cx(CELL, 'text-left font-medium whitespace-nowrap')}>
                <button
                  type="button"
                  onClick={() => onChoose(day.day)}
                  className="min-h-6 underline decoration-dotted underline-offset-4"
                >
                  {dayText(day.day)}
                </button>
              </th>
              <td className={CELL}>
                <Badge tone={STATES[day.state].tone}>{STATES[day.state].label}</Badge>
              </td>
              <td className={cx(CELL, WIDE, 'text-right')}>
                <Amount value={day.ours.total_sales} currency={currency} />
              </td>
              <td className={cx(CELL, WIDE, 'text-right')}>
                <Amount value={day.theirs.total_sales} currency={currency} />
              </td>
              <td className={cx(CELL, 'text-right font-semibold')}>
                <Amount value={day.difference.total_sales} currency={currency} style="signed" />
              </td>
              <td className={cx(CELL, 'text-soft md:min-w-40')}>
                {day.causes.map(cause => CAUSES[cause].title).join(', ') || 'No order accounts for it'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
