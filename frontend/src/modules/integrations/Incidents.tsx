/** What is wrong and what was, with the issue of each. */
import { Link } from '@tanstack/react-router'
import type { Incident } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { ageText } from '@/shared/format/time'
import { Badge } from '@/shared/ui/Badge'
import { Section } from '@/shared/ui/Page'
import { Empty } from '@/shared/ui/States'

export function Incidents({ incidents }: { incidents: Incident[] }) {
  return (
    <Section title="Incidents" note="What goes on first, then the newest." flush>
      {incidents.length === 0 ? (
        <Empty title="Nothing is wrong">What goes wrong from now on has an issue within a minute.</Empty>
      ) : (
        <ul className="divide-y divide-rule border-t border-rule">
          {incidents.map(incident => (
            <Row key={incident.id} incident={incident} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function Row({ incident }: { incident: Incident }) {
  const times = incident.count === 1 ? 'once' : `${count(incident.count)} times`
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 px-4 py-3 text-sm sm:px-5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2">
          <Link to={incident.link} className="font-semibold underline-offset-2 hover:underline">
            {incident.title}
          </Link>
          <Badge tone={incident.over ? 'good' : 'bad'}>{incident.over ? 'Over' : 'Goes on'}</Badge>
        </p>
        <p className="text-soft">
          Last {ageText(incident.last_at)}, {times}
          {incident.over && `; over: ${incident.over.why}`}
        </p>
        {incident.last_error && <p className="mt-1 text-bad wrap-anywhere">{incident.last_error}</p>}
      </div>
      {incident.issue ? (
        <a
          href={incident.issue.url}
          target="_blank"
          rel="noreferrer"
          className="inline-flex min-h-9 items-center font-semibold text-slate underline-offset-2 hover:underline"
        >
          Issue {incident.issue.number}
        </a>
      ) : (
        <span className="text-faint">{incident.over ? 'Over before it was told' : 'No issue yet'}</span>
      )}
    </li>
  )
}
