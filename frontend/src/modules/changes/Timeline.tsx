/** Who did what, when: from the proposal to what the shop showed. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { ChangeSet } from '@/shared/api/types'
import { STATUSES } from '@/shared/changes/statuses'
import { momentText } from '@/shared/format/time'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Section } from '@/shared/ui/Page'
import { proposerText } from './words'

interface Step {
  at: string
  what: ReactNode
  note?: string | null | undefined
}

export function Timeline({ set }: { set: ChangeSet }) {
  return (
    <Section title="What happened">
      <ol className="flex flex-col gap-3 border-l-2 border-rule pl-4 text-sm">
        {stepsOf(set).map(step => (
          <li key={step.at + String(step.what)}>
            <p className="font-medium">{step.what}</p>
            <p className="text-xs text-faint">
              <time dateTime={step.at}>{momentText(step.at)}</time>
            </p>
            {step.note && <p className="text-soft">“{step.note}”</p>}
          </li>
        ))}
      </ol>
      {set.status === 'proposed' && (
        <p className="mt-3 text-xs text-faint">Expires undecided {momentText(set.expires_at)}.</p>
      )}
      {set.origin.run_id && (
        <Link
          to={paths.run}
          params={{ id: set.origin.run_id }}
          search={keepRange}
          className="mt-3 inline-block text-sm font-semibold underline"
        >
          The run that proposed it
        </Link>
      )}
      {set.origin.kind === 'undo' && set.origin.of && (
        <Link
          to={paths.changeSet}
          params={{ id: set.origin.of }}
          search={keepRange}
          className="mt-3 inline-block text-sm font-semibold underline"
        >
          The change-set that it undoes
        </Link>
      )}
    </Section>
  )
}

function stepsOf(set: ChangeSet): Step[] {
  const steps: Step[] = [{ at: set.created_at, what: `Proposed by ${proposerText(set)}` }]
  if (set.approval) {
    steps.push({ at: set.approval.at, what: `Approved by ${set.approval.by.name}`, note: set.approval.note })
  }
  if (set.rejection) {
    steps.push({
      at: set.rejection.at,
      what: `Rejected by ${set.rejection.by.name}`,
      note: set.rejection.note,
    })
  }
  if (set.started_at) steps.push({ at: set.started_at, what: 'Writing began' })
  if (set.finished_at && !set.rejection) steps.push({ at: set.finished_at, what: STATUSES[set.status].label })
  return steps
}
