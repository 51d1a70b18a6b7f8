import { type FormEvent, useState } from 'react'
import { fieldErrors } from '@/shared/api/problem'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Popup } from '@/shared/ui/Popup'
import { Refusal } from './EnrolPopup'
import { useRemoveFactor, useRenewRecoveryCodes } from './queries'
import { RecoveryCodes } from './RecoveryCodes'

const WORDS = {
  remove: {
    title: 'Turn off the second factor',
    about: 'From then on your password alone lets you in. Recovery codes stop working.',
    action: 'Turn it off',
  },
  renew: {
    title: 'New recovery codes',
    about: 'Ten new ones. Those that you have stop working.',
    action: 'Make new codes',
  },
}

/** What needs the password and a code: neither of them alone is enough. */
export function ProofPopup({ what, onClose }: { what: 'remove' | 'renew'; onClose: () => void }) {
  const remove = useRemoveFactor()
  const renew = useRenewRecoveryCodes()
  const [proof, setProof] = useState({ current: '', code: '' })
  const error = remove.error ?? renew.error
  const errors = fieldErrors(error)
  const words = WORDS[what]
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (what === 'remove') remove.mutate(proof, { onSuccess: onClose })
    else renew.mutate(proof)
  }
  if (renew.data) return <RecoveryCodes codes={renew.data.recovery_codes} onClose={onClose} />
  return (
    <Popup title={words.title} about={words.about} onClose={onClose}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field label="Password" error={errors.current}>
          {props => (
            <input
              {...props}
              type="password"
              autoComplete="current-password"
              value={proof.current}
              onChange={event => setProof({ ...proof, current: event.target.value })}
              className="field"
            />
          )}
        </Field>
        <Field label="Code" help="From your authenticator, or a recovery code." error={errors.code}>
          {props => (
            <input
              {...props}
              autoComplete="one-time-code"
              spellCheck={false}
              maxLength={20}
              value={proof.code}
              onChange={event => setProof({ ...proof, code: event.target.value })}
              className="field font-mono"
            />
          )}
        </Field>
        <Refusal error={error} known={errors.current ?? errors.code} />
        <Button
          type="submit"
          kind={what === 'remove' ? 'danger' : 'primary'}
          busy={remove.isPending || renew.isPending}
          disabled={!proof.current || proof.code.trim().length < 6}
          className="self-end"
        >
          {words.action}
        </Button>
      </form>
    </Popup>
  )
}
