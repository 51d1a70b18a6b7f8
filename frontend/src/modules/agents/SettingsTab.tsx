/** How an agent is set in a store: how far it may go, when it starts, its policy and its budget. */
import { type FormEvent, useId, useState } from 'react'
import { ApiError, fieldErrors } from '@/shared/api/problem'
import type { AgentDetail, Store } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { ageText } from '@/shared/format/time'
import { useMay } from '@/shared/session/may'
import { SetMeanwhile } from '@/shared/settings/SetMeanwhile'
import { useEditing } from '@/shared/settings/use-editing'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Section } from '@/shared/ui/Page'
import { showFault } from '@/shared/ui/show-fault'
import { AutonomyChoice } from './AutonomyChoice'
import { BUDGET, changeOf, type Draft, draftOf, type Faults, faultsOf, isChanged, readable } from './draft'
import { PolicyFields } from './PolicyFields'
import { useChangeAgent } from './queries'
import { ScheduleFields } from './ScheduleFields'
import { useAgent } from './use-agent'

export function SettingsTab() {
  const found = useAgent()
  if (!found) return null
  return <SettingsOf key={`${found.agent.id}/${found.store.id}`} {...found} />
}

function SettingsOf({ agent, store }: { agent: AgentDetail; store: Store }) {
  const change = useChangeAgent(agent.id, store.id, () => editing.end())
  const editing = useEditing(agent, ({ settings }) => settings.version, change.isPending)
  const base = editing.shown
  return (
    <div className="flex flex-col gap-5">
      {editing.isOvertaken && (
        <SetMeanwhile onShow={editing.end}>
          <p className="font-semibold">The settings were changed meanwhile</p>
          {agent.settings.updated_by ?? 'Somebody'} stored version {count(agent.settings.version)}
          {agent.settings.reason && `: “${agent.settings.reason}”`}. What you typed is still below, but it was
          made for version {count(base.settings.version)}.{' '}
        </SetMeanwhile>
      )}
      <SettingsForm
        key={base.settings.version}
        agent={base}
        change={change}
        onEdit={editing.begin}
        onDiscard={editing.end}
      />
    </div>
  )
}

interface SettingsFormProps {
  agent: AgentDetail
  change: ReturnType<typeof useChangeAgent>
  onEdit: () => void
  onDiscard: () => void
}

function SettingsForm({ agent, change, onEdit, onDiscard }: SettingsFormProps) {
  const may = useMay('agents:write')
  const [draft, setDraft] = useState(() => draftOf(agent))
  const [own, setOwn] = useState<Faults>({})
  const faults = { ...readable(fieldErrors(change.error), draft, agent), ...own }
  const edit = (next: Partial<Draft>) => {
    onEdit()
    setDraft(old => ({ ...old, ...next }))
  }
  const changed = isChanged(draft, agent)
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const found = faultsOf(draft, agent)
    setOwn(found)
    change.reset()
    if (Object.keys(found).length > 0) return showFault(form)
    change.mutate(changeOf(draft, agent), { onError: () => showFault(form) })
  }
  return (
    <form onSubmit={send} noValidate>
      <fieldset disabled={!may} className="flex min-w-0 flex-col gap-5">
        <legend className="sr-only">Settings of {agent.name}</legend>
        <Standing agent={agent} may={may} />
        <AutonomyChoice
          agent={agent}
          value={draft.autonomy}
          error={faults.autonomy}
          onChange={autonomy => edit({ autonomy })}
        />
        <ScheduleFields agent={agent} draft={draft} error={faults.schedule} onChange={edit} />
        <PolicyFields
          agent={agent}
          values={draft.values}
          faults={faults}
          onChange={(key, entry) => edit({ values: { ...draft.values, [key]: entry } })}
        />
        <Budget agent={agent} draft={draft} faults={faults} onChange={edit} />
        {may && (
          <Save
            draft={draft}
            changed={changed}
            fault={faults.reason}
            error={change.error}
            faults={faults}
            busy={change.isPending}
            onReason={reason => edit({ reason })}
            onDiscard={() => {
              onDiscard()
              setDraft(draftOf(agent))
              setOwn({})
              change.reset()
            }}
          />
        )}
      </fieldset>
    </form>
  )
}

