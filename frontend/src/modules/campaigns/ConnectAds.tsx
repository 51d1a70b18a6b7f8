/** Connects an ad account. Nothing is kept of one that does not answer. */
import { type FormEvent, useState } from 'react'
import { explain, fieldErrors } from '@/shared/api/problem'
import type { AdPlatform, NewAdAccount } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Popup } from '@/shared/ui/Popup'
import { useConnectAds } from './queries'
import { PLATFORMS } from './words'

type Name = 'number' | 'access_token' | 'client_id' | 'client_secret' | 'refresh_token' | 'manager_number'

const FIELDS: Record<
  AdPlatform,
  { name: Name; label: string; help: string; secret?: boolean; optional?: boolean }[]
> = {
  meta: [
    { name: 'number', label: 'Ad account', help: 'Its number, e.g. act_1234567890.' },
    {
      name: 'access_token',
      label: 'Token of a system user',
      help: 'With ads_read; with ads_management too if campaigns are to be changed from here.',
      secret: true,
    },
  ],
  google_ads: [
    { name: 'number', label: 'Account', help: 'Its number, e.g. 123-456-7890.' },
    { name: 'client_id', label: 'OAuth client', help: 'The id of the client in your Google Cloud project.' },
    { name: 'client_secret', label: 'Secret of the client', help: 'Kept sealed, never shown.', secret: true },
    { name: 'refresh_token', label: 'Refresh token', help: 'Granted for the scope adwords.', secret: true },
    {
      name: 'manager_number',
      label: 'Manager account',
      help: 'Only where the account is reached through one.',
      optional: true,
    },
  ],
}

export default function ConnectAds({ storeId, onClose }: { storeId: string; onClose: () => void }) {
  const [platform, setPlatform] = useState<AdPlatform>('meta')
  const [values, setValues] = useState<Partial<Record<Name, string>>>({})
  const [tried, setTried] = useState(false)
  const connect = useConnectAds(onClose)
  const errors = fieldErrors(connect.error)
  const fields = FIELDS[platform]
  const lacks = (name: Name) => !values[name]?.trim()
  const send = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (fields.some(field => !field.optional && lacks(field.name))) return
    const given = fields
      .filter(field => !lacks(field.name))
      .map(field => [field.name, values[field.name]?.trim()])
    connect.mutate({
      platform,
      store_id: storeId,
      sandbox: false,
      ...Object.fromEntries(given),
    } as NewAdAccount)
  }
  const placed = Object.keys(errors).some(name => fields.some(field => field.name === name))
  return (
    <Popup
      title="Connect an ad account"
      about="The platform is asked first. Reading it changes nothing there."
      onClose={onClose}
    >
      <form onSubmit={send} noValidate className="flex flex-col gap-4">
        <fieldset className="flex flex-wrap gap-4">
          <legend className="mb-1.5 text-sm font-semibold">Platform</legend>
          {(Object.keys(PLATFORMS) as AdPlatform[]).map(of => (
            <label key={of} className="flex min-h-8 items-center gap-2">
              <input
                type="radio"
                name="platform"
                checked={platform === of}
                onChange={() => setPlatform(of)}
              />
              {PLATFORMS[of]}
            </label>
          ))}
        </fieldset>
        {fields.map(({ name, label, help, secret, optional }) => (
          <Field
            key={name}
            label={label}
            help={help}
            error={tried && !optional && lacks(name) ? 'This is needed.' : errors[name]}
          >
            {field => (
              <input
                {...field}
                type={secret ? 'password' : 'text'}
                autoComplete="off"
                spellCheck={false}
                value={values[name] ?? ''}
                onChange={event => setValues({ ...values, [name]: event.target.value })}
                className="field"
              />
            )}
          </Field>
        ))}
        {connect.error && !placed && (
          <p role="alert" className="text-sm text-bad">
            {explain(connect.error)}
          </p>
        )}
        <div className="flex flex-wrap justify-end gap-2">
          <Button
            kind="quiet"
            disabled={connect.isPending}
            onClick={() => connect.mutate({ platform, sandbox: true, store_id: storeId })}
          >
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
