/** A `repository_dispatch` by hand: sent once, and told when nobody knows whether it arrived. */
import { type FormEvent, useState } from 'react'
import { ApiError, explain, sentence } from '@/shared/api/problem'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Section } from '@/shared/ui/Page'
import { useDispatch } from './queries'

/** What stands in the field as an object; `undefined`: it is none. */
function payloadOf(text: string): Record<string, unknown> | undefined {
  if (!text.trim()) return {}
  try {
    const read: unknown = JSON.parse(text)
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) {
      return read as Record<string, unknown>
    }
  } catch {}
  return undefined
}

export function DispatchForm({ place }: { place: string }) {
  const dispatch = useDispatch()
  const [wrong, setWrong] = useState<string>()
  const [done, setDone] = useState<string>()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const name = String(form.get('event_type')).trim()
    const payload = payloadOf(String(form.get('client_payload')))
    setDone(undefined)
    dispatch.reset()
    if (!payload) {
      setWrong('A payload is an object in JSON, e.g. {"theme": "winter"}.')
      return
    }
    if (Object.keys(payload).length > 10) {
      setWrong('A payload has at most 10 properties at its top.')
      return
    }
    setWrong(undefined)
    dispatch.mutate(
      { event_type: name, client_payload: payload },
      { onSuccess: () => setDone(`GitHub took ${name}.`) },
    )
  }
  const refused = dispatch.error instanceof ApiError ? dispatch.error.problem.errors?.[0]?.message : undefined
  return (
    <Section
      title="Signal to workflows"
      note={`A repository_dispatch to ${place}: workflows that listen for this name run.`}
    >
      <form onSubmit={submit} className="grid items-end gap-3 sm:grid-cols-[1fr_2fr_auto]">
        <Field label="Event">
          {props => (
            <input
              {...props}
              name="event_type"
              required
              maxLength={100}
              placeholder="deploy_theme"
              autoComplete="off"
              className="field"
            />
          )}
        </Field>
        <Field label="Payload (JSON, optional)">
          {props => (
            <input
              {...props}
              name="client_payload"
              placeholder='{"theme": "winter"}'
              autoComplete="off"
              className="field font-mono"
            />
          )}
        </Field>
        <Button type="submit" busy={dispatch.isPending} className="min-h-10">
          Send
        </Button>
      </form>
      <p role="status" className="mt-2 text-sm">
        {done && <span className="text-good">{done}</span>}
        {wrong && <span className="text-bad">{wrong}</span>}
        {dispatch.error && (
          <span className="text-bad">{refused ? sentence(refused) : explain(dispatch.error)}</span>
        )}
      </p>
    </Section>
  )
}
