import { CalendarDays, ChevronDown } from 'lucide-react'
import { spanText } from '@/shared/format/time'
import { compareLabel, rangeTitle } from '@/shared/range/range'
import { useRange } from '@/shared/range/use-range'
import { deferred } from '@/shared/ui/Deferred'

const RangeMenu = deferred(() => import('./RangeMenu'))

export function RangePicker() {
  const range = useRange()
  if (!range) return null
  return (
    <RangeMenu
      label=""
      className="flex min-h-9 w-full items-center gap-2 rounded-md border border-edge bg-sheet px-2.5 text-sm hover:bg-sunk sm:w-auto"
    >
      <CalendarDays aria-hidden="true" className="size-4 shrink-0 text-faint" />
      <span className="font-semibold whitespace-nowrap">{rangeTitle(range)}</span>
      {range.preset && (
        <span className="hidden truncate text-xs text-faint lg:inline">{spanText(range.from, range.to)}</span>
      )}
      <span className="truncate text-xs text-soft sm:hidden lg:inline">
        {range.compare ? `vs ${compareLabel(range.compare)}` : 'no comparison'}
      </span>
      <ChevronDown aria-hidden="true" className="ml-auto size-3.5 shrink-0 text-faint" />
    </RangeMenu>
  )
}
