/** From when on somebody is a VIP or at risk: the thresholds of the fixed segments. */
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ApiError } from '@/shared/api/problem'
import type { CustomerSettings } from '@/shared/api/types'
import { useMay } from '@/shared/session/may'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { settingsQuery, useSaveSettings } from './queries'

interface ThresholdsProps {
  storeId: string
  currency: string
}

export function Thresholds({ storeId, currency }: ThresholdsProps) {
  const { data } = useQuery(settingsQuery(storeId))
  const may = useMay('customers:configure')
  if (!data || !may) return null
  const key = `${data.vip_above}/${data.at_risk_after_days}`
  return <Form key={key} saved={data} storeId={storeId} currency={currency} />
}

interface FormProps extends ThresholdsProps {
  saved: CustomerSettings
}

const WHOLE = /^[0-9]{1,10}$/

function Form({ saved, storeId, currency }: FormProps) {
  const [vip, setVip] = useState(String(saved.vip_above))
  const [days, setDays] = useState(String(saved.at_risk_after_days))
  const save = useSaveSettings(storeId)
  const problem = save.error instanceof ApiError ? save.error : undefined
  const wrong = (text: string, most: number) =>
    WHOLE.test(text) && Number(text) >= 1 && Number(text) <= most
      ? undefined
      : `A whole number from 1 to ${most.toLocaleString('en-US')}.`
  const wrongs = { vip: wrong(vip, 1_000_000_000), days: wrong(days, 3_650) }
  const same = vip === String(saved.vip_above) && days === String(saved.at_risk_after_days)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (wrongs.vip || wrongs.days) return
    save.mutate({ vip_above: Number(vip), at_risk_after_days: Number(days) })
  }
  const placed = problem?.field('vip_above') ?? problem?.field('at_risk_after_days')
  return (
    <details className="rounded-md border border-rule px-4 py-3">
      <summary className="cursor-pointer text-sm font-semibold">Change the thresholds</summary>
      <form
        aria-label="Thresholds of segments"
        noValidate
        onSubmit={submit}
        className="mt-4 flex flex-wrap items-start gap-x-4 gap-y-3"
      >
        <div className="w-56 max-w-full">
          <Field
            label={`VIP: net revenue above (${currency})`}
            help="Over the whole time."
            error={wrongs.vip ?? problem?.field('vip_above')}
          >
            {tied => (
              <input
                {...tied}
                className="field numeral"
                inputMode="numeric"
                autoComplete="off"
                value={vip}
                onChange={event => setVip(event.target.value.trim())}
              />
            )}
          </Field>
        </div>
        <div className="w-56 max-w-full">
          <Field
            label="At risk: days without an order"
            help="More than so many."
            error={wrongs.days ?? problem?.field('at_risk_after_days')}
          >
            {tied => (
              <input
                {...tied}
                className="field numeral"
                inputMode="numeric"
                autoComplete="off"
                value={days}
                onChange={event => setDays(event.target.value.trim())}
              />
            )}
          </Field>
        </div>
        <Button
          type="submit"
          kind="primary"
          className="mt-6.5"
          busy={save.isPending}
          disabled={same || Boolean(wrongs.vip ?? wrongs.days)}
        >
          Save
        </Button>
        {save.error && !placed && (
          <p role="alert" className="w-full text-sm text-bad">
            {save.error.message}
          </p>
        )}
      </form>
    </details>
  )
}
