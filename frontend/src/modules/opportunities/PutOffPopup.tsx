/** Has an opportunity wait until a day. */
import { type FormEvent, useState } from 'react'
import { fieldErrors } from '@/shared/api/problem'
import type { Opportunity, Store } from '@/shared/api/types'
import { addDays, endOfDay, todayIn } from '@/shared/format/time'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Popup } from '@/shared/ui/Popup'
import { useDecide } from './queries'
import { Refused } from './Refused'

const USUAL_DAYS = 14
const LONGEST_DAYS = 364

interface PutOffPopupProps {
  of: Opportunity
  store: Store
  onClose: () => void
}

export default function PutOffPopup({ of, store, onClose }: PutOffPopupProps) {
  const today = todayIn(store.timezone)
  const [first, last] = [addDays(today, 1), addDays(today, LONGEST_DAYS)]
  const [day, setDay] = useState(() => addDays(today, USUAL_DAYS))
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const decide = useDecide(of, onClose)
  const told = fieldErrors(decide.error)
  const fault = day < first || day > last ? 'A day from tomorrow on, within a year.' : undefined
  const send = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (fault) return
    // It waits again as the day begins, which is when the one before is over.
    const until = endOfDay(addDays(day, -1), store.timezone).toISOString()
    decide.mutate({ kind: 'snooze', until, reason: reason.trim() || null })
  }
  return (
    <Popup
      title={`Put off “${of.title}”`}
      about="Until that day it does not stand among those that wait."
      onClose={onClose}
    >
      <form onSubmit={send} noValidate className="flex flex-col gap-4">
        <Field
          label="It waits again on"
          help={`As the day begins in ${store.timezone.replaceAll('_', ' ')}.`}
          error={(tried && fault) || told.until}
        >
          {field => (
            <input
              {...field}
              type="date"
              min={first}
              max={last}
              value={day}
              onChange={event => setDay(event.target.value)}
              className="field max-w-48"
            />
          )}
        </Field>
        <Field label="Why (optional)" error={told.reason}>
          {field => (
            <input
              {...field}
              maxLength={500}
              autoComplete="off"
              value={reason}
              onChange={event => setReason(event.target.value)}
              className="field"
            />
          )}
        </Field>
        <Refused error={decide.error} placed={['until', 'reason']} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button type="submit" kind="primary" busy={decide.isPending}>
            Put it off
          </Button>
        </div>
      </form>
    </Popup>
  )
}
