/** A channel is made or changed. Its secret, where it has one, is shown once. */
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { explain, fieldErrors } from '@/shared/api/problem'
import type { NotificationChannel, NotificationPreferences } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Popup } from '@/shared/ui/Popup'
import { ShownOnce } from '@/shared/ui/ShownOnce'
import { Note } from '@/shared/ui/States'
import { PreferenceFields } from './PreferenceFields'
import { ownPreferencesQuery, useCreateChannel, useRenewSecret, useSetChannel } from './queries'
import { TO_CHANNEL } from './words'

type Kind = NotificationChannel['kind']

interface ChannelPopupProps {
  /** The one that is changed; a new one without. */
  channel?: NotificationChannel
  onClose: () => void
}

const KINDS: { kind: Kind; label: string; address: string }[] = [
  { kind: 'slack', label: 'Slack, Mattermost or the like', address: 'https://hooks.slack.com/services/…' },
  { kind: 'webhook', label: 'Signed webhook', address: 'https://example.com/royal' },
]

interface Draft {
  kind: Kind
  name: string
  url: string
  is_enabled: boolean
  preferences: NotificationPreferences
}

function draftOf(channel: NotificationChannel | undefined): Draft {
  if (!channel) return { kind: 'slack', name: '', url: '', is_enabled: true, preferences: TO_CHANNEL }
  const { kind, name, is_enabled, preferences } = channel
  return { kind, name, url: '', is_enabled, preferences }
}

export default function ChannelPopup({ channel, onClose }: ChannelPopupProps) {
  const create = useCreateChannel()
  const set = useSetChannel(channel?.id ?? '')
  const renew = useRenewSecret(channel?.id ?? '')
  const [draft, setDraft] = useState(() => draftOf(channel))
  const secret = create.data?.secret ?? renew.data?.secret
  if (secret) return <Secret name={draft.name} value={secret} onClose={onClose} />
  const save = channel ? set : create
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const url = draft.url.trim() || null
    if (channel) {
      const { name, is_enabled, preferences } = draft
      set.mutate({ name, url, is_enabled, preferences }, { onSuccess: onClose })
    } else {
      // A signed one stays open, to show its secret.
      create.mutate({ ...draft, url }, { onSuccess: made => made.secret || onClose() })
    }
  }
  return (
    <Popup title={channel ? `Change ${channel.name}` : 'Add a channel'} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Fields draft={draft} onChange={setDraft} isNew={!channel} error={save.error} />
        {channel?.kind === 'webhook' && (
          <div className="flex flex-wrap items-center gap-3">
            <Button busy={renew.isPending} onClick={() => renew.mutate(undefined)}>
              Make a new secret
            </Button>
            <p className="text-xs text-soft">The old one stops signing at once.</p>
          </div>
        )}
        {(save.error ?? renew.error) && !hasPlace(save.error) && (
          <div role="alert">
            <Note tone="bad">{explain(save.error ?? renew.error)}</Note>
          </div>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" busy={save.isPending}>
            {channel ? 'Save' : 'Add it'}
          </Button>
        </div>
      </form>
    </Popup>
  )
}

/** Whether the refusal stands beside a field. */
function hasPlace(error: unknown): boolean {
  const fields = Object.keys(fieldErrors(error))
  return fields.some(field => field === 'name' || field === 'url' || field.startsWith('preferences.'))
}

interface FieldsProps {
  draft: Draft
  onChange: (next: Draft) => void
  isNew: boolean
  error: unknown
}

function Fields({ draft, onChange, isNew, error }: FieldsProps) {
  const own = useQuery(ownPreferencesQuery)
  const errors = fieldErrors(error)
  const kind = KINDS.find(one => one.kind === draft.kind)
  return (
    <>
      {isNew && (
        <Field label="Kind">
          {field => (
            <select
              {...field}
              className="field"
              value={draft.kind}
              onChange={event =>
                onChange({ ...draft, kind: event.target.value as Kind, preferences: TO_CHANNEL })
              }
            >
              {KINDS.map(one => (
                <option key={one.kind} value={one.kind}>
                  {one.label}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <Field label="Name" error={errors.name}>
        {field => (
          <input
            {...field}
            className="field"
            required
            maxLength={60}
            value={draft.name}
            onChange={event => onChange({ ...draft, name: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="Address"
        help={
          isNew
            ? draft.kind === 'slack'
              ? 'It is a secret: it is not shown again.'
              : undefined
            : 'Empty: it stays as it is.'
        }
        error={errors.url}
      >
        {field => (
          <input
            {...field}
            type="url"
            className="field"
            required={isNew}
            autoComplete="off"
            placeholder={kind?.address}
            value={draft.url}
            onChange={event => onChange({ ...draft, url: event.target.value })}
          />
        )}
      </Field>
      <label className="flex items-center gap-2.5 text-sm font-semibold">
        <input
          type="checkbox"
          checked={draft.is_enabled}
          onChange={event => onChange({ ...draft, is_enabled: event.target.checked })}
          className="size-5 shrink-0 accent-(--action)"
        />
        Switched on
      </label>
      <PreferenceFields
        value={draft.preferences}
        onChange={preferences => onChange({ ...draft, preferences })}
        defaultZone={own.data?.default_zone ?? 'UTC'}
        errors={errors}
        atOnce={draft.kind === 'webhook'}
      />
    </>
  )
}

function Secret({ name, value, onClose }: { name: string; value: string; onClose: () => void }) {
  return (
    <Popup
      title={`The secret of ${name}`}
      about="It signs every message. Copy it now to whoever checks the signatures: it is not shown again."
      onClose={onClose}
    >
      <div className="flex flex-col gap-4">
        <ShownOnce label="Secret" value={value} />
        <div className="flex justify-end">
          <Button kind="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </div>
    </Popup>
  )
}
