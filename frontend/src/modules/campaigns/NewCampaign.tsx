/** Proposes a campaign: it is made paused, and people give it its advertisements at the platform. */
import { type FormEvent, useState } from 'react'
import { fieldErrors } from '@/shared/api/problem'
import type { AdAccount } from '@/shared/api/types'
import { usePropose } from '@/shared/changes/propose'
import { WhyField } from '@/shared/changes/WhyField'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { SidePanel } from '@/shared/ui/SidePanel'
import { Note } from '@/shared/ui/States'
import { PLATFORMS } from './words'

interface NewCampaignProps {
  accounts: AdAccount[]
  storeId: string
  onClose: () => void
}

export default function NewCampaign({ accounts, storeId, onClose }: NewCampaignProps) {
  const [chosen, setChosen] = useState(accounts[0]?.id ?? '')
  const [name, setName] = useState('')
  const [budget, setBudget] = useState('')
  const [why, setWhy] = useState('')
  const [tried, setTried] = useState(false)
  const propose = usePropose(storeId)
  const faults = fieldErrors(propose.error)
  const account = accounts.find(of => of.id === chosen)
  const send = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!account || !name.trim() || !budget.trim() || !why.trim()) return
    propose.mutate({
      reason: why.trim(),
      edits: [
        { kind: 'new_campaign', account_id: account.id, name: name.trim(), daily_budget: budget.trim() },
      ],
    })
  }
  const inForm = ['edits[0].name', 'edits[0].daily_budget', 'reason'].some(field => faults[field])
  return (
    <SidePanel open onClose={onClose} title="New campaign">
      <form onSubmit={send} noValidate className="flex flex-col gap-4">
        <Note>
          It is made paused, once somebody approves it, and spends nothing until it has ad sets and is let
          run. Undoing takes it away while it is still paused.
        </Note>
        <Field label="Ad account" error={faults['edits[0].account_id']}>
          {field => (
            <select
              {...field}
              value={chosen}
              onChange={event => setChosen(event.target.value)}
              className="field"
            >
              {accounts.map(of => (
                <option key={of.id} value={of.id}>
                  {`${PLATFORMS[of.platform]}: ${of.name}`}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field
          label="Name"
          help="No other campaign of the account has it."
          error={tried && !name.trim() ? 'Enter a name.' : faults['edits[0].name']}
        >
          {field => (
            <input
              {...field}
              value={name}
              maxLength={128}
              onChange={event => setName(event.target.value)}
              className="field"
            />
          )}
        </Field>
        <Field
          label={`Budget a day${account?.currency ? `, ${account.currency}` : ''}`}
          help="The platform is asked at once whether it takes it."
          error={tried && !budget.trim() ? 'Enter an amount.' : faults['edits[0].daily_budget']}
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
        <WhyField value={why} error={tried && !why.trim() ? 'Say why.' : faults.reason} onChange={setWhy} />
        {propose.error && !inForm && (
          <p role="alert" className="text-sm text-bad">
            {propose.error.message}
          </p>
        )}
        <Button kind="primary" type="submit" busy={propose.isPending}>
          Propose it
        </Button>
      </form>
    </SidePanel>
  )
}