function Standing({ agent, may }: { agent: AgentDetail; may: boolean }) {
  const { version, updated_at: at, updated_by: by, reason } = agent.settings
  return (
    <p className="text-sm text-soft">
      {version === 0
        ? 'Nobody changed anything yet: these are the defaults.'
        : `Version ${count(version)}, stored by ${by ?? 'somebody'} ${ageText(at)}${reason ? `: “${reason}”` : '.'}`}
      {!may && ' Admins may change them.'}
    </p>
  )
}

interface BudgetProps {
  draft: Draft
  agent: AgentDetail
  faults: Faults
  onChange: (next: Partial<Draft>) => void
}

function Budget({ agent, draft, faults, onChange }: BudgetProps) {
  const { currency, proposes } = agent
  return (
    <Section title="Budget" note="What it may use up at most.">
      <div className="grid gap-x-5 gap-y-4 sm:grid-cols-2 lg:grid-cols-4">
        {BUDGET.filter(({ key }) => proposes || key.startsWith('runs_')).map(
          ({ key, label, help, money }) => (
            <Field
              key={key}
              label={money ? `${label} (${currency})` : label}
              help={help}
              error={faults[`budget.${key}`]}
            >
              {field => (
                <input
                  {...field}
                  inputMode={money ? 'decimal' : 'numeric'}
                  autoComplete="off"
                  value={draft.budget[key]}
                  onChange={event => onChange({ budget: { ...draft.budget, [key]: event.target.value } })}
                  className="field numeral"
                />
              )}
            </Field>
          ),
        )}
        {draft.budget.money_per_day.trim() && (
          <Field
            label="What nobody can tell"
            help="A change that moves money, and whose effect nobody can predict."
          >
            {field => (
              <select
                {...field}
                value={draft.unknownEffect}
                onChange={event => onChange({ unknownEffect: event.target.value as Draft['unknownEffect'] })}
                className="field"
              >
                <option value="refused">is refused</option>
                <option value="free">is made, and counts nothing</option>
              </select>
            )}
          </Field>
        )}
      </div>
    </Section>
  )
}

interface SaveProps {
  draft: Draft
  changed: boolean
  fault: string | undefined
  faults: Faults
  error: Error | null
  busy: boolean
  onReason: (reason: string) => void
  onDiscard: () => void
}

function Save({ draft, changed, fault, faults, error, busy, onReason, onDiscard }: SaveProps) {
  const id = useId()
  const placed = Object.values(faults).some(Boolean)
  return (
    <section aria-label="Save" className="sheet flex flex-col gap-4 p-4 sm:p-5">
      <Field label="Why" help="Kept with the change. Needed to let it act." error={fault}>
        {field => (
          <input
            {...field}
            maxLength={500}
            value={draft.reason}
            onChange={event => onReason(event.target.value)}
            className="field"
          />
        )}
      </Field>
      {placed && (
        <p role="alert" className="text-sm text-bad">
          Nothing was stored: look at what is marked above.
        </p>
      )}
      {error && !placed && (
        <p role="alert" className="text-sm text-bad">
          {error.message}
          {error instanceof ApiError && error.status === 409 && ' Nothing was stored.'}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" kind="primary" aria-describedby={id} disabled={!changed} busy={busy}>
          Save the settings
        </Button>
        {changed && (
          <Button kind="quiet" onClick={onDiscard}>
            Discard
          </Button>
        )}
        <span id={id} role="status" className="text-xs text-faint">
          {changed
            ? 'Not stored yet. Runs that go on keep the settings they began with.'
            : 'Nothing is changed.'}
        </span>
      </div>
    </section>
  )
}
