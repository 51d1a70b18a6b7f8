/** Connects a supplier. Nothing is kept of one that does not answer. */
import { type FormEvent, useState } from 'react'
import { explain, fieldErrors } from '@/shared/api/problem'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Popup } from '@/shared/ui/Popup'
import { useConnect } from './queries'
import { draftOf, read, WatchFields } from './WatchFields'

export default function Connect({ storeId, onClose }: { storeId: string; onClose: () => void }) {
  const [key, setKey] = useState('')
  const [draft, setDraft] = useState(() => draftOf())
  const [own, setOwn] = useState<Record<string, string>>({})
  const connect = useConnect(onClose)
  const faults = { ...fieldErrors(connect.error), ...own }
  const send = (sandbox: boolean) => {
    const watch = read(draft)
    const found: Record<string, string> = 'faults' in watch ? { ...watch.faults } : {}
    if (!sandbox && !key.trim()) found.api_key = 'This is needed.'
    setOwn(found)
    if ('faults' in watch || Object.keys(found).length > 0) return
    connect.mutate({
      platform: 'cjdropshipping',
      store_id: storeId,
      sandbox,
      watch,
      ...(!sandbox && { api_key: key.trim() }),
    })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    send(false)
  }
  return (
    <Popup
      title="Connect CJdropshipping"
      about="The supplier is asked first. Reading it orders nothing there."
      onClose={onClose}
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field
          label="API key"
          help="From My CJ, Authorization, API. It is kept sealed and never shown."
          error={faults.api_key}
        >
          {props => (
            <input
              {...props}
              type="password"
              autoComplete="off"
              spellCheck={false}
              value={key}
              onChange={event => setKey(event.target.value)}
              className="field"
            />
          )}
        </Field>
        <WatchFields draft={draft} faults={faults} onChange={setDraft} />
        {connect.error && Object.keys(faults).length === 0 && (
          <p role="alert" className="text-sm text-bad">
            {explain(connect.error)}
          </p>
        )}
        <div className="flex flex-wrap justify-end gap-2">
          <Button kind="quiet" disabled={connect.isPending} onClick={() => send(true)}>
            Use the sandbox
          </Button>
          <Button kind="primary" type="submit" disabled={connect.isPending}>
            Connect
          </Button>
        </div>
      </form>
    </Popup>
  )
}
