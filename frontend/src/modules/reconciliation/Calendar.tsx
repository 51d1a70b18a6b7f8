/** One square a day. The state is told by a mark and in words, not by colour alone. */
import type { Reconciliation } from '@/shared/api/types'
import { addDays, asUtc, daysBetween, dayText } from '@/shared/format/time'
import { cx } from '@/shared/ui/cx'
import { STATES } from './causes'

/** Longer ranges show their last days; the table below has all that differ. */
const AT_MOST = 186

const TONES = {
  agrees: 'border-transparent bg-good-wash text-good',
  explained: 'border-warn bg-warn-wash text-warn',
  unexplained: 'border-bad bg-bad-wash text-bad',
} as const

interface CalendarProps {
  data: Reconciliation
  chosen: string | undefined
  onChoose: (day: string) => void
}

export function Calendar({ data, chosen, onChoose }: CalendarProps) {
  const length = Math.min(daysBetween(data.from, data.to) + 1, AT_MOST)
  const first = addDays(data.to, 1 - length)
  const known = new Map(data.days.map(day => [day.day, day]))
  const days = Array.from({ length }, (_, index) => addDays(first, index))
  const lead = (asUtc(first).getUTCDay() + 6) % 7
  return (
    <>
      <ol className="grid max-w-xl grid-cols-7 gap-1">
        {['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].map(name => (
          <li key={name} aria-hidden="true" className="pb-1 text-center text-xs text-faint">
            {name}
          </li>
        ))}
        {days.map((day, index) => {
          const found = known.get(day)
          const state = found ? STATES[found.state] : undefined
          const label = `${dayText(day)}: ${state?.label ?? 'Not checked'}`
          return (
            <li key={day} className={index === 0 ? START[lead] : undefined}>
              <button
                type="button"
                disabled={!found}
                aria-label={label}
                aria-pressed={day === chosen}
                onClick={() => onChoose(day)}
                className={cx(
                  'numeral flex min-h-9 w-full items-center justify-center gap-1 rounded-sm border text-xs',
                  found ? TONES[found.state] : 'border-rule text-faint',
                  day === chosen && 'outline-2 outline-offset-1 outline-ink',
                )}
              >
                {Number(day.slice(8))}
                {state && <span aria-hidden="true">{state.mark}</span>}
              </button>
            </li>
          )
        })}
      </ol>
      <p className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-xs text-soft">
        {Object.values(STATES).map(state => (
          <span key={state.label}>
            <span aria-hidden="true">{state.mark}</span> {state.label}
          </span>
        ))}
      </p>
    </>
  )
}

/** Where the first day of the range stands in its week. */
const START = [
  'col-start-1',
  'col-start-2',
  'col-start-3',
  'col-start-4',
  'col-start-5',
  'col-start-6',
  'col-start-7',
]
