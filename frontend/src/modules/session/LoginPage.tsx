import { zodResolver } from '@hookform/resolvers/zod'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useRouter, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { explain } from '@/shared/api/problem'
import type { SecondStep, SignInMethods } from '@/shared/api/types'
import { BASE, paths } from '@/shared/paths'
import { knowsPasskeys } from '@/shared/session/passkeys'
import { asksForCode, SecondStepForm } from '@/shared/session/SecondStepForm'
import { Button, buttonClass } from '@/shared/ui/Button'
import { Entrance } from '@/shared/ui/Entrance'
import { Field } from '@/shared/ui/Field'
import { Note } from '@/shared/ui/States'
import { z } from './form'
import { methodsQuery, usePasskeySignIn, useSignIn } from './queries'
import { refusalText } from './refusals'

const Person = z.object({
  email: z.string().check(z.trim(), z.email('This is not an e-mail address.')),
  password: z.string().check(z.minLength(1, 'Enter your password.')),
})
type Person = z.infer<typeof Person>

export function LoginPage() {
  const { next } = useSearch({ strict: false })
  const navigate = useNavigate()
  const router = useRouter()
  const [step, setStep] = useState<SecondStep | null>(null)
  const enter = async () => {
    // Only a way inside the application is followed.
    if (next?.startsWith('/') && !next.startsWith('//'))
      router.history.push(next.startsWith(BASE) ? next : `${BASE}${next}`)
    else await navigate({ to: paths.pulse })
  }
  if (step) {
    return (
      <Entrance title="Enter the code" lead="Your password is right. The code says that it is you.">
        <SecondStepForm step={step} onDone={() => void enter()} onBack={() => setStep(null)} />
      </Entrance>
    )
  }
  return (
    <Entrance title="Sign in" lead="To the command center of your store.">
      <PasswordForm next={next} onStep={setStep} onDone={enter} />
    </Entrance>
  )
}

interface PasswordFormProps {
  next: string | undefined
  onStep: (step: SecondStep) => void
  onDone: () => Promise<void>
}

function PasswordForm({ next, onStep, onDone }: PasswordFormProps) {
  const { refused } = useSearch({ strict: false })
  const signIn = useSignIn()
  const { data: methods } = useQuery(methodsQuery)
  const form = useForm<Person>({ resolver: zodResolver(Person), defaultValues: { email: '', password: '' } })
  const { errors } = form.formState
  const submit = form.handleSubmit(async person => {
    try {
      const answer = await signIn.mutateAsync(person)
      if (asksForCode(answer)) return onStep(answer)
    } catch {
      return
    }
    await onDone()
  })
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      {refused && !signIn.error && (
        <div role="alert">
          <Note tone="warn">{refusalText(refused)}</Note>
        </div>
      )}
      <Field label="E-mail" error={errors.email?.message}>
        {props => (
          <input
            {...props}
            {...form.register('email')}
            type="email"
            autoComplete="username"
            className="field"
          />
        )}
      </Field>
      <Field label="Password" error={errors.password?.message}>
        {props => (
          <input
            {...props}
            {...form.register('password')}
            type="password"
            autoComplete="current-password"
            className="field"
          />
        )}
      </Field>
      {signIn.error && (
        <div role="alert">
          <Note tone="bad">{explain(signIn.error)}</Note>
        </div>
      )}
      <Button type="submit" kind="primary" busy={signIn.isPending} className="min-h-11">
        Sign in
      </Button>
      {methods && <OtherWays methods={methods} next={next} onDone={onDone} />}
      {methods?.forgot_password && (
        <Link to={paths.forgot} className="self-start text-sm text-soft underline hover:text-ink">
          Forgot your password?
        </Link>
      )}
    </form>
  )
}

interface OtherWaysProps {
  methods: SignInMethods
  next: string | undefined
  onDone: () => Promise<void>
}

function OtherWays({ methods, next, onDone }: OtherWaysProps) {
  const passkey = usePasskeySignIn()
  const takesPasskeys = methods.passkeys && knowsPasskeys()
  if (!takesPasskeys && !methods.elsewhere) return null
  return (
    <>
      <p className="flex items-center gap-3 text-xs text-soft before:h-px before:flex-1 before:bg-rule after:h-px after:flex-1 after:bg-rule">
        or
      </p>
      {takesPasskeys && (
        <Button
          busy={passkey.isPending}
          onClick={() => passkey.mutate(undefined, { onSuccess: () => void onDone() })}
          className="min-h-11"
        >
          Sign in with a passkey
        </Button>
      )}
      {passkey.error && (
        <div role="alert">
          <Note tone="bad">{explain(passkey.error)}</Note>
        </div>
      )}
      {methods.elsewhere && (
        // A navigation: the provider is another site.
        <a href={elsewhere(next)} className={buttonClass('plain', 'min-h-11')}>
          Continue with {methods.elsewhere}
        </a>
      )}
    </>
  )
}

/** The server adds its own beginning to the way on. */
function elsewhere(next: string | undefined): string {
  const way = next?.startsWith(BASE) ? next.slice(BASE.length) : next
  return way?.startsWith('/') ? `/v1/auth/oidc?next=${encodeURIComponent(way)}` : '/v1/auth/oidc'
}
