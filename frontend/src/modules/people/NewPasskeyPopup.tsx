import { type FormEvent, useState } from 'react'
import { fieldErrors } from '@/shared/api/problem'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Popup } from '@/shared/ui/Popup'
import { browserText } from './browser'
import { Refusal } from './EnrolPopup'
import { useAddPasskey } from './queries'

interface NewPasskeyPopupProps {
  asksForCode: boolean
  onClose: () => void
}

/** Name and password, then the browser's own window. */
export function NewPasskeyPopup({ asksForCode, onClose }: NewPasskeyPopupProps) {
  const add = useAddPasskey()
  const [name, setName] = useState(() => browserText(navigator.userAgent))
  const [current, setCurrent] = useState('')
  const [code, setCode] = useState('')
  const errors = fieldErrors(add.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate({ name, current, ...(asksForCode && { code }) }, { onSuccess: onClose })
  }
  return (
    <Popup
      title="Add a passkey"
      about="First your password: a browser that was left open is not enough. Then your device asks you."
      onClose={onClose}
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field label="Name" help="So that you know it again in the list." error={errors.name}>
          {props => (
            <input
              {...props}
              maxLength={100}
              value={name}
              onChange={event => setName(event.target.value)}
              className="field"
            />
          )}
        </Field>
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
        {asksForCode && (
          <Field label="Code" help="From your authenticator, or a recovery code." error={errors.code}>
            {props => (
              <input
                {...props}
                autoComplete="one-time-code"
                spellCheck={false}
                maxLength={20}
                value={code}
                onChange={event => setCode(event.target.value)}
                className="field font-mono"
              />
            )}
          </Field>
        )}
        <Refusal error={add.error} known={errors.name ?? errors.current ?? errors.code} />
        <Button
          type="submit"
          kind="primary"
          busy={add.isPending}
          disabled={!name.trim() || !current || (asksForCode && code.trim().length < 6)}
          className="self-end"
        >
          Go on
        </Button>
      </form>
    </Popup>
  )
}
