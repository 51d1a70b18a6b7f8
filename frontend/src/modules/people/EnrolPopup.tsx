import { type FormEvent, useState } from 'react'
import { explain, fieldErrors } from '@/shared/api/problem'
import type { QrCode as Code, SecondFactorKey } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Popup } from '@/shared/ui/Popup'
import { ShownOnce } from '@/shared/ui/ShownOnce'
import { Note } from '@/shared/ui/States'
import { useConfirmFactor, useEnrolFactor } from './queries'
import { RecoveryCodes } from './RecoveryCodes'

/** Password, then the key, then a code that proves it, then the recovery codes. */
export function EnrolPopup({ onClose }: { onClose: () => void }) {
  const enrol = useEnrolFactor()
  const confirm = useConfirmFactor()
  if (confirm.data) return <RecoveryCodes codes={confirm.data.recovery_codes} onClose={onClose} />
  if (enrol.data) return <KeyForm made={enrol.data} confirm={confirm} onClose={onClose} />
  return <PasswordForm enrol={enrol} onClose={onClose} />
}

interface PasswordFormProps {
  enrol: ReturnType<typeof useEnrolFactor>
  onClose: () => void
}

function PasswordForm({ enrol, onClose }: PasswordFormProps) {
  const [current, setCurrent] = useState('')
  const errors = fieldErrors(enrol.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    enrol.mutate(current)
  }
  return (
    <Popup
      title="Turn on the second factor"
      about="First your password: a browser that was left open is not enough."
      onClose={onClose}
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field label="Password" error={errors.current}>
          {props => (
            <input
              {...props}
              type="password"
              autoComplete="current-password"
              value={current}
              onChange={event => setCurrent(event.target.value)}
              className="field"
            />
          )}
        </Field>
        <Refusal error={enrol.error} known={errors.current} />
        <Button type="submit" kind="primary" busy={enrol.isPending} disabled={!current} className="self-end">
          Go on
        </Button>
      </form>
    </Popup>
  )
}

interface KeyFormProps {
  made: SecondFactorKey
  confirm: ReturnType<typeof useConfirmFactor>
  onClose: () => void
}

function KeyForm({ made, confirm, onClose }: KeyFormProps) {
  const [code, setCode] = useState('')
  const [byHand, setByHand] = useState(!made.qr)
  const errors = fieldErrors(confirm.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    confirm.mutate(code)
  }
  return (
    <Popup title="Add it to your authenticator" onClose={onClose}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        {made.qr && <QrCode code={made.qr} />}
        <div className="flex flex-wrap gap-x-4 gap-y-2">
          <a href={made.uri} className="text-sm text-soft underline hover:text-ink">
            Open an authenticator on this device
          </a>
          {!byHand && (
            <button
              type="button"
              onClick={() => setByHand(true)}
              className="text-sm text-soft underline hover:text-ink"
            >
              Type the key instead
            </button>
          )}
        </div>
        {byHand && <ShownOnce label="Key" value={(made.key.match(/.{1,4}/g) ?? []).join(' ')} />}
        <Field
          label="Code"
          help="Six digits that it shows now. Nothing is turned on before they fit."
          error={errors.code}
        >
          {props => (
            <input
              {...props}
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={7}
              value={code}
              onChange={event => setCode(event.target.value)}
              className="field font-mono text-lg tracking-widest"
            />
          )}
        </Field>
        <Refusal error={confirm.error} known={errors.code} />
        <Button
          type="submit"
          kind="primary"
          busy={confirm.isPending}
          disabled={code.replace(/\D/g, '').length < 6}
          className="self-end"
        >
          Turn it on
        </Button>
      </form>
    </Popup>
  )
}

/** Dark on light in both themes, since cameras expect it so, with the quiet zone of four modules. */
function QrCode({ code }: { code: Code }) {
  const side = code.size + 8
  return (
    <svg
      role="img"
      aria-label="QR code for your authenticator"
      viewBox={`-4 -4 ${side} ${side}`}
      shapeRendering="crispEdges"
      className="mx-auto size-56 rounded-md border border-rule"
    >
      <rect x="-4" y="-4" width={side} height={side} fill="#fff" />
      <path d={code.path} fill="#000" />
    </svg>
  )
}

export function Refusal({ error, known }: { error: unknown; known: string | undefined }) {
  if (error == null || known) return null
  return (
    <div role="alert">
      <Note tone="bad">{explain(error)}</Note>
    </div>
  )
}
