/** A secret is entered or replaced. Its value goes to the server and never comes back. */
import { Dialog } from '@base-ui/react/dialog'
import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import * as z from 'zod/mini'
import { ApiError } from '@/shared/api/problem'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { useSetSecret } from './queries'

const Form = z.object({
  name: z.string().check(z.regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'Capitals, digits and _, e.g. META_ACCESS_TOKEN')),
  value: z.string().check(z.minLength(1, 'The value is empty')),
})

const INPUT = 'min-h-10 w-full rounded-md border border-edge bg-sheet px-3 text-base'

interface SecretDialogProps {
  /** The one that is replaced; a new one without. */
  name?: string
  onClose: () => void
}

export default function SecretDialog({ name, onClose }: SecretDialogProps) {
  const set = useSetSecret()
  const form = useForm({
    resolver: zodResolver(Form),
    defaultValues: { name: name ?? '', value: '' },
  })
  const { errors } = form.formState
  const problem = set.error instanceof ApiError ? set.error : undefined
  const save = form.handleSubmit(input => set.mutate(input, { onSuccess: onClose }))
  return (
    <Dialog.Root open onOpenChange={open => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-[rgb(10_14_16/0.45)]" />
        <Dialog.Popup className="popup fixed inset-x-2 top-[15dvh] z-50 mx-auto max-w-md p-5">
          <Dialog.Title className="text-lg font-semibold">
            {name ? `New value of ${name}` : 'Add a secret'}
          </Dialog.Title>
          <Dialog.Description className="mt-1 text-sm text-soft">
            It is sealed before it is stored, and nobody can read it back, here or anywhere else.
          </Dialog.Description>
          <form onSubmit={save} className="mt-4 flex flex-col gap-4" noValidate>
            <Field
              label="Name"
              help={name ? undefined : 'As the setting is called, e.g. SHOPIFY_ACCESS_TOKEN.'}
              error={errors.name?.message ?? problem?.field('name')}
            >
              {field => (
                <input
                  {...field}
                  {...form.register('name')}
                  readOnly={name !== undefined}
                  autoComplete="off"
                  spellCheck={false}
                  className={`${INPUT} font-mono read-only:bg-sunk read-only:text-soft`}
                />
              )}
            </Field>
            <Field label="Value" error={errors.value?.message ?? problem?.field('value')}>
              {field => (
                <input
                  {...field}
                  {...form.register('value')}
                  type="password"
                  autoComplete="off"
                  className={`${INPUT} font-mono`}
                />
              )}
            </Field>
            {set.error && !problem?.problem.errors && (
              <p role="alert" className="text-sm text-bad">
                {set.error.message}
              </p>
            )}
            <div className="flex justify-end gap-2">
              <Button onClick={onClose}>Cancel</Button>
              <Button type="submit" kind="primary" busy={set.isPending}>
                {name ? 'Replace the value' : 'Add the secret'}
              </Button>
            </div>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
