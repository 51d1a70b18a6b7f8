import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { explain, fieldErrors } from '@/shared/api/problem'
import type { SecondStep } from '@/shared/api/types'
import { paths } from '@/shared/paths'
import { asksForCode, SecondStepForm } from '@/shared/session/SecondStepForm'
import { Button, buttonClass } from '@/shared/ui/Button'
import { Entrance } from '@/shared/ui/Entrance'
import { Field } from '@/shared/ui/Field'
import { Loading, Note } from '@/shared/ui/States'
import { roleText } from './permissions'
import { linkQuery, useAcceptLink } from './queries'

/** Where one-time links lead: joining a workspace, or setting a new password. */
export function JoinPage() {
  // Behind `#`: browsers send it to nobody. Kept, so that clearing the address does not lose it.
  const [link] = useState(() => window.location.hash.slice(1))
  const navigate = useNavigate()
  const [step, setStep] = useState<SecondStep | null>(null)
  const { data, error } = useQuery({ ...linkQuery(link), enabled: link !== '' })
  if (step) {
    return (
      <Entrance title="Enter the code" lead="The password is set. The code says that it is you.">
        <SecondStepForm
          step={step}
          onDone={() => void navigate({ to: paths.pulse })}
          onBack={() => void navigate({ to: paths.login })}
        />
      </Entrance>
    )
  }
  if (error || link === '') {
    return (
      <Entrance title="This link does not work" lead="A one-time link works once, and not for ever.">
        <div className="flex flex-col items-start gap-5">
          <Note tone="warn">{error ? explain(error) : 'The address is not complete.'}</Note>
          <Link to={paths.login} className={buttonClass('plain')}>
            To the sign-in
          </Link>
        </div>
      </Entrance>
    )
  }
  if (!data) {
    return (
      <Entrance title="One moment" lead="Looking at your link.">
        <Loading label="Looking at the link" rows={2} />
      </Entrance>
    )
  }
  const invited = data.kind === 'invitation'
  return (
    <Entrance
      title={invited ? `Join ${data.workspace}` : 'Set a new password'}
      lead={
        invited
          ? `You are invited as ${roleText(data.role)}. Choose a password to sign in with.`
          : 'You are signed in with it at once, and signed out everywhere else.'
      }
    >
      <PasswordForm
        link={link}
        email={data.email}
        action={invited ? 'Join' : 'Set the password'}
        onStep={setStep}
      />
    </Entrance>
  )
}

interface PasswordFormProps {
  link: string
  email: string
  action: string
  onStep: (step: SecondStep) => void
}

function PasswordForm({ link, email, action, onStep }: PasswordFormProps) {
  const navigate = useNavigate()
  const accept = useAcceptLink()
  const [password, setPassword] = useState('')
  const errors = fieldErrors(accept.error)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      const answer = await accept.mutateAsync({ link, password })
      if (asksForCode(answer)) return onStep(answer)
    } catch {
      return
    }
    await navigate({ to: paths.pulse })
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      <Field label="E-mail">
        {props => (
          <input {...props} type="email" autoComplete="username" readOnly value={email} className="field" />
        )}
      </Field>
      <Field
        label="Password"
        help="8 to 128 characters, and not one that everybody knows."
        error={errors.password}
      >
        {props => (
          <input
            {...props}
            type="password"
            autoComplete="new-password"
            maxLength={128}
            value={password}
            onChange={event => setPassword(event.target.value)}
            className="field"
          />
        )}
      </Field>
      {accept.error && !errors.password && (
        <div role="alert">
          <Note tone="bad">{explain(accept.error)}</Note>
        </div>
      )}
      <Button
        type="submit"
        kind="primary"
        busy={accept.isPending}
        disabled={password.length < 8}
        className="min-h-11"
      >
        {action}
      </Button>
    </form>
  )
}
