/** What it is expected to bring, what can go wrong, and whether one can go back. */

import { sentence } from '@/shared/api/problem'
import { useStores } from '@/shared/api/queries'
import type { ChangeSet } from '@/shared/api/types'
import { money } from '@/shared/format/money'
import { Section } from '@/shared/ui/Page'
import { RiskBadge } from './RiskBadge'
import { reversibilityText } from './words'

export function Expected({ set }: { set: ChangeSet }) {
  return (
    <Section title="What to expect">
      <dl className="flex flex-col gap-4 text-sm">
        <div>
          <dt className="label-caps">Effect</dt>
          <dd className="mt-1">
            <Effect set={set} />
          </dd>
        </div>
        <div>
          <dt className="label-caps">Risk</dt>
          <dd className="mt-1">
            <RiskBadge risk={set.risk} /> <span className="numeral text-faint">{set.risk.score} of 1000</span>
            <ul className="mt-1.5 list-disc pl-5 text-soft">
              {set.risk.reasons.map(reason => (
                <li key={reason}>{sentence(reason)}</li>
              ))}
            </ul>
          </dd>
        </div>
        <div>
          <dt className="label-caps">Way back</dt>
          <dd className="mt-1">{reversibilityText(set.reversibility)}</dd>
        </div>
      </dl>
    </Section>
  )
}

function Effect({ set }: { set: ChangeSet }) {
  const { data: stores } = useStores()
  const currency = stores?.find(store => store.id === set.store_id)?.currency
  const effect = set.effect
  if (!effect || !currency) {
    const why = set.effect_unknown ? sentence(set.effect_unknown) : 'Nobody said what it will bring'
    return <>Not known. {why}.</>
  }
  return (
    <>
      <strong className="numeral text-lg">{money(effect.mean, currency, 'signed')}</strong> net profit over{' '}
      {effect.days} days
      <span className="block text-faint">
        likely between <span className="numeral">{money(effect.low, currency, 'signed')}</span> and{' '}
        <span className="numeral">{money(effect.high, currency, 'signed')}</span>
      </span>
    </>
  )
}
