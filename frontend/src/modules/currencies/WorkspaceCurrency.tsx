/** The workspace's currency, and for how long a rate stands in for days without one. */
import { type FormEvent, useState } from 'react'
import { explain } from '@/shared/api/problem'
import type { Workspace } from '@/shared/api/types'
import { useMay } from '@/shared/session/may'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Section } from '@/shared/ui/Page'
import { useSetWorkspace } from './queries'

/** What shops mostly trade in; any other code can be typed. */
const COMMON = ['AUD', 'CAD', 'CHF', 'DKK', 'EUR', 'GBP', 'JPY', 'NOK', 'NZD', 'PLN', 'SEK', 'USD']

export function WorkspaceCurrency({ workspace }: { workspace: Workspace }) {
  const save = useSetWorkspace()
  const may = useMay('workspace:write')
  const [saved, setSaved] = useState(false)
  const chosen = workspace.currency_from === 'set' ? (workspace.currency ?? '') : ''
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const code = String(form.get('currency')).trim().toUpperCase()
    save.mutate(
      { currency: code || null, max_rate_age_days: Number(form.get('age')) },
      { onSuccess: () => setSaved(true) },
    )
  }
  const known = [...new Set([...workspace.currencies, ...COMMON])].sort()
  const inherited = workspace.currency_from === 'set' ? '' : ` (${workspace.currency ?? 'no store yet'})`
  return (
    <Section title="Workspace currency">
      <form
        onSubmit={submit}
        onChange={() => setSaved(false)}
        className="grid items-start gap-4 sm:grid-cols-[1fr_1fr_auto]"
      >
        <Field label="All stores are told in" help="Each store alone stays in its own currency.">
          {props => (
            <select {...props} name="currency" defaultValue={chosen} disabled={!may} className="field">
              <option value="">That of the first store{inherited}</option>
              {known.map(code => (
                <option key={code} value={code}>
                  {code}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="A rate stands in for" help="Days. Over weekends and holidays no rates are published.">
          {props => (
            <input
              {...props}
              name="age"
              type="number"
              min={0}
              max={31}
              required
              disabled={!may}
              defaultValue={workspace.max_rate_age_days}
              className="field"
            />
          )}
        </Field>
        {may && (
          <Button type="submit" kind="primary" busy={save.isPending} className="min-h-10 sm:mt-6.5">
            Save
          </Button>
        )}
      </form>
      <p role="status" className="mt-2 text-sm">
        {saved && <span className="text-good">Saved.</span>}
        {save.error && <span className="text-bad">{explain(save.error)}</span>}
      </p>
    </Section>
  )
}
