import { type FormEvent, useState } from 'react'
import { explain, fieldErrors } from '@/shared/api/problem'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Popup } from '@/shared/ui/Popup'
import { Note } from '@/shared/ui/States'
import { HandedOver } from './HandedOver'
import { useAddService, useInvite } from './queries'
import { RoleSelect } from './RoleSelect'

export function InvitePopup({ onClose }: { onClose: () => void }) {
  const invite = useInvite()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState('viewer')
  const errors = fieldErrors(invite.error)
  if (invite.data) {
    return (
      <Popup title={`Invitation for ${invite.data.email}`} onClose={onClose}>
        <HandedOver link={invite.data} />
        <div className="mt-5 flex justify-end">
          <Button kind="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </Popup>
    )
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    invite.mutate({ email, role })
  }
  return (
    <Popup title="Invite somebody" onClose={onClose}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field label="E-mail" error={errors.email}>
          {props => (
            <input
              {...props}
              type="email"
              value={email}
              onChange={event => setEmail(event.target.value)}
              className="field"
            />
          )}
        </Field>
        <RoleSelect value={role} onChange={setRole} />
        <Refusal error={invite.error} known={errors.email} />
        <Button
          type="submit"
          kind="primary"
          busy={invite.isPending}
          disabled={!email.trim()}
          className="self-end"
        >
          Make the invitation
        </Button>
      </form>
    </Popup>
  )
}

export function ServicePopup({ onClose }: { onClose: () => void }) {
  const add = useAddService()
  const [name, setName] = useState('')
  const [role, setRole] = useState('viewer')
  const errors = fieldErrors(add.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate({ name, role }, { onSuccess: onClose })
  }
  return (
    <Popup
      title="Add a service account"
      about="Give it tokens under Settings → API tokens. They stay valid when the person who made them leaves."
      onClose={onClose}
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field label="Name" error={errors.name}>
          {props => (
            <input
              {...props}
              value={name}
              maxLength={100}
              placeholder="Warehouse display"
              onChange={event => setName(event.target.value)}
              className="field"
            />
          )}
        </Field>
        <RoleSelect value={role} onChange={setRole} />
        <Refusal error={add.error} known={errors.name} />
        <Button
          type="submit"
          kind="primary"
          busy={add.isPending}
          disabled={!name.trim()}
          className="self-end"
        >
          Add it
        </Button>
      </form>
    </Popup>
  )
}

function Refusal({ error, known }: { error: unknown; known: string | undefined }) {
  if (error == null || known) return null
  return (
    <div role="alert">
      <Note tone="bad">{explain(error)}</Note>
    </div>
  )
}
