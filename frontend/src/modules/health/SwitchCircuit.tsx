/** Asks before the calls of a part are stopped by hand or begun anew, and why: it holds for every process. */
import { AlertDialog } from '@base-ui/react/alert-dialog'
import { type FormEvent, useState } from 'react'
import { explain } from '@/shared/api/problem'
import type { HealthCheck } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { useSwitchCircuit } from './queries'

interface Props {
  check: HealthCheck
  /** As people know it. */
  label: string
  action: 'force_open' | 'reset'
  onClose: () => void
}

export default function SwitchCircuit({ check, label, action, onClose }: Props) {
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const change = useSwitchCircuit(onClose)
  const stopping = action === 'force_open'
  const send = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (reason.trim()) change.mutate({ name: check.name, action, reason: reason.trim() })
  }
  return (
    <AlertDialog.Root open onOpenChange={open => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-[rgb(10_14_16/0.45)]" />
        <AlertDialog.Popup className="popup fixed inset-x-2 top-[12dvh] z-50 mx-auto max-w-md p-5">
          <AlertDialog.Title className="text-lg font-semibold wrap-anywhere">
            {stopping ? `Stop calls: ${label}?` : `Begin anew: ${label}?`}
          </AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-sm text-soft">
            {stopping
              ? 'From now on no call goes this way, from any process and over restarts, until somebody begins anew. What needs it waits or fails with this reason.'
              : 'Calls are sent again at once, and failures are counted from zero.'}
          </AlertDialog.Description>
          <form onSubmit={send} noValidate className="mt-4 flex flex-col gap-4">
            <Field label="Why" error={tried && !reason.trim() ? 'Say why: others will read it.' : undefined}>
              {field => (
                <input
                  {...field}
                  required
                  maxLength={500}
                  value={reason}
                  onChange={event => setReason(event.target.value)}
                  className="field"
                />
              )}
            </Field>
            {change.error && (
              <p role="alert" className="text-sm text-bad">
                {explain(change.error)}
              </p>
            )}
            <div className="flex justify-end gap-2">
              <Button onClick={onClose}>Leave it</Button>
              <Button kind={stopping ? 'danger' : 'primary'} type="submit" busy={change.isPending}>
                {stopping ? 'Stop calls' : 'Begin anew'}
              </Button>
            </div>
          </form>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
