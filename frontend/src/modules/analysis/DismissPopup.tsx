/** Says that an unusual day is nothing, and why. */
import { type FormEvent, useState } from 'react'
import { fieldErrors } from '@/shared/api/problem'
import type { Anomaly } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Popup } from '@/shared/ui/Popup'
import { useMark } from './queries'

interface DismissProps {
  of: Anomaly
  title: string
  onClose: () => void
}

export default function DismissPopup({ of, title, onClose }: DismissProps) {
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const mark = useMark(of, onClose)
  const lacks = !reason.trim()
  const placed = fieldErrors(mark.error).reason
  const send = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!lacks) mark.mutate({ status: 'dismissed', reason: reason.trim() })
  }
  return (
    <Popup title={`Dismiss “${title}”`} about="It stays in the list of the dismissed." onClose={onClose}>
      <form onSubmit={send} noValidate className="flex flex-col gap-4">
        <Field
          label="Why"
          help="Kept with it: a sale, a holiday, a fault that is mended."
          error={tried && lacks ? 'Say why.' : placed}
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
        {mark.error && !placed && (
          <p role="alert" className="text-sm text-bad">
            {mark.error.message}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button type="submit" kind="danger" busy={mark.isPending}>
            Dismiss it
          </Button>
        </div>
      </form>
    </Popup>
  )
}
