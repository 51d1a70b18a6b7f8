/** A store that files fill: what it is called, in what it counts, and where its days begin. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api, body } from '@/shared/api/client'
import { ApiError } from '@/shared/api/problem'
import { keys } from '@/shared/api/queries'
import { paths } from '@/shared/paths'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone

export default function NewStoreForm() {
  const navigate = useNavigate()
  const client = useQueryClient()
  const [input, setInput] = useState({ name: '', currency: '', timezone: ZONE })
  const [asked, setAsked] = useState(false)
  const create = useMutation({
    mutationFn: () => body(api.POST('/v1/stores', { body: input })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.stores, refetchType: 'all' })
      await navigate({ to: paths.settingsImports })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAsked(true)
    if (input.name.trim() && input.currency.trim()) create.mutate()
  }
  const problem = create.error instanceof ApiError ? create.error : undefined
  const own = (field: 'name' | 'currency', text: string) =>
    asked && !input[field].trim() ? text : problem?.field(field)
  const placed = problem?.problem.errors?.some(error => error.field in input)
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Field label="Name of the store" error={own('name', 'Enter a name.')}>
        {props => (
          <input
            {...props}
            className="field"
            autoComplete="organization"
            value={input.name}
            onChange={event => setInput({ ...input, name: event.target.value })}
          />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label="Currency"
          help="In which its orders are counted, e.g. EUR."
          error={own('currency', 'Enter three letters, e.g. EUR.')}
        >
          {props => (
            <input
              {...props}
              className="field uppercase"
              maxLength={3}
              autoComplete="off"
              spellCheck={false}
              value={input.currency}
              onChange={event => setInput({ ...input, currency: event.target.value })}
            />
          )}
        </Field>
        <Field label="Time zone" help="Its days begin at midnight there." error={problem?.field('timezone')}>
          {props => (
            <select
              {...props}
              className="field"
              value={input.timezone}
              onChange={event => setInput({ ...input, timezone: event.target.value })}
            >
              {[...new Set([ZONE, 'UTC', ...Intl.supportedValuesOf('timeZone')])].map(zone => (
                <option key={zone}>{zone}</option>
              ))}
            </select>
          )}
        </Field>
      </div>
      {create.error && !placed && (
        <p role="alert" className="text-sm text-bad">
          {create.error.message}
        </p>
      )}
      <Button type="submit" kind="primary" className="min-h-11 self-start" busy={create.isPending}>
        Go on to the file
      </Button>
    </form>
  )
}
