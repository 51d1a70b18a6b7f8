/** What a set brought, by the days that were measured, against what was predicted for as many. */
import { sentence } from '@/shared/api/problem'
import { useStores } from '@/shared/api/queries'
import type { ChangeSet } from '@/shared/api/types'
import { money } from '@/shared/format/money'
import { dayText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { Badge } from '@/shared/ui/Badge'
import { Section } from '@/shared/ui/Page'

type Outcome = ChangeSet['outcomes'][number]
type Effect = NonNullable<Outcome['effect']>

export function Outcomes({ set }: { set: ChangeSet }) {
  const { data: stores } = useStores()
  const currency = stores?.find(store => store.id === set.store_id)?.currency
  const isPriced = set.operations.some(one => one.kind === 'price' && one.state === 'applied')
  if (!currency || !isPriced || !set.finished_at) return null
  const method = set.outcomes.findLast(one => one.effect)?.method
  return (
    <Section
      title="What came of it"
      note="Contribution against what would have been without the change"
      flush
    >
      {set.outcomes.length === 0 ? (
        <p className="px-5 pb-5 text-sm text-soft">
          Measured 1, 3, 7 and 28 days after the change; the first of these days is not over yet.
        </p>
      ) : (
        <>
          <table aria-label="Outcomes" className="w-full text-sm">
            <thead className="border-y border-rule bg-sunk/60 text-xs text-soft">
              <tr>
                <th scope="col" className="px-4 py-1.5 text-left font-medium sm:px-5">
                  After
                </th>
                <th scope="col" className="px-2 py-1.5 text-right font-medium">
                  Predicted
                </th>
                <th scope="col" className="px-4 py-1.5 text-right font-medium sm:px-5">
                  Measured
                </th>
              </tr>
            </thead>
            <tbody>
              {set.outcomes.map(one => (
                <Row key={one.window_days} outcome={one} currency={currency} />
              ))}
            </tbody>
          </table>
          {method && (
            <p className="px-4 py-3 text-xs text-faint sm:px-5">Measured by {method}; likely range 80 %.</p>
          )}
        </>
      )}
    </Section>
  )
}

function Row({ outcome, currency }: { outcome: Outcome; currency: string }) {
  return (
    <tr className="border-b border-rule align-top last:border-0">
      <th scope="row" className="px-4 py-2 text-left font-normal sm:px-5">
        {outcome.window_days} {plural(outcome.window_days, 'day')}
        <span className="block text-xs text-faint">to {dayText(outcome.through)}</span>
      </th>
      <td className="px-2 py-2 text-right">
        {outcome.predicted ? <Amounts effect={outcome.predicted} currency={currency} /> : '—'}
      </td>
      <td className="px-4 py-2 text-right sm:px-5">
        {outcome.effect ? (
          <>
            <Amounts effect={outcome.effect} currency={currency} />
            {outcome.agrees != null && (
              <Badge tone={outcome.agrees ? 'good' : 'warn'}>
                {outcome.agrees ? 'as predicted' : 'not as predicted'}
              </Badge>
            )}
          </>
        ) : (
          <span className="text-soft">
            Cannot be told. {outcome.effect_unknown && `${sentence(outcome.effect_unknown)}.`}
          </span>
        )}
      </td>
    </tr>
  )
}

function Amounts({ effect, currency }: { effect: Effect; currency: string }) {
  return (
    <>
      <span className="numeral block font-semibold">{money(effect.mean, currency, 'signed')}</span>
      <span className="numeral block text-xs text-faint">
        {money(effect.low, currency, 'signed')} to {money(effect.high, currency, 'signed')}
      </span>
    </>
  )
}
