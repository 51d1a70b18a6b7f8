/** Connects a supplier. Nothing is kept of one that does not answer. */
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { explain, fieldErrors } from '@/shared/api/problem'
import type { SupplierPlatform } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Popup } from '@/shared/ui/Popup'
import { Contract } from './Contract'
import { KeyField } from './KeyField'
import { type Begun, LogIn } from './LogIn'
import { platformsQuery, useConnect } from './queries'
import { BY_CONTRACT, contractOf, draftOfContract } from './rest-contract'
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
  spocket: {
    name: 'Spocket',
    label: undefined,
    help: undefined,
    about: 'Publishes no interface: its lists come as files, or by a contract of your own.',
  },
}

const KEY_HELP =
  'It is kept sealed, sent to this address alone and never shown. Empty: that of the settings, where they name this address.'

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
  const [tested, setTested] = useState<Record<string, string | undefined>>({})
  const faults = { ...tested, ...fieldErrors(connect.error), ...own }
  const words = SUPPLIERS[platform]
  const [begun, setBegun] = useState<Begun>()
  const [cameTo, setCameTo] = useState('')
  const [contract, setContract] = useState(() => draftOfContract())
  const [ownWay, setOwnWay] = useState(false)
  const { data: platforms } = useQuery(platformsQuery)
  const byContract = platform === 'spocket' || (ownWay && BY_CONTRACT.includes(platform))
  const choose = (next: Connectable) => {
    setPlatform(next)
    setKey('')
    setBegun(undefined)
    setCameTo('')
    setOwn({})
    connect.reset()
    const named = platforms?.find(of => of.platform === next)?.contract_base_url
    if (named) setContract(draft => ({ ...draft, baseUrl: draft.baseUrl || named }))
  }
  const send = (sandbox: boolean) => {
    const watch = read(draft, platform)
    const found: Record<string, string> = 'faults' in watch ? { ...watch.faults } : {}
    if (words.label && !sandbox && !key.trim()) found.api_key = 'This is needed.'
    if (byContract && !sandbox && !contract.baseUrl.trim()) found['rest.base_url'] = 'This is needed.'
    if (!words.label && !byContract && !cameTo.trim())
      found.came_to = begun ? 'This is needed.' : 'Log in first.'
    setOwn(found)
    setTested({})
    if ('faults' in watch || Object.keys(found).length > 0) return
    if (byContract) {
      connect.mutate({
        platform,
        store_id: storeId,
        sandbox,
        watch,
        rest: contractOf(contract),
        ...(key.trim() && { api_key: key.trim() }),
      })
      return
    }
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
        {platform === 'autods' && (
          <Field label="By">
            {props => (
              <select
                {...props}
                value={byContract ? 'contract' : 'login'}
                onChange={event => {
                  setOwnWay(event.target.value === 'contract')
                  setOwn({})
                }}
                className="field"
              >
                <option value="login">Its own interface</option>
                <option value="contract">REST contract of your own (unverified)</option>
              </select>
            )}
          </Field>
        )}
        {byContract && (
          <Contract
            name={words.name}
            draft={contract}
            faults={faults}
            onChange={setContract}
            keyField={
              <KeyField label="Key" help={KEY_HELP} fault={faults.api_key} value={key} onChange={setKey} />
            }
            test={() => ({
              platform,
              rest: contractOf(contract),
              ...(key.trim() && { api_key: key.trim() }),
            })}
            onFaults={found => {
              setOwn({})
              setTested(found)
            }}
          />
        )}
        {words.label && (
          <KeyField
            label={words.label}
            help={words.help}
            fault={faults.api_key}
            value={key}
            onChange={setKey}
          />
        )}
        {!words.label && !byContract && (
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
        {faults.came_to && !begun && !byContract && (
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
          {(words.label || byContract) && (
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
