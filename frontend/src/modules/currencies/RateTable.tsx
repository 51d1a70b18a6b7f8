/** Pairs that have rates, each with its newest one and its age. */
import { useState } from 'react'
import type { RateStatus } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { daysBetween, dayText, isoDay, spanText } from '@/shared/format/time'
import { Badge, type Tone } from '@/shared/ui/Badge'
import { RatesOfPair } from './RatesOfPair'

const SOURCES: Record<string, { label: string; tone: Tone }> = {
  entered: { label: 'Entered', tone: 'brass' },
  imported: { label: 'File', tone: 'slate' },
  feed: { label: 'Published', tone: 'neutral' },
}

const CELL = 'border-b border-rule px-2 py-2 first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5'

type Series = RateStatus['series'][number]

export function RateTable({ series }: { series: RateStatus['series'] }) {
  const [open, setOpen] = useState<Series | null>(null)
  return (
    <div className="relative max-h-120 overflow-y-auto">
      {open && <RatesOfPair series={open} onClose={() => setOpen(null)} />}
      <table aria-label="Exchange rates" className="w-full text-sm">
        <thead>
          <tr className="bg-sunk text-left text-xs text-soft">
            <th scope="col" className={`${CELL} font-medium`}>
              Pair
            </th>
            <th scope="col" className={`${CELL} text-right font-medium`}>
              Newest rate
            </th>
            <th scope="col" className={`${CELL} text-right font-medium`}>
              Age
            </th>
            <th scope="col" className={`${CELL} hidden text-right font-medium sm:table-cell`}>
              Rates
            </th>
          </tr>
        </thead>
        <tbody>
          {series.map(entry => (
            <Line
              key={`${entry.base}${entry.quote}${entry.source}`}
              entry={entry}
              onOpen={() => setOpen(entry)}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Line({ entry, onOpen }: { entry: Series; onOpen: () => void }) {
  const source = SOURCES[entry.source] ?? { label: entry.source, tone: 'neutral' as const }
  return (
    <tr>
      <th scope="row" className={`${CELL} text-left font-normal`}>
        <button
          type="button"
          onClick={onOpen}
          className="mr-2 min-h-6 font-semibold whitespace-nowrap underline decoration-dotted underline-offset-4"
        >
          {entry.base} → {entry.quote}
        </button>
        <Badge tone={source.tone}>{source.label}</Badge>
        <span className="block text-xs text-faint wrap-anywhere">{entry.latest.origin}</span>
      </th>
      <td className={`${CELL} numeral text-right`}>{entry.latest.value}</td>
      <td className={`${CELL} text-right`}>
        <span className="whitespace-nowrap">{ageOf(entry.newest)}</span>
        <span className="block text-xs whitespace-nowrap text-faint">{dayText(entry.newest)}</span>
      </td>
      <td className={`${CELL} hidden text-right sm:table-cell`}>
        {count(entry.count)}
        <span className="block text-xs text-faint">{spanText(entry.oldest, entry.newest)}</span>
      </td>
    </tr>
  )
}

function ageOf(day: string): string {
  const days = daysBetween(day, isoDay(new Date()))
  if (days <= 0) return 'today'
  return days === 1 ? '1 day' : `${count(days)} days`
}
