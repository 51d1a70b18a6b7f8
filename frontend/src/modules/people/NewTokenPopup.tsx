import { useInfiniteQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { explain, fieldErrors } from '@/shared/api/problem'
import { useSession } from '@/shared/api/queries'
import { useMay } from '@/shared/session/may'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Popup } from '@/shared/ui/Popup'
import { ShownOnce } from '@/shared/ui/ShownOnce'
import { Note } from '@/shared/ui/States'
import { permissionText } from './permissions'
import { type NewToken, useCreateToken, usersQuery } from './queries'

const SPANS = [
  { days: 7, label: '7 days' },
  { days: 30, label: '30 days' },
  { days: 90, label: '90 days' },
  { days: 365, label: 'A year' },
  { days: 0, label: 'For ever' },
]

export function NewTokenPopup({ onClose }: { onClose: () => void }) {
  const create = useCreateToken()
  if (create.data) {
    return (
      <Popup
        title="Your token"
        about="It is shown here and never again. Whoever has it can do what it allows."
        onClose={onClose}
      >
        <ShownOnce label="Token" value={create.data.secret} />
        <div className="mt-5 flex justify-end">
          <Button kind="primary" onClick={onClose}>
            I have it
          </Button>
        </div>
      </Popup>
    )
  }
  return (
    <Popup title="Create a token" onClose={onClose}>
      <TokenForm onCreate={input => create.mutate(input)} busy={create.isPending} error={create.error} />
    </Popup>
  )
}

interface TokenFormProps {
  onCreate: (input: NewToken) => void
  busy: boolean
  error: unknown
}

function TokenForm({ onCreate, busy, error }: TokenFormProps) {
  const session = useSession()
  const forServices = useMay('people:write')
  const [name, setName] = useState('')
  const [days, setDays] = useState(90)
  const [limited, setLimited] = useState(true)
  const [scopes, setScopes] = useState<string[]>(['reports:read'])
  const [service, setService] = useState('')
  const [missing, setMissing] = useState(false)
  const errors = fieldErrors(error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!name.trim() || (limited && scopes.length === 0)) return setMissing(true)
    onCreate({
      name,
      scopes: limited ? scopes : [],
      ...(days > 0 && { expires_in_days: days }),
      ...(service && { service_account_id: service }),
    })
  }
  const toggle = (scope: string, on: boolean) =>
    setScopes(old => (on ? [...old, scope] : old.filter(known => known !== scope)))
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Field label="What it is for" error={missing && !name.trim() ? 'Give it a name.' : errors.name}>
        {props => (
          <input
            {...props}
            value={name}
            maxLength={100}
            onChange={event => setName(event.target.value)}
            placeholder="Nightly export"
            className="field"
          />
        )}
      </Field>
      <Field label="Valid for">
        {props => (
          <select
            {...props}
            value={days}
            onChange={event => setDays(Number(event.target.value))}
            className="field"
          >
            {SPANS.map(span => (
              <option key={span.days} value={span.days}>
                {span.label}
              </option>
            ))}
          </select>
        )}
      </Field>
      {forServices && <ServiceSelect value={service} onChange={setService} />}
      <fieldset className="flex flex-col gap-1">
        <legend className="pb-1 text-sm font-semibold">What it may do</legend>
        <Choice checked={limited} onChange={() => setLimited(true)} label="Only this:" />
        {limited && (
          <div className="ml-6 flex flex-col">
            {(session?.permissions ?? []).map(permission => (
              <label key={permission} className="flex min-h-8 items-center gap-2 text-sm">
                <input
                  type="checkbox"
                  checked={scopes.includes(permission)}
                  onChange={event => toggle(permission, event.target.checked)}
                  className="size-4 shrink-0 accent-brass"
                />
                {permissionText(permission)}
              </label>
            ))}
            {missing && scopes.length === 0 && (
              <p role="alert" className="text-sm font-medium text-bad">
                Choose at least one.
              </p>
            )}
          </div>
        )}
        <Choice
          checked={!limited}
          onChange={() => setLimited(false)}
          label="Everything that its user may do"
        />
      </fieldset>
      {error != null && (
        <div role="alert">
          <Note tone="bad">{explain(error)}</Note>
        </div>
      )}
      <Button type="submit" kind="primary" busy={busy} className="self-end">
        Create the token
      </Button>
    </form>
  )
}

function Choice({ checked, onChange, label }: { checked: boolean; onChange: () => void; label: string }) {
  return (
    <label className="flex min-h-8 items-center gap-2 text-sm">
      <input
        type="radio"
        name="reach"
        checked={checked}
        onChange={onChange}
        className="size-4 shrink-0 accent-brass"
      />
      {label}
    </label>
  )
}

function ServiceSelect({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const users = useInfiniteQuery(usersQuery)
  const all = users.data?.pages.flatMap(page => page.users) ?? []
  const services = all.filter(user => user.kind === 'service' && !user.disabled_at && user.is_yours_to_change)
  if (services.length === 0) return null
  return (
    <Field label="Acts for" help="A service account stays when you leave.">
      {props => (
        <select {...props} value={value} onChange={event => onChange(event.target.value)} className="field">
          <option value="">Me</option>
          {services.map(user => (
            <option key={user.id} value={user.id}>
              {user.label} ({user.role})
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
