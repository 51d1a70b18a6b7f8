import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { explain, fieldErrors } from '@/shared/api/problem'
import type { OpenSession } from '@/shared/api/types'
import { ageText, momentText } from '@/shared/format/time'
import { SettingsSection } from '@/shared/settings/SettingsSection'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Failure, Loading, Note } from '@/shared/ui/States'
import { browserText } from './browser'
import { openSessionsQuery, useChangePassword, useRevokeOthers, useRevokeSession } from './queries'

export function SessionsSection() {
  const { data, error, refetch } = useQuery(openSessionsQuery)
  const revokeOthers = useRevokeOthers()
  const sessions = data?.sessions ?? []
  return (
    <SettingsSection
      title="Sessions and password"
      lead="Where you are signed in. A session ends by itself after 7 days without use, and after 30 days in any case."
      actions={
        sessions.length > 1 && (
          <Button busy={revokeOthers.isPending} onClick={() => revokeOthers.mutate(undefined)}>
            Sign out everywhere else
          </Button>
        )
      }
    >
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Loading the sessions" rows={3} />}
      {revokeOthers.error && <Note tone="bad">{explain(revokeOthers.error)}</Note>}
      {sessions.length > 0 && (
        <ul aria-label="Sessions" className="sheet divide-y divide-rule">
          {sessions.map(session => (
            <SessionRow key={session.id} session={session} />
          ))}
        </ul>
      )}
      <PasswordForm />
    </SettingsSection>
  )
}

function SessionRow({ session }: { session: OpenSession }) {
  const revoke = useRevokeSession()
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 py-3 sm:px-5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2 font-semibold">
          <span title={session.agent ?? undefined}>{browserText(session.agent)}</span>
          {session.is_current && <Badge tone="good">This one</Badge>}
        </p>
        <p className="mt-0.5 text-sm text-soft">
          {session.address ?? 'unknown address'} · used {ageText(session.last_seen_at)} · signed in{' '}
          {momentText(session.created_at)}
        </p>
        {revoke.error && (
          <p role="alert" className="text-sm text-bad">
            {explain(revoke.error)}
          </p>
        )}
      </div>
      {!session.is_current && (
        <Button busy={revoke.isPending} onClick={() => revoke.mutate(session.id)}>
          Sign out
        </Button>
      )}
    </li>
  )
}

function PasswordForm() {
  const change = useChangePassword()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const errors = fieldErrors(change.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(
      { current, new: next },
      {
        onSuccess: () => {
          setCurrent('')
          setNext('')
        },
      },
    )
  }
  return (
    <form
      onSubmit={submit}
      aria-label="Change the password"
      className="sheet flex max-w-xl flex-col gap-4 p-4 sm:p-5"
    >
      <h3 className="text-base font-semibold">Change the password</h3>
      <Field label="Current password" error={errors.current}>
        {props => (
          <input
            {...props}
            type="password"
            autoComplete="current-password"
            required
            value={current}
            onChange={event => setCurrent(event.target.value)}
            className="field"
          />
        )}
      </Field>
      <Field
        label="New password"
        help="8 to 128 characters, and not one that everybody knows. All other sessions end."
        error={errors.password}
      >
        {props => (
          <input
            {...props}
            type="password"
            autoComplete="new-password"
            required
            minLength={8}
            maxLength={128}
            value={next}
            onChange={event => setNext(event.target.value)}
            className="field"
          />
        )}
      </Field>
      {change.error && !errors.current && !errors.password && (
        <div role="alert">
          <Note tone="bad">{explain(change.error)}</Note>
        </div>
      )}
      <div className="flex items-center justify-end gap-3">
        <p role="status" className="text-sm text-good">
          {change.isSuccess && 'The password is changed.'}
        </p>
        <Button type="submit" kind="primary" busy={change.isPending} disabled={!current || next.length < 8}>
          Change
        </Button>
      </div>
    </form>
  )
}
