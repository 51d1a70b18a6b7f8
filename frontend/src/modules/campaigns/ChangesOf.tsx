/** What was changed of a campaign, with the way to whoever did and to its undo. */
import { Link } from '@tanstack/react-router'
import type { CampaignChange, ChangeValue } from '@/shared/api/types'
import { momentText } from '@/shared/format/time'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Empty } from '@/shared/ui/States'

const WORDS: Record<string, string> = {
  applied: 'Verified',
  already: 'Was so already',
  intended: 'Being written',
  unknown: 'Not known',
  failed: 'Failed',
  compensated: 'Put back',
}

function text(value: ChangeValue | null | undefined): string {
  return value?.type === 'text' ? value.text : ''
}

/** "active to paused". */
export function changeText(change: CampaignChange): string {
  return `${text(change.before)} to ${text(change.after)}`
}

export function ChangesOf({ changes }: { changes: CampaignChange[] }) {
  if (changes.length === 0) return <Empty title="Nothing was changed from here in these days" />
  return (
    <ul className="divide-y divide-line text-sm">
      {changes.map(change => (
        <li
          key={`${change.change_set} ${change.at} ${change.label}`}
          className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 px-5 py-2.5"
        >
          <Link
            to={paths.changeSet}
            params={{ id: change.change_set }}
            search={keepRange}
            className="inline-flex min-h-6 items-center font-semibold underline decoration-dotted underline-offset-4"
          >
            {change.label || 'A part that is gone'}
          </Link>
          <span className="wrap-anywhere">{changeText(change)}</span>
          <span className="text-soft">
            {change.state ? (WORDS[change.state] ?? change.state) : 'Its change-set is gone'}
            {change.agent && ', proposed by an agent'}
          </span>
          <span className="ml-auto text-xs text-faint">{momentText(change.at)}</span>
        </li>
      ))}
    </ul>
  )
}
