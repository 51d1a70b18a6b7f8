/** Asks before a step of an order, with its money, and why where that is kept. */
import { type FormEvent, type ReactNode, useState } from 'react'
import { ApiError, fieldErrors } from '@/shared/api/problem'
import type { PurchaseOrder } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Popup } from '@/shared/ui/Popup'
import { type Step, useStep } from './queries'

interface StepPopupProps {
  order: PurchaseOrder
  title: string
  action: string
  danger?: boolean
  /** Whether a reason is asked for. */
  reason?: 'optional' | 'needed'
  step: (reason: string) => Step
  onClose: () => void
  children: ReactNode
}

export default function StepPopup(props: StepPopupProps) {
  const { order, title, action, danger = false, reason: asked, step, onClose, children } = props
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const take = useStep(order, onClose)
  const lacks = asked === 'needed' && !reason.trim()
  const send = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (lacks) return
    take.mutate(step(reason.trim()))
  }
  return (
    <Popup title={title} about={children} onClose={onClose}>
      <form onSubmit={send} noValidate className="flex flex-col gap-4">
        {asked && (
          <Field
            label={asked === 'needed' ? 'Why' : 'Why (optional)'}
            help="Kept with the order."
            error={tried && lacks ? 'Say why.' : fieldErrors(take.error).reason}
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
        )}
        {take.error && (
          <p role="alert" className="text-sm text-bad">
            {take.error.message}
            {take.error instanceof ApiError && take.error.status === 409 && ' Nothing was done.'}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Not now</Button>
          <Button type="submit" kind={danger ? 'danger' : 'primary'} busy={take.isPending}>
            {action}
          </Button>
        </div>
      </form>
    </Popup>
  )
}
