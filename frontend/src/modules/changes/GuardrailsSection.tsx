/** How far changes may go in a store, whoever approved them. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, body } from '@/shared/api/client'
import { fieldErrors } from '@/shared/api/problem'
import { keys } from '@/shared/api/queries'
import type { Guardrails, GuardrailsChange, Store } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { ageText } from '@/shared/format/time'
import { useStore } from '@/shared/range/use-range'
import { useMay } from '@/shared/session/may'
import { SetMeanwhile } from '@/shared/settings/SetMeanwhile'
import { SettingsSection } from '@/shared/settings/SettingsSection'
import { useEditing } from '@/shared/settings/use-editing'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Section } from '@/shared/ui/Page'
import { Failure, Loading, Note } from '@/shared/ui/States'
import { showFault } from '@/shared/ui/show-fault'
import { type Draft, draftOf, GROUPS, hourText, isChanged, limitsOf, REFUNDS, rangeText } from './limits'
import { guardrailsQuery } from './queries'

export function GuardrailsSection() {
  const store = useStore()
  return (
    <SettingsSection
      title="Guardrails"
      lead={`What no change passes, whoever approved it${store ? `, in ${store.name}` : ''}. They are asked right before each write.`}
    >
      {store ? (
        <OfStore key={store.id} store={store} />
      ) : (
        <Note>Limits belong to a store: connect one first.</Note>
      )}
    </SettingsSection>
  )
}

function OfStore({ store }: { store: Store }) {
  const { data: found, error, refetch } = useQuery(guardrailsQuery(store.id))
  if (error && !found) return <Failure error={error} onRetry={() => void refetch()} />
  if (!found) return <Loading label="Loading the limits" rows={6} />
  return <Edited found={found} store={store} />
}

function useChangeLimits(storeId: string, onStored: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (change: GuardrailsChange) =>
      body(api.PUT('/v1/guardrails', { params: { query: { store: storeId } }, body: change })),
    onSuccess: stored => {
      client.setQueryData(keys.guardrails(storeId), stored)
      onStored()
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.guardrails(storeId) }),
  })
}

function Edited({ found, store }: { found: Guardrails; store: Store }) {
  const change = useChangeLimits(store.id, () => editing.end())
  const editing = useEditing(found, ({ version }) => version, change.isPending)
  return (
    <>
      {editing.isOvertaken && (
        <SetMeanwhile onShow={editing.end}>
          {found.updated_by ?? 'Somebody'} set other limits meanwhile. What you typed is still below.{' '}
        </SetMeanwhile>
      )}
      <LimitsForm
        key={editing.shown.version}
        found={editing.shown}
        store={store}
        change={change}
        onEdit={editing.begin}
      />
    </>
  )
}

interface FormProps {
  found: Guardrails
  store: Store
  change: ReturnType<typeof useChangeLimits>
  onEdit: () => void
}

function LimitsForm({ found, store, change, onEdit }: FormProps) {
  const may = useMay('guardrails:write')
  const [draft, setDraft] = useState(() => draftOf(found))
  const [own, setOwn] = useState<Record<string, string>>({})
  const faults = { ...fieldErrors(change.error), ...own }
  const placed = Object.values(faults).some(Boolean)
  const edit = (next: Partial<Draft>) => {
    onEdit()
    setDraft(old => ({ ...old, ...next }))
  }
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const read = limitsOf(draft, found)
    change.reset()
    setOwn('faults' in read ? read.faults : {})
    if ('faults' in read) return showFault(form)
    const reason = draft.reason.trim()
    change.mutate(
      { version: found.version, limits: read.limits, ...(reason && { reason }) },
      { onError: () => showFault(form) },
    )
  }
  return (
    <form onSubmit={send} noValidate>
      <fieldset disabled={!may} className="flex min-w-0 flex-col gap-5">
        <legend className="sr-only">Limits of {store.name}</legend>
        <p className="text-sm text-soft">
          {found.version === 0
            ? 'Nobody changed anything yet: these are the defaults.'
            : `Version ${count(found.version)}, set by ${found.updated_by ?? 'somebody'} ${ageText(found.updated_at ?? null)}${found.reason ? `: “${found.reason}”` : '.'}`}
          {!may && ' Admins may change them.'}
        </p>
        {GROUPS.map(group => (
          <Section key={group.title} title={group.title} note={group.note}>
            <div className="grid gap-x-5 gap-y-4 sm:grid-cols-2">
              {group.fields.map(field => (
                <Field
                  key={field.key}
                  label={field.label}
                  help={
                    <>
                      {field.help} <span className="text-faint">{rangeText(field, found)}</span>
                    </>
                  }
                  error={faults[`limits.${field.key}`]}
                >
                  {props => (
                    <span className="flex items-center gap-2">
                      <input
                        {...props}
                        inputMode="decimal"
                        autoComplete="off"
                        value={draft.values[field.key]}
                        onChange={event =>
                          edit({ values: { ...draft.values, [field.key]: event.target.value } })
                        }
                        className="field numeral max-w-36"
                      />
                      <span className="text-sm text-soft">{field.unit}</span>
                    </span>
                  )}
                </Field>
              ))}
            </div>
          </Section>
        ))}
        <Section
          title="Refunds of one person alone"
          note="Where the one who proposed a refund approves it. What is more is approved by another person; what a script proposed has only its approver behind it."
        >
          <div className="grid gap-x-5 gap-y-4 sm:grid-cols-2">
            {REFUNDS.map(({ key, label, help }) => (
              <Field
                key={key}
                label={`${label} (${found.currency})`}
                help={help}
                error={faults[`limits.${key}`]}
              >
                {props => (
                  <input
                    {...props}
                    inputMode="decimal"
                    autoComplete="off"
                    value={draft.refunds[key]}
                    onChange={event => edit({ refunds: { ...draft.refunds, [key]: event.target.value } })}
                    className="field numeral max-w-36"
                  />
                )}
              </Field>
            ))}
          </div>
        </Section>
        <HoursFields
          zone={found.timezone}
          hours={draft.hours}
          error={faults['limits.hours']}
          onChange={hours => edit({ hours })}
        />
        {may && (
          <section aria-label="Save" className="sheet flex flex-col gap-4 p-4 sm:p-5">
            <Field
              label="Why"
              help="Kept with the change. Needed where more is let through than before."
              error={faults.reason}
            >
              {props => (
                <input
                  {...props}
                  maxLength={500}
                  value={draft.reason}
                  onChange={event => edit({ reason: event.target.value })}
                  className="field"
                />
              )}
            </Field>
            {(placed || change.error) && (
              <p role="alert" className="text-sm text-bad">
                {placed ? 'Nothing was stored: look at what is marked above.' : change.error?.message}
              </p>
            )}
            <div className="flex flex-wrap items-center gap-2">
              <Button
                type="submit"
                kind="primary"
                disabled={!isChanged(draft, found)}
                busy={change.isPending}
              >
                Save the limits
              </Button>
              <span role="status" className="text-xs text-faint">
                {isChanged(draft, found)
                  ? 'Not stored yet. They hold from the next write on, also for what is approved already.'
                  : 'Nothing is changed.'}
              </span>
            </div>
          </section>
        )}
      </fieldset>
    </form>
  )
}

interface HoursProps {
  zone: string
  hours: Draft['hours']
  error: string | undefined
  onChange: (hours: Draft['hours']) => void
}

const USUAL = { from: 8, to: 20 }
const ALL_HOURS = Array.from({ length: 24 }, (_, hour) => hour)

function HoursFields({ zone, hours, error, onChange }: HoursProps) {
  return (
    <Section
      title="When agents may act"
      note={`By the clock of ${zone}. What a person approved is applied at any hour.`}
    >
      <label className="flex items-start gap-2.5 text-sm">
        <input
          type="checkbox"
          checked={hours !== null}
          onChange={event => onChange(event.target.checked ? USUAL : null)}
          className="mt-0.5 size-5 shrink-0 accent-(--action)"
        />
        <span>
          <span className="block font-semibold">Only within these hours</span>
          <span className="block text-soft">
            What an agent lets through by itself waits until they begin; what has begun is brought to its end.
          </span>
        </span>
      </label>
      {hours && (
        <div className="mt-4 grid max-w-md grid-cols-2 gap-x-5">
          {(['from', 'to'] as const).map(end => (
            <Field
              key={end}
              label={end === 'from' ? 'From' : 'Until'}
              error={end === 'from' ? error : undefined}
            >
              {props => (
                <select
                  {...props}
                  value={hours[end]}
                  onChange={event => onChange({ ...hours, [end]: Number(event.target.value) })}
                  className="field"
                >
                  {ALL_HOURS.map(hour => (
                    <option key={hour} value={hour}>
                      {hourText(hour)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          ))}
        </div>
      )}
    </Section>
  )
}
