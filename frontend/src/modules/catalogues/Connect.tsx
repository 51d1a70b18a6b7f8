/** Connects a supplier. Nothing is kept of one that does not answer. */
import { type FormEvent, useState } from 'react'
import { explain, fieldErrors } from '@/shared/api/problem'
import type { SupplierPlatform } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Popup } from '@/shared/ui/Popup'
import { type Begun, LogIn } from './LogIn'
import { useConnect } from './queries'
import { draftOf, read, WatchFields } from './WatchFields'

const SUPPLIERS = {
  cjdropshipping: {
    name: 'CJdropshipping',
    label: 'API key',
    help: 'From My CJ, Authorization, API. It is kept sealed and never shown.',
    about: 'Goods from its own warehouses and from factories.',
  },
  printful: {
    name: 'Printful',
    label: 'Private token',
    help: 'From Printful, Settings, API: for one store, with the right to manage orders and webhooks. It is kept sealed and never shown.',
    about: 'Prints on demand: what has a design of yours can be ordered.',
  },
  autods: {
    name: 'AutoDS',
    label: undefined,
    help: undefined,
    about: 'Finds products and tells their prices. Orders are left to its own app in your shop.',
  },
}

type Connectable = keyof typeof SUPPLIERS
const PLATFORMS = Object.keys(SUPPLIERS) as Connectable[]

interface ConnectProps {
  storeId: string
  /** One account a platform and store. */
  connected: SupplierPlatform[]
  onClose: () => void
}

export default function Connect({ storeId, connected, onClose }: ConnectProps) {
  const free = PLATFORMS.find(of => !connected.includes(of)) ?? 'cjdropshipping'
  const [platform, setPlatform] = useState<Connectable>(free)
  const [key, setKey] = useState('')
  const [draft, setDraft] = useState(() => draftOf())
  const [own, setOwn] = useState<Record<string, string>>({})
  const connect = useConnect(onClose)
  const faults = { ...fieldErrors(connect.error), ...own }
  const words = SUPPLIERS[platform]
  const [begun, setBegun] = useState<Begun>()
  const [cameTo, setCameTo] = useState('')
  const choose = (next: Connectable) => {
    setPlatform(next)
    setKey('')
    setBegun(undefined)
    setCameTo('')
    setOwn({})
    connect.reset()
  }
  const send = (sandbox: boolean) => {
    const watch = read(draft, platform)
    const found: Record<string, string> = 'faults' in watch ? { ...watch.faults } : {}
    if (words.label && !sandbox && !key.trim()) found.api_key = 'This is needed.'
    if (!words.label && !cameTo.trim()) found.came_to = begun ? 'This is needed.' : 'Log in first.'
    setOwn(found)
    if ('faults' in watch || Object.keys(found).length > 0) return
    connect.mutate({
      platform,
      store_id: storeId,
      sandbox: begun?.sandbox ?? sandbox,
      watch,
      ...(begun && { login: { id: begun.login.id, came_to: cameTo.trim() } }),
      ...(!begun && !sandbox && { api_key: key.trim() }),
    })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    send(false)
  }
  return (
    <Popup
      title="Connect a supplier"
      about="The supplier is asked first. Reading it orders nothing there."
      onClose={onClose}
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field
          label="Supplier"
          help={
            connected.includes(platform) ? `${words.name} is connected to this store already.` : words.about
          }
        >
          {props => (
            <select
              {...props}
              value={platform}
              onChange={event => choose(event.target.value as Connectable)}
              className="field"
            >
              {PLATFORMS.map(of => (
                <option key={of} value={of}>
                  {SUPPLIERS[of].name}
                </option>
              ))}
            </select>
          )}
        </Field>
        {words.label ? (
          <Field label={words.label} help={words.help} error={faults.api_key}>
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
        ) : (
          <LogIn
            name={words.name}
            begun={begun}
            cameTo={cameTo}
            fault={faults.came_to}
            onBegun={next => {
              setBegun(next)
              setOwn({})
            }}
            onCameTo={setCameTo}
          />
        )}
        {faults.came_to && !begun && (
          <p role="alert" className="text-sm text-bad">
            {faults.came_to}
          </p>
        )}
        <WatchFields platform={platform} draft={draft} faults={faults} onChange={setDraft} />
        {connect.error && Object.keys(faults).length === 0 && (
          <p role="alert" className="text-sm text-bad">
            {explain(connect.error)}
          </p>
        )}
        <div className="flex flex-wrap justify-end gap-2">
          {words.label && (
            <Button kind="quiet" disabled={connect.isPending} onClick={() => send(true)}>
              Use the sandbox
            </Button>
          )}
          <Button kind="primary" type="submit" disabled={connect.isPending}>
            Connect
          </Button>
        </div>
      </form>
    </Popup>
  )
}
