/** How the last thirty days stand against the shop's own totals. */
import { Link } from '@tanstack/react-router'
import type { ReconciliationStanding } from '@/shared/api/types'
import { count, money } from '@/shared/format/money'
import { ageText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { Badge, type Tone } from '@/shared/ui/Badge'

const STATES: Record<string, { label: string; tone: Tone }> = {
  agrees: { label: 'Agrees', tone: 'good' },
  explained: { label: 'Explained', tone: 'warn' },
  unexplained: { label: 'Unexplained', tone: 'bad' },
  unchecked: { label: 'Not compared yet', tone: 'neutral' },
}

export function Standing({ standing }: { standing: ReconciliationStanding }) {
  const state = STATES[standing.state] ?? { label: standing.state, tone: 'neutral' as const }
  return (
    <div>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        <Badge tone={state.tone}>{state.label}</Badge>
        <Link
          to={paths.reconciliation}
          search={{ store: standing.store.id }}
          className="inline-flex min-h-6 items-center font-semibold underline decoration-dotted underline-offset-4"
        >
          Our days against the shop’s own
        </Link>
      </p>
      <p className="mt-1 text-sm text-soft">{sentence(standing)}</p>
    </div>
  )
}

function sentence(standing: ReconciliationStanding): string {
  const { days_checked: days, days_unexplained: bad, days_unchecked: open } = standing
  if (days === 0) return 'No day of the last thirty was compared yet. It is done once a day.'
  const found =
    bad > 0
      ? `On ${count(bad)} of ${count(days)} ${plural(days, 'day')} ${money(standing.unexplained, standing.currency, 'signed')} has no known cause`
      : standing.state === 'agrees'
        ? `${count(days)} ${plural(days, 'day')} agree`
        : `${count(days)} ${plural(days, 'day')} compared, every difference has a known cause`
  const rest = open > 0 ? `, ${count(open)} not compared yet` : ''
  return `${found}${rest}; ${ageText(standing.as_of)}.`
}
