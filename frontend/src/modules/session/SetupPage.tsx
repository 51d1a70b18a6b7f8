/** First of all: the owner, created with the one-time code that the terminal printed. */
import { zodResolver } from '@hookform/resolvers/zod'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useForm } from 'react-hook-form'
import { ApiError, explain } from '@/shared/api/problem'
import { paths } from '@/shared/paths'
import { Button } from '@/shared/ui/Button'
import { Entrance } from '@/shared/ui/Entrance'
import { Field } from '@/shared/ui/Field'
import { Note } from '@/shared/ui/States'
import { z } from './form'
import { useCreateOwner } from './queries'

const Owner = z.object({
  setup_code: z.string().check(z.trim(), z.minLength(1, 'Enter the code that the terminal printed.')),
  workspace_name: z.string().check(z.trim(), z.minLength(1, 'Give your business a name.'), z.maxLength(120)),
  email: z.string().check(z.trim(), z.email('This is not an e-mail address.')),
  password: z.string().check(z.minLength(8, 'At least 8 characters; a sentence is easiest to remember.')),
})
type Owner = z.infer<typeof Owner>

export function SetupPage() {
  const { code } = useSearch({ strict: false })
  const navigate = useNavigate()
  const create = useCreateOwner()
  const form = useForm<Owner>({
    resolver: zodResolver(Owner),
    defaultValues: { setup_code: code ?? '', workspace_name: '', email: '', password: '' },
  })
  const { errors } = form.formState
  const submit = form.handleSubmit(async owner => {
    try {
      await create.mutateAsync(owner)
      await navigate({ to: paths.start })
    } catch (error) {
      showErrors(error, (field, message) => form.setError(field, { message }, { shouldFocus: true }))
    }
  })
  return (
    <Entrance title="Create the owner" lead="This happens once, with the code from the terminal.">
      <form onSubmit={submit} noValidate className="flex flex-col gap-5">
        <Field
          label="Set-up code"
          help="Printed in the terminal when the server started. It works once."
          error={errors.setup_code?.message}
        >
          {props => (
            <input
              {...props}
              {...form.register('setup_code')}
              autoComplete="one-time-code"
              spellCheck={false}
              className="field font-mono"
            />
          )}
        </Field>
        <Field label="Name of your business" error={errors.workspace_name?.message}>
          {props => (
            <input
              {...props}
              {...form.register('workspace_name')}
              autoComplete="organization"
              className="field"
            />
          )}
        </Field>
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
        <Field label="Password" help="At least 8 characters." error={errors.password?.message}>
          {props => (
            <input
              {...props}
              {...form.register('password')}
              type="password"
              autoComplete="new-password"
              className="field"
            />
          )}
        </Field>
        {errors.root && <Note tone="bad">{errors.root.message}</Note>}
        {create.error && !(create.error instanceof ApiError) && (
          <Note tone="bad">{explain(create.error)}</Note>
        )}
        <Button type="submit" kind="primary" busy={create.isPending} className="min-h-11">
          Create the owner
        </Button>
      </form>
    </Entrance>
  )
}

const FIELDS = ['setup_code', 'workspace_name', 'email', 'password'] as const

function showErrors(error: unknown, set: (field: (typeof FIELDS)[number] | 'root', message: string) => void) {
  if (!(error instanceof ApiError)) return
  let placed = false
  for (const field of FIELDS) {
    const message = error.field(field)
    if (message) {
      set(field, message)
      placed = true
    }
  }
  if (!placed && error.status === 403) set('setup_code', explain(error))
  else if (!placed) set('root', explain(error))
}
