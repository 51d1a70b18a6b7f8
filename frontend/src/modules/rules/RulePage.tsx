/** One rule: written in plain sentences, with what it would do now beside it. */
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { ApiError, fieldErrors } from '@/shared/api/problem'
import type { KeptRule, RuleList, Store } from '@/shared/api/types'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { useStore } from '@/shared/range/use-range'
import { useMay } from '@/shared/session/may'
import { Button, buttonClass } from '@/shared/ui/Button'
import { Page } from '@/shared/ui/Page'
import { Empty, Failure, Loading, Note } from '@/shared/ui/States'
import { showFault } from '@/shared/ui/show-fault'
import { type Draft, documentOf, draftOf, emptyDraft, type Faults, faultsOf } from './draft'
import { Preview } from './Preview'
import { rulesQuery, useChangeRule, useCreateRule, useRemoveRule } from './queries'
import { RuleFields } from './RuleFields'
import { Versions } from './Versions'

export function RulePage() {
  const { id = '' } = useParams({ strict: false })
  const store = useStore()
  if (!store) return <Loading label="Loading the rule" />
  return <RuleOf key={`${store.id}/${id}`} id={id} store={store} />
}

function RuleOf({ id, store }: { id: string; store: Store }) {
  const { data: list, error, refetch } = useQuery(rulesQuery(store.id))
  const kept = list?.rules.find(rule => rule.id === id)
  if (error && !list) {
    return (
      <Page title="Rule">
        <Failure error={error} onRetry={() => void refetch()} />
      </Page>
    )
  }
  if (!list) return <Loading label="Loading the rule" rows={10} />
  if (!kept && id !== 'new') {
    return (
      <Page title="Rule">
        <div className="sheet">
          <Empty title="There is no such rule">It was taken away, or it is of another store.</Empty>
        </div>
      </Page>
    )
  }
  return <Editor key={kept?.version ?? 0} kept={kept ?? null} list={list} store={store} />
}

interface EditorProps {
  kept: KeptRule | null
  list: RuleList
  store: Store
}

function Editor({ kept, list, store }: EditorProps) {
  const may = useMay('agents:write')
  const navigate = useNavigate()
  const [draft, setDraft] = useState(() =>
    kept ? draftOf(kept.rule, kept.autonomy, list) : emptyDraft(list),
  )
  const [own, setOwn] = useState<Faults>({})
  const create = useCreateRule(store.id)
  const change = useChangeRule(store.id)
  const failed = create.error ?? change.error
  const faults: Faults = { ...fieldErrors(failed), ...own }
  const placed = Object.values(faults).some(Boolean)
  const edit = (next: Partial<Draft>) => setDraft(old => ({ ...old, ...next }))
  const isWhole = Object.keys(faultsOf(draft, list)).length === 0
  const toList = () => navigate({ to: paths.rules, search: keepRange })

  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const found = faultsOf(draft, list)
    setOwn(found)
    create.reset()
    change.reset()
    if (Object.keys(found).length > 0) return showFault(form)
    const rule = documentOf(draft, list)
    const told = { onSuccess: toList, onError: () => showFault(form) }
    const autonomy = draft.autonomy !== kept?.autonomy ? { autonomy: draft.autonomy } : {}
    if (kept) change.mutate({ id: kept.id, change: { version: kept.version, rule, ...autonomy } }, told)
    else create.mutate({ rule, autonomy: draft.autonomy }, told)
  }
  return (
    <Page
      title={kept ? kept.rule.name : 'New rule'}
      lead={
        kept
          ? 'A change is a new version; runs name the one that they used.'
          : 'It looks, and proposes what you say.'
      }
      actions={kept && <AgentLink kept={kept} />}
    >
      {kept?.warning && (
        <div className="mb-4">
          <Note tone="warn">Nothing of it can be sent: {kept.warning}.</Note>
        </div>
      )}
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <form onSubmit={send} noValidate className="min-w-0">
          <fieldset disabled={!may} className="flex min-w-0 flex-col gap-5">
            <legend className="sr-only">The rule</legend>
            <RuleFields
              draft={draft}
              facts={list}
              faults={faults}
              acts={kept?.autonomy === 'act'}
              onChange={edit}
              onReplace={setDraft}
            />
            {may && (
              <section aria-label="Save" className="sheet flex flex-wrap items-center gap-2 p-4 sm:p-5">
                <Button type="submit" kind="primary" busy={create.isPending || change.isPending}>
                  Save the rule
                </Button>
                {kept && <Remove kept={kept} store={store} onRemoved={toList} />}
                {failed && !placed && (
                  <p role="alert" className="basis-full text-sm text-bad">
                    {failed.message}
                    {failed instanceof ApiError && failed.status === 409 && ' Nothing was stored.'}
                  </p>
                )}
                {placed && (
                  <p role="alert" className="basis-full text-sm text-bad">
                    Nothing was stored: look at what is marked above.
                  </p>
                )}
              </section>
            )}
          </fieldset>
        </form>
        <div className="flex min-w-0 flex-col gap-5">
          <Preview rule={isWhole ? documentOf(draft, list) : null} id={kept?.id ?? null} store={store.id} />
          {kept && <Versions id={kept.id} store={store} />}
        </div>
      </div>
    </Page>
  )
}

function AgentLink({ kept }: { kept: KeptRule }) {
  return (
    <Link to={paths.agent} params={{ id: kept.agent_id }} search={keepRange} className={buttonClass()}>
      Runs and rehearsals
    </Link>
  )
}

interface RemoveProps {
  kept: KeptRule
  store: Store
  onRemoved: () => void
}

function Remove({ kept, store, onRemoved }: RemoveProps) {
  const [asked, setAsked] = useState(false)
  const remove = useRemoveRule(store.id)
  if (!asked) {
    return (
      <Button kind="quiet" onClick={() => setAsked(true)}>
        Take it away…
      </Button>
    )
  }
  return (
    <span className="flex flex-wrap items-center gap-2 text-sm">
      What it proposed stays.
      <Button
        kind="danger"
        busy={remove.isPending}
        onClick={() => remove.mutate(kept.id, { onSuccess: onRemoved })}
      >
        Take it away
      </Button>
      <Button kind="quiet" onClick={() => setAsked(false)}>
        Keep it
      </Button>
      {remove.error && (
        <span role="alert" className="text-bad">
          {remove.error.message}
        </span>
      )}
    </span>
  )
}
