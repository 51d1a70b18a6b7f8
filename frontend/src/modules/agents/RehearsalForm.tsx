import { type FormEvent, useState } from 'react'
import { fieldErrors } from '@/shared/api/problem'
import type { AgentDetail, Store } from '@/shared/api/types'
import { addDays, spanText, todayIn } from '@/shared/format/time'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Section } from '@/shared/ui/Page'
import { useRehearse } from './queries'

const USUAL_DAYS = 90

interface RehearsalFormProps {
  agent: AgentDetail
  store: Store
  underWay: boolean
}

export function RehearsalForm({ agent, store, underWay }: RehearsalFormProps) {
  // A day is rehearsed as it was known at its end: today has none yet.
  const yesterday = addDays(todayIn(store.timezone), -1)
  const last = store.last_day && store.last_day < yesterday ? store.last_day : yesterday
  const usual = addDays(last, 1 - USUAL_DAYS)
  const first = store.first_day && store.first_day > usual ? store.first_day : usual
  const [from, setFrom] = useState(first)
  const [to, setTo] = useState(last)
  const rehearse = useRehearse(agent.id, store.id)
  const faults = fieldErrors(rehearse.error)
  const placed = faults.from !== undefined || faults.to !== undefined
  const send = (event: FormEvent) => {
    event.preventDefault()
    rehearse.mutate({ from, to })
  }
  return (
    <Section
      title="Rehearse it"
      note="Over your own past, with the policy as it is set now. Nothing is changed."
    >
      <form onSubmit={send} noValidate className="flex flex-col gap-3">
        <div className="flex flex-col gap-3 sm:flex-row sm:flex-wrap sm:items-start">
          <DayField
            label="From"
            value={from}
            onChange={setFrom}
            error={faults.from}
            store={store}
            last={last}
          />
          <DayField label="To" value={to} onChange={setTo} error={faults.to} store={store} last={last} />
          <div className="sm:pt-[1.625rem]">
            <Button
              type="submit"
              kind="primary"
              className="min-h-10 max-sm:w-full"
              disabled={underWay}
              busy={rehearse.isPending}
            >
              Rehearse
            </Button>
          </div>
        </div>
        <p className="text-xs text-faint">
          {underWay
            ? 'One at a time: another begins when this one has ended.'
            : store.first_day && store.last_day
              ? `Your orders are of ${spanText(store.first_day, store.last_day)}; at most 366 days at once.`
              : 'At most 366 days at once.'}
        </p>
        {rehearse.error && !placed && (
          <p role="alert" className="text-sm text-bad">
            {rehearse.error.message}
          </p>
        )}
      </form>
    </Section>
  )
}

interface DayFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  error: string | undefined
  store: Store
  last: string
}

function DayField({ label, value, onChange, error, store, last }: DayFieldProps) {
  return (
    <div className="w-full sm:w-44">
      <Field label={label} error={error}>
        {field => (
          <input
            {...field}
            type="date"
            required
            min={store.first_day ?? undefined}
            max={last}
            value={value}
            onChange={event => onChange(event.target.value)}
            className="field numeral"
          />
        )}
      </Field>
    </div>
  )
}
