import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { explain } from '@/shared/api/problem'
import { paths } from '@/shared/paths'
import { Button, buttonClass } from '@/shared/ui/Button'
import { Entrance } from '@/shared/ui/Entrance'
import { Field } from '@/shared/ui/Field'
import { Note } from '@/shared/ui/States'
import { useForgot } from './queries'

/** Asks for a letter with a link. What it answers is the same for an address that nobody has. */
export function ForgotPage() {
  const forgot = useForgot()
  const [email, setEmail] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    forgot.mutate(email)
  }
  if (forgot.isSuccess) {
    return (
      <Entrance title="Look into your mail" lead="The link in it works once, for a day.">
        <div className="flex flex-col items-start gap-5">
          <p role="status" className="text-sm">
            If somebody here has the address <strong className="wrap-anywhere">{email}</strong>, a letter is
            on its way. When none comes, look among the unwanted ones, then ask an admin for a link.
          </p>
          <Link to={paths.login} className={buttonClass('plain')}>
            To the sign-in
          </Link>
        </div>
      </Entrance>
    )
  }
  return (
    <Entrance title="Forgot your password?" lead="A letter brings you a link by which you set a new one.">
      <form onSubmit={submit} noValidate className="flex flex-col gap-5">
        <Field label="E-mail">
          {props => (
            <input
              {...props}
              type="email"
              autoComplete="username"
              value={email}
              onChange={event => setEmail(event.target.value)}
              className="field"
            />
          )}
        </Field>
        {forgot.error && (
          <div role="alert">
            <Note tone="bad">{explain(forgot.error)}</Note>
          </div>
        )}
        <Button
          type="submit"
          kind="primary"
          busy={forgot.isPending}
          disabled={!/.@./.test(email.trim())}
          className="min-h-11"
        >
          Send the letter
        </Button>
        <Link to={paths.login} className="self-start text-sm text-soft underline hover:text-ink">
          To the sign-in
        </Link>
      </form>
    </Entrance>
  )
}
