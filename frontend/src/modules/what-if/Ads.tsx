/** A campaign's spend in percent; what more money brings nobody knows, and it is said. */
import { Link } from '@tanstack/react-router'
import type { WhatIf, WhatIfCampaign } from '@/shared/api/types'
import { money, number } from '@/shared/format/money'
import { dayText } from '@/shared/format/time'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Field } from '@/shared/ui/Field'
import { Note } from '@/shared/ui/States'

export interface Spend {
  account: string
  id: string
  /** Percent, from −100 to 100. */
  change: number
}

interface AdsProps {
  told: WhatIf
  spend: Spend | null
  onChange: (spend: Spend | null) => void
}

const keyOf = (of: { account: string; id: string }) => `${of.account}/${of.id}`

export function Ads({ told, spend, onChange }: AdsProps) {
  if (told.campaigns.length === 0)
    return (
      <p className="text-sm text-soft">
        No campaign runs, or none is read:{' '}
        <Link to={paths.campaigns} search={keepRange} className="underline underline-offset-2">
          Campaigns
        </Link>{' '}
        tells which accounts are connected.
      </p>
    )
  const all = told.campaigns.map(of => ({ of, key: keyOf({ account: of.account_id, id: of.campaign_id }) }))
  const chosen = spend && all.find(one => one.key === keyOf(spend))?.of
  return (
    <div className="flex flex-col gap-4">
      <Field label="Campaign">
        {props => (
          <select
            {...props}
            value={spend ? keyOf(spend) : ''}
            onChange={event => {
              const found = all.find(one => one.key === event.target.value)?.of
              onChange(found ? { account: found.account_id, id: found.campaign_id, change: 0 } : null)
            }}
            className="field"
          >
            <option value="">None</option>
            {all.map(({ of, key }) => (
              <option key={key} value={key}>
                {of.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      {chosen && spend && <Chosen of={chosen} spend={spend} currency={told.currency} onChange={onChange} />}
    </div>
  )
}

function Chosen({
  of,
  spend,
  currency,
  onChange,
}: {
  of: WhatIfCampaign
  spend: Spend
  currency: string
  onChange: (spend: Spend) => void
}) {
  if (of.why) return <Note tone="warn">Nothing can be told of it: {of.why}.</Note>
  const sign = spend.change > 0 ? '+' : ''
  return (
    <>
      <p className="text-sm text-soft">
        Spent {money(of.spend, currency)}
        {of.from && of.to && ` from ${dayText(of.from, 'short')} to ${dayText(of.to, 'short')}`}
        {of.poas != null && `, POAS ${number(of.poas, 2)}`}.
      </p>
      <Field label="Spend" help="From −100 % (paused) to +100 %.">
        {props => (
          <span className="flex items-center gap-3">
            <input
              {...props}
              type="range"
              min={-100}
              max={100}
              step={5}
              value={spend.change}
              aria-valuetext={`${sign}${spend.change} %`}
              onChange={event => onChange({ ...spend, change: Number(event.target.value) })}
              className="min-w-0 flex-1 accent-action"
            />
            <span className="numeral w-16 text-right text-sm font-semibold">
              {sign}
              {spend.change} %
            </span>
          </span>
        )}
      </Field>
      {spend.change > 0 && of.break_even_roas != null && (
        <Note>
          So that nothing is lost, each further {money('1', currency)} has to bring{' '}
          {number(of.break_even_roas, 2)} times itself in sales.
        </Note>
      )}
    </>
  )
}
