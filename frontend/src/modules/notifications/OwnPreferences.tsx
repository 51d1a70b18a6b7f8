/** What one is told by mail. */
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { explain, fieldErrors } from '@/shared/api/problem'
import type { NotificationPreferences, OwnNotificationPreferences } from '@/shared/api/types'
import { useMay } from '@/shared/session/may'
import { Button } from '@/shared/ui/Button'
import { Section } from '@/shared/ui/Page'
import { Failure, Loading, Note } from '@/shared/ui/States'
import { PreferenceFields } from './PreferenceFields'
import { ownPreferencesQuery, useSavePreferences } from './queries'

export function OwnPreferences() {
  const { data, error, refetch } = useQuery(ownPreferencesQuery)
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading label="Loading what you are told" rows={4} />
  return <Form own={data} />
}

function Form({ own }: { own: OwnNotificationPreferences }) {
  const save = useSavePreferences()
  const may = useMay('notifications:write')
  const [value, setValue] = useState<NotificationPreferences>(own.preferences)
  const errors = fieldErrors(save.error)
  const unplaced = save.error && !Object.keys(errors).some(field => field.startsWith('preferences.'))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(value)
  }
  return (
    <Section title="You, by mail" note={own.has_mail ? `To ${own.address}` : 'No mail server is set up'}>
      <form onSubmit={submit} aria-label="What you are told by mail" className="flex max-w-xl flex-col gap-4">
        {!own.has_mail && (
          <Note tone="warn">
            Letters cannot be sent: whoever runs this server sets <code className="font-mono">SMTP_HOST</code>
            . What you choose here holds as soon as they can.
          </Note>
        )}
        <PreferenceFields value={value} onChange={setValue} defaultZone={own.default_zone} errors={errors} />
        {unplaced && (
          <div role="alert">
            <Note tone="bad">{explain(save.error)}</Note>
          </div>
        )}
        <div className="flex items-center gap-3">
          <Button type="submit" kind="primary" busy={save.isPending} disabled={!may}>
            Save
          </Button>
          <p role="status" className="text-sm text-good">
            {save.isSuccess && 'Saved.'}
          </p>
        </div>
      </form>
    </Section>
  )
}
