/** Pulls the emergency stop, and lifts it: each with a reason that is kept. */
import { AlertDialog } from '@base-ui/react/alert-dialog'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useAgents } from '@/shared/agents/use-agents'
import { api, body } from '@/shared/api/client'
import { connectionsQuery, keys, stopsQuery } from '@/shared/api/queries'
import type { Stop, StopScope } from '@/shared/api/types'
import { momentText } from '@/shared/format/time'
import { words } from '@/shared/format/words'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { useOverlay } from '@/shared/ui/overlay'

const keyOf = (scope: StopScope) => `${scope.kind}/${scope.id ?? ''}`

export default function StopSheet({ lifting }: { lifting: boolean }) {
  const show = useOverlay(state => state.show)
  return (
    <AlertDialog.Root open onOpenChange={open => !open && show(null)}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-[rgb(10_14_16/0.45)]" />
        <AlertDialog.Popup className="popup fixed inset-x-2 top-[8dvh] z-50 mx-auto max-h-[84dvh] max-w-md overflow-y-auto p-5">
          {lifting ? <Lift close={() => show(null)} /> : <Pull close={() => show(null)} />}
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}

function useStopping(path: '/v1/stops' | '/v1/stops/lift', close: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: { scope: StopScope; reason: string }) =>
      path === '/v1/stops'
        ? body(api.POST('/v1/stops', { body: input }))
        : body(api.POST('/v1/stops/lift', { body: input })),
    onSuccess: answer => {
      client.setQueryData(keys.stops, answer.stops)
      void client.invalidateQueries({ queryKey: keys.changeSets })
      void client.invalidateQueries({ queryKey: keys.agents })
      close()
    },
  })
}

function Pull({ close }: { close: () => void }) {
  const { data: connections } = useQuery(connectionsQuery)
  const agents = useAgents()
  const known = useOverlay(state => state.scope)
  const [chosen, setChosen] = useState(() => keyOf(known ?? { kind: 'all' }))
  const stop = useStopping('/v1/stops', close)
  const choices: { scope: StopScope; label: string }[] = [
    { scope: { kind: 'all' }, label: 'Everything' },
    ...agents.map(one => ({
      scope: { kind: 'agent' as const, id: one.id },
      label: `Only the agent ${one.name}`,
    })),
    ...(connections ?? []).map(one => ({
      scope: { kind: 'connection' as const, id: one.id },
      label: `Only ${one.name}`,
    })),
  ]
  // What was asked for stands there also before the agents are known.
  if (known && !choices.some(one => keyOf(one.scope) === keyOf(known)))
    choices.push({ scope: known, label: `Only ${known.kind} ${known.id}` })
  const scope = choices.find(one => keyOf(one.scope) === chosen)?.scope ?? { kind: 'all' }
  return (
    <>
      <AlertDialog.Title className="text-lg font-semibold text-bad">Emergency stop</AlertDialog.Title>
      <AlertDialog.Description className="mt-2 text-sm text-soft">
        {scope.kind === 'agent'
          ? 'From this moment it starts no run and none of its changes is written: what is approved does not begin, what is being applied stops before its next write.'
          : 'From this moment nothing more is written to your shops: what is approved does not begin, what is being applied stops before its next write.'}{' '}
        Reading and reports go on. It stays on over restarts, until an admin lifts it.
      </AlertDialog.Description>
      <Reason action="Stop now" kind="danger" mutation={stop} close={close} scope={scope}>
        <Field label="What is stopped">
          {field => (
            <select
              {...field}
              value={chosen}
              onChange={event => setChosen(event.target.value)}
              className="field"
            >
              {choices.map(one => (
                <option key={keyOf(one.scope)} value={keyOf(one.scope)}>
                  {one.label}
                </option>
              ))}
            </select>
          )}
        </Field>
      </Reason>
    </>
  )
}

function nameOf({ scope }: Stop): string {
  if (scope.kind === 'all') return 'Everything'
  return scope.kind === 'agent' ? `The agent ${words(scope.id)}` : `${scope.kind} ${scope.id}`
}

function Lift({ close }: { close: () => void }) {
  const { data: stops = [] } = useQuery(stopsQuery)
  const [at, setAt] = useState(0)
  const lift = useStopping('/v1/stops/lift', close)
  const stop = stops[at] ?? stops[0]
  return (
    <>
      <AlertDialog.Title className="text-lg font-semibold">Lift the stop</AlertDialog.Title>
      <AlertDialog.Description className="mt-2 text-sm text-soft">
        {stop
          ? `${nameOf(stop)}, pulled by ${stop.by}, ${momentText(stop.at)}: “${stop.reason}”. Approved change-sets may be written again.`
          : 'No stop is on.'}
      </AlertDialog.Description>
      {stop ? (
        <Reason action="Lift it" kind="primary" mutation={lift} close={close} scope={stop.scope}>
          {stops.length > 1 && (
            <Field label="Which">
              {field => (
                <select
                  {...field}
                  value={at}
                  onChange={event => setAt(Number(event.target.value))}
                  className="field"
                >
                  {stops.map((one, index) => (
                    <option key={nameOf(one)} value={index}>
                      {nameOf(one)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          )}
        </Reason>
      ) : (
        <div className="mt-5 flex justify-end">
          <Button onClick={close}>Close</Button>
        </div>
      )}
    </>
  )
}

interface ReasonProps {
  action: string
  kind: 'danger' | 'primary'
  scope: StopScope
  mutation: ReturnType<typeof useStopping>
  close: () => void
  children: React.ReactNode
}

function Reason({ action, kind, scope, mutation, close, children }: ReasonProps) {
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const send = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (reason.trim()) mutation.mutate({ scope, reason: reason.trim() })
  }
  return (
    <form onSubmit={send} noValidate className="mt-4 flex flex-col gap-4">
      {children}
      <Field label="Why" error={tried && !reason.trim() ? 'Say why: others will read it.' : undefined}>
        {field => (
          <input
            {...field}
            required
            maxLength={500}
            value={reason}
            onChange={event => setReason(event.target.value)}
            className="field"
          />
        )}
      </Field>
      {mutation.error && (
        <p role="alert" className="text-sm text-bad">
          {mutation.error.message}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={close}>Leave it</Button>
        <Button kind={kind} type="submit" busy={mutation.isPending}>
          {action}
        </Button>
      </div>
    </form>
  )
}
