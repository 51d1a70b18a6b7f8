/** Proposes to pause a campaign or an ad set, to let it run again, or to give it another budget. */
import { type FormEvent, useState } from 'react'
import { fieldErrors } from '@/shared/api/problem'
import type { CampaignDetail, ChangeEdit } from '@/shared/api/types'
import { usePropose } from '@/shared/changes/propose'
import { WhyField } from '@/shared/changes/WhyField'
import { money } from '@/shared/format/money'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { SidePanel } from '@/shared/ui/SidePanel'
import { Note } from '@/shared/ui/States'

interface ChangePanelProps {
  detail: CampaignDetail
  storeId: string
  onClose: () => void
}

type Wish = 'status' | 'budget'

export default function ChangePanel({ detail, storeId, onClose }: ChangePanelProps) {
  const things = [detail.campaign, ...detail.ad_sets].filter(
    of => of.status === 'active' || of.status === 'paused',
  )
  const [chosen, setChosen] = useState(things[0]?.id ?? '')
  const of = things.find(thing => thing.id === chosen) ?? detail.campaign
  const [wish, setWish] = useState<Wish>('status')
  const [budget, setBudget] = useState('')
  const [why, setWhy] = useState('')
  const [tried, setTried] = useState(false)
  const propose = usePropose(storeId)
  const faults = fieldErrors(propose.error)
  const budgeted = of.budget != null
  const asked: Wish = budgeted ? wish : 'status'
  const lacks = asked === 'budget' && !budget.trim()
  const send = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!why.trim() || lacks) return
    const thing = {
      account_id: detail.ad_account.id,
      level: of.id === detail.campaign.id ? ('campaign' as const) : ('ad_set' as const),
      ad_id: of.number,
    }
    const edit: ChangeEdit =
      asked === 'budget'
        ? { kind: 'ad_budget', ...thing, after: budget.trim() }
        : { kind: 'ad_status', ...thing, after: of.status === 'active' ? 'paused' : 'active' }
    propose.mutate({ reason: why.trim(), edits: [edit] })
  }
  const span = of.budget_span === 'day' ? ' a day' : ' in all'
  const misplaced = faults['edits[0].ad_id'] ?? faults['edits[0].account_id']
  return (
    <SidePanel open onClose={onClose} title="Propose a change">
      <form onSubmit={send} noValidate className="flex flex-col gap-4">
        <Note>
          The platform is only asked whether it would. It is written when somebody approves it, looked at
          afterwards, and can be undone.
        </Note>
        {things.length > 1 && (
          <Field label="What" help="The campaign, or a part of it.">
            {field => (
              <select
                {...field}
                value={of.id}
                onChange={event => setChosen(event.target.value)}
                className="field"
              >
                {things.map(thing => (
                  <option key={thing.id} value={thing.id}>
                    {thing.id === detail.campaign.id ? `${thing.name} (all of it)` : thing.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <fieldset className="flex flex-col gap-0.5">
          <legend className="text-sm font-semibold">Change</legend>
          <Choice checked={asked === 'status'} onChoose={() => setWish('status')}>
            {of.status === 'active' ? 'Pause it' : 'Let it run again'}
          </Choice>
          <Choice checked={asked === 'budget'} disabled={!budgeted} onChoose={() => setWish('budget')}>
            {budgeted
              ? `Another budget than ${money(of.budget ?? '0', of.currency)}${span}`
              : 'Another budget: it has none of its own'}
          </Choice>
        </fieldset>
        {asked === 'budget' && (
          <Field
            label={`Budget${span}, ${of.currency}`}
            help="Within a day it rises by no more than the store’s limit."
            error={tried && lacks ? 'Enter an amount.' : faults['edits[0].after']}
          >
            {field => (
              <input
                {...field}
                inputMode="decimal"
                value={budget}
                onChange={event => setBudget(event.target.value)}
                className="field numeral"
              />
            )}
          </Field>
        )}
        <WhyField value={why} error={tried && !why.trim() ? 'Say why.' : faults.reason} onChange={setWhy} />
        {propose.error && (asked === 'status' || !faults['edits[0].after']) && (
          <p role="alert" className="text-sm text-bad">
            {misplaced
              ? `It ${misplaced}.`
              : faults['edits[0].after']
                ? `The change ${faults['edits[0].after']}.`
                : propose.error.message}
          </p>
        )}
        <Button kind="primary" type="submit" busy={propose.isPending}>
          Propose it
        </Button>
      </form>
    </SidePanel>
  )
}

function Choice({
  checked,
  disabled = false,
  onChoose,
  children,
}: {
  checked: boolean
  disabled?: boolean
  onChoose: () => void
  children: string
}) {
  return (
    <label className="flex min-h-9 items-center gap-2.5 text-sm">
      <input
        type="radio"
        name="change"
        checked={checked}
        disabled={disabled}
        onChange={onChoose}
        className="size-5 shrink-0 accent-(--action)"
      />
      <span className={disabled ? 'text-faint' : undefined}>{children}</span>
    </label>
  )
}
