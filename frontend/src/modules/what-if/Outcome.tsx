/** What it comes to: margin as it is, as it would be, and the change with its interval. */
import type { ChangeEffect, WhatIf } from '@/shared/api/types'
import { isNegative, money, number, share } from '@/shared/format/money'
import { Note } from '@/shared/ui/States'

export function Outcome({ told }: { told: WhatIf }) {
  const { answer, ads, change, currency } = told
  const whys = [answer?.why && `The variant: ${answer.why}.`, ads?.why && `The campaign: ${ads.why}.`].filter(
    Boolean,
  )
  if (!answer && !ads)
    return (
      <p className="text-sm text-soft">
        Move something: what it would mean over {told.days} days is told here, with how sure that is.
      </p>
    )
  return (
    <div className="flex flex-col gap-3">
      {whys.map(why => (
        <Note key={String(why)} tone="warn">
          {why}
        </Note>
      ))}
      {change && (
        <div>
          <p className="text-xs text-faint">Change of contribution margin over {change.days} days</p>
          <p
            className={`numeral text-2xl font-semibold ${isNegative(change.mean) ? 'text-bad' : 'text-good'}`}
          >
            {money(change.mean, currency, 'signed')}
          </p>
          <p className="text-sm text-soft tabular-nums">
            80 % of it lies from {money(change.low, currency, 'signed')} to{' '}
            {money(change.high, currency, 'signed')}
          </p>
        </div>
      )}
      {answer && !answer.why && (
        <dl className="flex flex-col gap-2">
          <Told label="Margin now" value={span(answer.now, currency)} />
          <Told label="Margin then" value={span(answer.after, currency)} />
          <Told
            label="Units"
            value={`${number(answer.units_now ?? 0, 0)} → ${number(answer.units_after ?? 0, 0)}`}
          />
          {answer.confidence != null && (
            <Told label="Brings more" value={`${share(answer.confidence)} sure`} />
          )}
        </dl>
      )}
      {answer?.is_beyond_seen && (
        <Note tone="warn">
          No price of this store was moved as far as this: the answer reaches beyond what was seen.
        </Note>
      )}
      {answer?.sells_out && <Note>What lies there may be sold before the days are over.</Note>}
      {ads?.change && answer && (
        <p className="text-sm text-soft tabular-nums">Of it by the campaign: {span(ads.change, currency)}</p>
      )}
    </div>
  )
}

function span(effect: ChangeEffect | null | undefined, currency: string): string {
  if (!effect) return '—'
  const { low, mean, high } = effect
  return `${money(mean, currency)} (${money(low, currency)} – ${money(high, currency)})`
}

function Told({ label, value }: { label: string; value: string }) {
  return (
    <div className="flex min-w-0 flex-wrap justify-between gap-x-4">
      <dt className="text-sm text-soft">{label}</dt>
      <dd className="text-sm tabular-nums">{value}</dd>
    </div>
  )
}
