/** What is to be done where nobody knows what a write came to: the shop is looked at again, and a person says what looking does not tell. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, body } from '@/shared/api/client'
import { fieldErrors } from '@/shared/api/problem'
import { keys } from '@/shared/api/queries'
import type { ChangeOperation, ChangeSet } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Section } from '@/shared/ui/Page'
import { valueText } from './words'

type Said = 'in' | 'out' | ''

export function Settle({ set }: { set: ChangeSet }) {
  const [said, setSaid] = useState<Record<number, Said>>({})
  const [note, setNote] = useState('')
  const [tried, setTried] = useState(false)
  const settle = useSettle(set.id)
  const unknown = set.operations.filter(one => one.state === 'unknown')
  const outcomes = unknown.flatMap(({ no }) => (said[no] ? [{ no, in_effect: said[no] === 'in' }] : []))
  const send = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (outcomes.length === 0 || !note.trim()) return
    settle.mutate({ outcomes, note: note.trim() })
  }
  return (
    <Section
      title="Find out what became of it"
      note="Nothing is written by this. What the shop shows counts; your word counts for the rest."
    >
      <Button
        kind="primary"
        busy={settle.isPending}
        onClick={() => settle.mutate({ outcomes: [], note: null })}
      >
        Look again
      </Button>
      <form onSubmit={send} noValidate className="mt-5 flex max-w-prose flex-col gap-4">
        {unknown.map(one => (
          <Outcome
            key={one.no}
            operation={one}
            value={said[one.no] ?? ''}
            onSay={value => setSaid(old => ({ ...old, [one.no]: value }))}
          />
        ))}
        <Field
          label="How you know"
          error={tried && !note.trim() ? 'Say how you know.' : fieldErrors(settle.error).note}
        >
          {field => (
            <input
              {...field}
              maxLength={500}
              value={note}
              onChange={event => setNote(event.target.value)}
              className="field"
            />
          )}
        </Field>
        {tried && outcomes.length === 0 && (
          <p role="alert" className="text-sm text-bad">
            Say of at least one change whether it is in effect.
          </p>
        )}
        {settle.error && (
          <p role="alert" className="text-sm text-bad">
            {settle.error.message}
          </p>
        )}
        <div>
          <Button type="submit" busy={settle.isPending}>
            Record it
          </Button>
        </div>
      </form>
    </Section>
  )
}

interface OutcomeProps {
  operation: ChangeOperation
  value: Said
  onSay: (value: Said) => void
}

function Outcome({ operation, value, onSay }: OutcomeProps) {
  const choices = [
    { key: 'in' as const, label: `In effect: ${valueText(operation.after)}` },
    { key: 'out' as const, label: `Not in effect` },
  ]
  return (
    <fieldset className="flex flex-wrap items-center gap-x-5 gap-y-2 text-sm">
      <legend className="mb-1 font-semibold">{operation.label}</legend>
      {choices.map(choice => (
        <label key={choice.key} className="inline-flex min-h-6 items-center gap-2">
          <input
            type="radio"
            name={`outcome-${operation.no}`}
            checked={value === choice.key}
            onChange={() => onSay(choice.key)}
            className="size-5 accent-(--action)"
          />
          {choice.label}
        </label>
      ))}
    </fieldset>
  )
}

function useSettle(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: { outcomes: { no: number; in_effect: boolean }[]; note: string | null }) =>
      body(api.POST('/v1/change-sets/{id}/settle', { params: { path: { id } }, body: input })),
    onSuccess: set => client.setQueryData(keys.changeSet(set.id), set),
    onSettled: () => client.invalidateQueries({ queryKey: keys.changeSets }),
  })
}
