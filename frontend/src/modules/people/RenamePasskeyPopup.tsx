import { type FormEvent, useState } from 'react'
import { fieldErrors } from '@/shared/api/problem'
import type { Passkey } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Popup } from '@/shared/ui/Popup'
import { Refusal } from './EnrolPopup'
import { useRenamePasskey } from './queries'

export function RenamePasskeyPopup({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const rename = useRenamePasskey()
  const [name, setName] = useState(passkey.name)
  const errors = fieldErrors(rename.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    rename.mutate({ id: passkey.id, name }, { onSuccess: onClose })
  }
  return (
    <Popup title="Rename the passkey" onClose={onClose}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field label="Name" error={errors.name}>
          {props => (
            <input
              {...props}
              maxLength={100}
              value={name}
              onChange={event => setName(event.target.value)}
              className="field"
            />
          )}
        </Field>
        <Refusal error={rename.error} known={errors.name} />
        <Button
          type="submit"
          kind="primary"
          busy={rename.isPending}
          disabled={!name.trim()}
          className="self-end"
        >
          Rename it
        </Button>
      </form>
    </Popup>
  )
}
