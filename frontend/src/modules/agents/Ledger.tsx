/** What an agent changed, what it said that it would bring, what it brought; and the way to take all of it back. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { AgentDetail, ChangeSet, Store } from '@/shared/api/types'
import { STATUSES } from '@/shared/changes/statuses'
import { money } from '@/shared/format/money'
import { isoDay } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Only } from '@/shared/session/may'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Section } from '@/shared/ui/Page'
import { Failure, Loading } from '@/shared/ui/States'

const SHOWN = 10

interface LedgerProps {
  agent: AgentDetail
  store: Store
}

export function Ledger({ agent, store }: LedgerProps) {
  const { data, error, refetch } = useQuery({
    queryKey: [...keys.changeSets, 'ledger', store.id, agent.id],
    queryFn: () =>
      body(
        api.GET('/v1/change-sets', {
          params: { query: { agent: agent.id, store_id: store.id, limit: SHOWN } },
        }),
      ),
  })
  return (
    <Section
      title="Predicted and measured"
      note="The latest change-sets, each over the longest time that could be measured"
      flush
    >
      {error && !data ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Loading label="Loading what came of its changes" />
      ) : data.change_sets.length === 0 ? (
        <p className="px-4 pb-4 text-sm text-soft sm:px-5 sm:pb-5">It has proposed nothing yet.</p>
      ) : (
        <Rows sets={data.change_sets} currency={store.currency} />
      )}
      {data?.change_sets.some(set => set.may_undo) && (
        <Only may="changes:write">
          <TakeBack agent={agent} store={store} />
        </Only>
      )}
    </Section>
  )
}

function Rows({ sets, currency }: { sets: ChangeSet[]; currency: string }) {
  return (
    <table aria-label="Predicted and measured" className="w-full text-sm">
      <thead className="border-y border-rule bg-sunk/60 text-xs text-soft">
        <tr>
          <th scope="col" className="px-4 py-1.5 text-left font-medium sm:px-5">
            Change-set
          </th>
          <th scope="col" className="px-2 py-1.5 text-right font-medium">
            Predicted
          </th>
          <th scope="col" className="px-4 py-1.5 text-right font-medium sm:px-5">
            Measured
          </th>
        </tr>
      </thead>
      <tbody>
        {sets.map(set => (
          <Row key={set.id} set={set} currency={currency} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ set, currency }: { set: ChangeSet; currency: string }) {
  const measured = set.outcomes.findLast(one => one.effect)
  const predicted = measured?.predicted ?? set.effect
  return (
    <tr className="border-b border-rule align-top last:border-0">
      <th scope="row" className="px-4 py-2 text-left font-normal sm:px-5">
        <Link
          to={paths.changeSet}
          params={{ id: set.id }}
          search={keepRange}
          className="inline-flex min-h-6 items-center font-semibold decoration-dotted underline-offset-4 hover:underline"
        >
          {set.title}
        </Link>
        <span className="block">
          <Badge tone={STATUSES[set.status].tone}>{STATUSES[set.status].label}</Badge>
        </span>
      </th>
      <td className="px-2 py-2 text-right">
        {predicted ? <Money effect={predicted} currency={currency} /> : <span className="text-soft">—</span>}
      </td>
      <td className="px-4 py-2 text-right sm:px-5">
        {measured?.effect ? (
          <Money effect={measured.effect} currency={currency} />
        ) : (
          <span className="text-soft">{set.outcomes.length > 0 ? 'cannot be told' : 'not yet'}</span>
        )}
      </td>
    </tr>
  )
}

function Money({ effect, currency }: { effect: NonNullable<ChangeSet['effect']>; currency: string }) {
  return (
    <>
      <span className="numeral block font-semibold">{money(effect.mean, currency, 'signed')}</span>
      <span className="block text-xs text-faint">
        in {effect.days} {plural(effect.days, 'day')}
      </span>
    </>
  )
}

function TakeBack({ agent, store }: LedgerProps) {
  const client = useQueryClient()
  const [since, setSince] = useState('')
  const [tried, setTried] = useState(false)
  const rewind = useMutation({
    mutationFn: () =>
      body(
        api.POST('/v1/agents/{id}/rewind', {
          params: { path: { id: agent.id }, query: { store: store.id } },
          body: { since: new Date(`${since}T00:00:00`).toISOString(), reason: null },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: keys.changeSets }),
  })
  const send = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (since) rewind.mutate()
  }
  const made = rewind.data?.change_sets.length
  return (
    <form
      onSubmit={send}
      noValidate
      className="flex flex-wrap items-end gap-3 border-t border-rule px-4 py-4 sm:px-5"
    >
      <Field
        label="Take back all since"
        help="Proposed as undos; each waits for approval."
        error={tried && !since ? 'Choose a day.' : undefined}
      >
        {field => (
          <input
            {...field}
            type="date"
            max={isoDay(new Date())}
            value={since}
            onChange={event => setSince(event.target.value)}
            className="field"
          />
        )}
      </Field>
      <Button type="submit" busy={rewind.isPending}>
        Propose the undos
      </Button>
      <p role="status" className="w-full text-sm text-soft empty:hidden">
        {rewind.error && <span className="text-bad">{rewind.error.message}</span>}
        {made === 0 && 'Nothing since then is in effect any more.'}
        {Boolean(made) && `${made} ${plural(made ?? 0, 'undo waits', 'undos wait')} in the inbox.`}
      </p>
    </form>
  )
}
