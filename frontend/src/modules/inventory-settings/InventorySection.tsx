/** What holds for the orders of goods in a store: service level, lead times, limits. */
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { fieldErrors } from '@/shared/api/problem'
import type { InventorySettings, Store } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { ageText } from '@/shared/format/time'
import { inventorySettingsQuery, useChangeSettings } from '@/shared/inventory/settings'
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
import { Bundles, Holidays } from './Bundles'
import { type Draft, draftOf, GROUPS, isChanged, settingsOf, withParts } from './draft'
import { LeadTimes } from './LeadTimes'
import { OwnSettings } from './OwnSettings'

export function InventorySection() {
  const store = useStore()
  return (
    <SettingsSection
      title="Inventory"
      lead={`When goods are ordered, how many, and who says yes${store ? `, in ${store.name}` : ''}.`}
    >
      {store ? (
        <OfStore key={store.id} store={store} />
      ) : (
        <Note>These belong to a store: connect one first.</Note>
      )}
    </SettingsSection>
  )
}

function OfStore({ store }: { store: Store }) {
  const { data: found, error, refetch } = useQuery(inventorySettingsQuery(store.id))
  if (error && !found) return <Failure error={error} onRetry={() => void refetch()} />
  if (!found) return <Loading label="Loading the settings of the inventory" rows={8} />
  return <Edited found={found} store={store} />
}

function Edited({ found, store }: { found: InventorySettings; store: Store }) {
  const change = useChangeSettings(store.id, () => editing.end())
  const editing = useEditing(found, ({ version }) => version, change.isPending)
  return (
    <>
      {editing.isOvertaken && (
        <SetMeanwhile onShow={editing.end}>
          {found.updated_by ?? 'Somebody'} set something else meanwhile. What you typed is still below.{' '}
        </SetMeanwhile>
      )}
      <SettingsForm
        key={editing.shown.version}
        found={editing.shown}
        store={store}
        change={change}
        onEdit={editing.begin}
      />
    </>
  )
}

/** Components of a bundle that somebody came here to enter, as another page gave them along. */
function usePartsOfBundle(): string[] {
  const { parts }: Record<string, unknown> = useSearch({ strict: false })
  return typeof parts === 'string' && parts ? parts.split(',').slice(0, 50) : []
}

interface FormProps {
  found: InventorySettings
  store: Store
  change: ReturnType<typeof useChangeSettings>
  onEdit: () => void
}

function SettingsForm({ found, store, change, onEdit }: FormProps) {
  const may = useMay('inventory:configure')
  const parts = usePartsOfBundle()
  const [draft, setDraft] = useState(() => withParts(draftOf(found), parts))
  const [own, setOwn] = useState<Record<string, string>>({})
  const faults: Record<string, string | undefined> = { ...fieldErrors(change.error), ...own }
  const placed = Object.values(faults).some(Boolean)
  const edit = (next: Partial<Draft>) => {
    onEdit()
    setDraft(old => ({ ...old, ...next }))
  }
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const read = settingsOf(draft, found)
    change.reset()
    setOwn('faults' in read ? read.faults : {})
    if ('faults' in read) return showFault(form)
    change.mutate(read.change, { onError: () => showFault(form) })
  }
  return (
    <form onSubmit={send} noValidate>
      <fieldset disabled={!may} className="flex min-w-0 flex-col gap-5">
        <legend className="sr-only">The inventory of {store.name}</legend>
        <p className="text-sm text-soft">
          {found.version === 0
            ? 'Nobody changed anything yet: these are the defaults.'
            : `Version ${count(found.version)}, set by ${found.updated_by ?? 'somebody'} ${ageText(found.updated_at)}.`}
          {!may && ' Admins may change them.'}
        </p>
        {GROUPS.map(group => (
          <Section key={group.title} title={group.title} note={group.note}>
            <div className="grid gap-x-5 gap-y-4 sm:grid-cols-2">
              {group.fields.map(field => (
                <Field key={field.key} label={field.label} help={field.help} error={faults[field.key]}>
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
                      <span className="text-sm text-soft">
                        {field.unit === 'money' ? found.currency : field.unit}
                      </span>
                    </span>
                  )}
                </Field>
              ))}
            </div>
          </Section>
        ))}
        <LeadTimes draft={draft} faults={faults} onChange={edit} />
        <Bundles storeId={store.id} draft={draft} faults={faults} onChange={edit} />
        <Holidays draft={draft} faults={faults} onChange={edit} />
        {found.variants.length > 0 && <OwnSettings found={found} draft={draft} onChange={edit} />}
        {may && (
          <section aria-label="Save" className="sheet flex flex-col gap-4 p-4 sm:p-5">
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
                Save the settings
              </Button>
              <span role="status" className="text-xs text-faint">
                {isChanged(draft, found)
                  ? 'Not stored yet. Figures of the inventory follow at once.'
                  : 'Nothing is changed.'}
              </span>
            </div>
          </section>
        )}
      </fieldset>
    </form>
  )
}
