/** What a policy would have done over the store's own past, against doing nothing. */
import { type ReactNode, useMemo } from 'react'
import type { Rehearsal, RehearsedDay } from '@/shared/api/types'
import { BarChart } from '@/shared/charts/BarChart'
import type { ChartPoint } from '@/shared/charts/kinds'
import { count, money } from '@/shared/format/money'
import { daysBetween, dayText, spanText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { Amount } from '@/shared/ui/Amount'
import { Section } from '@/shared/ui/Page'
import { RehearsedProposals } from './RehearsedProposals'
import { inFull } from './words'

const UNKNOWN_DAY = 'the facts of this day do not tell'

export function RehearsalResult({ rehearsal }: { rehearsal: Rehearsal }) {
  return (
    <div className="flex flex-col gap-5">
      <Section title="Against doing nothing" note={spanText(rehearsal.from, rehearsal.to)}>
        <Totals rehearsal={rehearsal} />
        <p className="mt-4 max-w-prose text-sm text-soft">{inFull(rehearsal.explanation)}</p>
      </Section>
      <Section title="Day by day">
        <Days rehearsal={rehearsal} />
      </Section>
      {rehearsal.proposals > 0 && <RehearsedProposals days={rehearsal.days} />}
    </div>
  )
}

function Totals({ rehearsal }: { rehearsal: Rehearsal }) {
  const { effect, worst } = rehearsal
  const days = daysBetween(rehearsal.from, rehearsal.to) + 1
  const findings = rehearsal.days
    .flatMap(day => day.proposals)
    .filter(proposal => proposal.handling === 'notify').length
  const lowest = rehearsal.days.find(day => day.day === worst)
  const busiest = rehearsal.days.find(day => day.proposals.length === rehearsal.busiest)
  return (
    <dl className="grid gap-x-6 gap-y-4 sm:grid-cols-[1.6fr_1fr_1fr_1fr]">
      <div>
        <dt className="label-caps">Contribution margin</dt>
        <dd>
          {effect ? (
            <>
              <Amount
                value={effect.mid}
                currency={effect.currency}
                style="signed"
                className="text-2xl font-semibold"
              />
              <span className="block text-sm text-soft">
                likely between <span className="numeral">{money(effect.low, effect.currency, 'signed')}</span>{' '}
                and <span className="numeral">{money(effect.high, effect.currency, 'signed')}</span>
              </span>
            </>
          ) : (
            <>
              <span className="text-xl font-semibold text-faint">Not known</span>
              <span className="block text-sm text-soft">It says why below.</span>
            </>
          )}
        </dd>
      </div>
      <Total label="Would have proposed" value={count(rehearsal.proposals)}>
        in {count(days)} {plural(days, 'day')}
        {findings > 0 && `, ${count(findings)} only ${plural(findings, 'a finding', 'findings')}`}
      </Total>
      <Total label="Busiest day" value={count(rehearsal.busiest)}>
        {rehearsal.busiest > 0 && busiest ? dayText(busiest.day) : 'nothing on any day'}
      </Total>
      <Total
        label="Worst day"
        value={lowest?.effect ? money(lowest.effect.mid, lowest.effect.currency, 'signed') : 'Not known'}
      >
        {worst ? dayText(worst) : 'no day’s effect is known'}
      </Total>
    </dl>
  )
}

function Total({ label, value, children }: { label: string; value: string; children: ReactNode }) {
  return (
    <div>
      <dt className="label-caps">{label}</dt>
      <dd>
        <span className="numeral block text-xl font-semibold">{value}</span>
        <span className="block text-xs text-faint">{children}</span>
      </dd>
    </div>
  )
}

function pointOf(day: RehearsedDay): ChartPoint {
  return {
    at: day.day,
    values: { effect: day.effect?.mid ?? null, proposals: day.proposals.length },
    reason: day.effect ? undefined : UNKNOWN_DAY,
  }
}

function Days({ rehearsal }: { rehearsal: Rehearsal }) {
  const points = useMemo(() => rehearsal.days.map(pointOf), [rehearsal])
  const currency = rehearsal.effect?.currency ?? rehearsal.days.find(day => day.effect)?.effect?.currency
  return (
    <div className="flex flex-col gap-7">
      {currency && (
        <div>
          <h3 className="mb-1 text-sm font-semibold">Contribution margin of what would have been proposed</h3>
          <BarChart
            title="Effect by day"
            points={points}
            series={[{ key: 'effect', label: 'Effect', tone: 'brass' }]}
            unit={{ kind: 'money', currency }}
          />
        </div>
      )}
      <div>
        <h3 className="mb-1 text-sm font-semibold">Proposals</h3>
        <BarChart
          title="Proposals by day"
          points={points}
          series={[{ key: 'proposals', label: 'Proposals', tone: 'slate' }]}
          unit={{ kind: 'count' }}
          summary={proposalsSummary(rehearsal)}
        />
      </div>
    </div>
  )
}

function proposalsSummary({ days, busiest }: Rehearsal): string {
  const none = days.filter(day => day.proposals.length === 0).length
  const at = days.find(day => day.proposals.length === busiest)
  if (busiest === 0 || !at) return 'Nothing would have been proposed on any day.'
  return `At most ${count(busiest)} on one day (${dayText(at.day)}); none on ${count(none)} of ${count(days.length)} ${plural(days.length, 'day')}.`
}
