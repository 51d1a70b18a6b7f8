import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Passkey } from '@/shared/api/types'
import { ageText, momentText } from '@/shared/format/time'
import { knowsPasskeys } from '@/shared/session/passkeys'
import { Button } from '@/shared/ui/Button'
import { Confirm } from '@/shared/ui/Confirm'
import { Failure, Loading } from '@/shared/ui/States'
import { NewPasskeyPopup } from './NewPasskeyPopup'
import { passkeysQuery, useRemovePasskey } from './queries'
import { RenamePasskeyPopup } from './RenamePasskeyPopup'

interface PasskeysCardProps {
  /** Whether a new one takes a code besides the password. */
  asksForCode: boolean
}

/** One's own passkeys: made here, used at the sign-in. */
export function PasskeysCard({ asksForCode }: PasskeysCardProps) {
  const { data, error, refetch } = useQuery(passkeysQuery)
  const [adding, setAdding] = useState(false)
  const [renaming, setRenaming] = useState<Passkey | null>(null)
  const [removing, setRemoving] = useState<Passkey | null>(null)
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading label="Loading the passkeys" rows={2} />
  const usable = data.possible && knowsPasskeys()
  return (
    <section aria-labelledby="passkeys" className="sheet">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 p-4 sm:p-5">
        <div className="min-w-0 flex-1 basis-64">
          <h3 id="passkeys" className="text-base font-semibold">
            Passkeys
          </h3>
          <p className="mt-1 max-w-prose text-sm text-soft">{lead(data.possible)}</p>
        </div>
        {usable && (
          <Button kind={data.passkeys.length === 0 ? 'primary' : 'plain'} onClick={() => setAdding(true)}>
            Add a passkey
          </Button>
        )}
      </div>
      {data.passkeys.length > 0 && (
        <ul aria-label="Passkeys" className="divide-y divide-rule border-t border-rule">
          {data.passkeys.map(passkey => (
            <PasskeyRow
              key={passkey.id}
              passkey={passkey}
              onRename={() => setRenaming(passkey)}
              onRemove={() => setRemoving(passkey)}
            />
          ))}
        </ul>
      )}
      {adding && <NewPasskeyPopup asksForCode={asksForCode} onClose={() => setAdding(false)} />}
      {renaming && <RenamePasskeyPopup passkey={renaming} onClose={() => setRenaming(null)} />}
      {removing && <RemovePasskey passkey={removing} onClose={() => setRemoving(null)} />}
    </section>
  )
}

function lead(possible: boolean): string {
  if (!possible)
    return 'Not possible at this address: browsers give passkeys only to a name over HTTPS. Whoever runs this installation sets PUBLIC_URL.'
  if (!knowsPasskeys()) return 'This browser does not know passkeys. Use a newer one to add one.'
  return 'Sign in with your fingerprint, face or PIN, without a password and a code. The key stays on your device; nothing of it can be guessed or given away.'
}

interface PasskeyRowProps {
  passkey: Passkey
  onRename: () => void
  onRemove: () => void
}

function PasskeyRow({ passkey, onRename, onRemove }: PasskeyRowProps) {
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 py-3 sm:px-5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-semibold wrap-anywhere">{passkey.name}</p>
        <p className="mt-0.5 text-sm text-soft">
          {passkey.last_used_at ? `used ${ageText(passkey.last_used_at)}` : 'never used'} · made{' '}
          {momentText(passkey.created_at)}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button onClick={onRename} aria-label={`Rename ${passkey.name}`}>
          Rename
        </Button>
        <Button kind="danger" onClick={onRemove} aria-label={`Remove ${passkey.name}`}>
          Remove
        </Button>
      </div>
    </li>
  )
}

function RemovePasskey({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const remove = useRemovePasskey()
  return (
    <Confirm
      title={`Remove ${passkey.name}?`}
      action="Remove"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(passkey.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      It signs nobody in from now on. Your device may still list it; delete it there, too.
    </Confirm>
  )
}
