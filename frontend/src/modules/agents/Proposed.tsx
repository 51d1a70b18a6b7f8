/** The change-sets that came of a run, and where each stands. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Run } from '@/shared/api/types'
import { STATUSES } from '@/shared/changes/statuses'
import { count } from '@/shared/format/money'
import { plural } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { useMay } from '@/shared/session/may'
import { Badge } from '@/shared/ui/Badge'
import { Section } from '@/shared/ui/Page'
import { proposedByQuery } from './queries'
import { isUnderWay } from './words'

export function Proposed({ run }: { run: Run }) {
  const may = useMay('changes:read')
  const list = useQuery({ ...proposedByQuery(run.id), enabled: may && run.change_sets.length > 0 })
  const sets = new Map(list.data?.change_sets.map(set => [set.id, set]))
  return (
    <Section title="Proposals" note={noteOf(run)} flush={run.change_sets.length > 0}>
      {run.change_sets.length === 0 && <p className="text-sm text-soft">{nothingText(run)}</p>}
      {run.change_sets.length > 0 && (
        <ul>
          {run.change_sets.map(id => {
            const set = sets.get(id)
            return (
              <li
                key={id}
                className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-t border-rule px-4 py-2.5 text-sm sm:px-5"
              >
                <Link
                  to={paths.changeSet}
                  params={{ id }}
                  search={keepRange}
                  className="inline-flex min-h-6 min-w-0 items-center font-semibold decoration-dotted underline-offset-4 hover:underline"
                >
                  {set?.title ?? `Change-set ${id}`}
                </Link>
                {set && <Badge tone={STATUSES[set.status].tone}>{STATUSES[set.status].label}</Badge>}
              </li>
            )
          })}
        </ul>
      )}
    </Section>
  )
}

function noteOf(run: Run): string {
  return `${count(run.looked_at)} ${plural(run.looked_at, 'thing')} looked at`
}

function nothingText(run: Run): string {
  if (isUnderWay(run.status)) return 'None so far.'
  if (run.proposals > 0) {
    return `It came to ${count(run.proposals)} ${plural(run.proposals, 'finding')}, of which none became a change-set: its summary and its log say why.`
  }
  return run.status === 'succeeded' ? 'It found nothing to change.' : 'None.'
}
