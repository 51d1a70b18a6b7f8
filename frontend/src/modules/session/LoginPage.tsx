import { zodResolver } from '@hookform/resolvers/zod'
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router'
import { useForm } from 'react-hook-form'
import { explain } from '@/shared/api/problem'
import { BASE, paths } from '@/shared/paths'
import { Button } from '@/shared/ui/Button'
import { Entrance } from '@/shared/ui/Entrance'
import { Field } from '@/shared/ui/Field'
import { Note } from '@/shared/ui/States'
import { z } from './form'
import { useSignIn } from './queries'

const Person = z.object({
  email: z.string().check(z.trim(), z.email('This is not an e-mail address.')),
  password: z.string().check(z.minLength(1, 'Enter your password.')),
})
type Person = z.infer<typeof Person>

export function LoginPage() {
  const { next } = useSearch({ strict: false })
  const navigate = useNavigate()
  const router = useRouter()
  const signIn = useSignIn()
  const form = useForm<Person>({ resolver: zodResolver(Person), defaultValues: { email: '', password: '' } })
  const { errors } = form.formState
  const submit = form.handleSubmit(async person => {
    try {
      await signIn.mutateAsync(person)
    } catch {
      return
    }
    // Only a way inside the application is followed.
    if (next?.startsWith('/') && !next.startsWith('//'))
      router.history.push(next.startsWith(BASE) ? next : `${BASE}${next}`)
    else await navigate({ to: paths.pulse })
  })
  return (
    <Entrance title="Sign in" lead="To the command center of your store.">
      <form onSubmit={submit} noValidate className="flex flex-col gap-5">
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
      </form>
    </Entrance>
  )
}
