/** Says no to an opportunity, and why. */
import { type FormEvent, useState } from 'react'
import { fieldErrors } from '@/shared/api/problem'
import type { Opportunity } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Popup } from '@/shared/ui/Popup'
import { useDecide } from './queries'
import { Refused } from './Refused'

export default function RejectPopup({ of, onClose }: { of: Opportunity; onClose: () => void }) {
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const decide = useDecide(of, onClose)
  const lacks = !reason.trim()
  const send = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!lacks) decide.mutate({ kind: 'reject', reason: reason.trim() })
  }
  return (
    <Popup
      title={`Reject “${of.title}”`}
      about="It is not offered again, whatever its score becomes. It can still be launched later."
      onClose={onClose}
    >
      <form onSubmit={send} noValidate className="flex flex-col gap-4">
        <Field
          label="Why"
          help="Kept with it: what the next one learns from."
          error={tried && lacks ? 'Say why.' : fieldErrors(decide.error).reason}
        >
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
        <Refused error={decide.error} placed={['reason']} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button type="submit" kind="danger" busy={decide.isPending}>
            Reject it
          </Button>
        </div>
      </form>
    </Popup>
  )
}
