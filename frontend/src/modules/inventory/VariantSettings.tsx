/** What is set for one variant itself: how long its goods take, in which packs it comes, and how few are ordered at least. */
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { fieldErrors } from '@/shared/api/problem'
import type { InventorySettings, InventoryVariant, Store } from '@/shared/api/types'
import {
  changeOf,
  decimalOf,
  inventorySettingsQuery,
  LEAD_FAULT,
  leadDraft,
  leadOf,
  useChangeSettings,
} from '@/shared/inventory/settings'
import { suppliersQuery } from '@/shared/inventory/suppliers'
import { useMay } from '@/shared/session/may'
import { SetMeanwhile } from '@/shared/settings/SetMeanwhile'
import { useEditing } from '@/shared/settings/use-editing'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Section } from '@/shared/ui/Page'
import { Failure, Loading } from '@/shared/ui/States'
import { showFault } from '@/shared/ui/show-fault'

interface VariantSettingsProps {
  variant: InventoryVariant
  store: Store
}

export function VariantSettings({ variant, store }: VariantSettingsProps) {
  const { data, error, refetch } = useQuery(inventorySettingsQuery(store.id))
  return (
    <Section title="Set for this variant" note="Empty: what is set for its vendor or the store holds.">
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Loading what is set" rows={2} />}
      {data && <Edited key={variant.variant_id} found={data} variant={variant} store={store} />}
    </Section>
  )
}

interface EditedProps extends VariantSettingsProps {
  found: InventorySettings
}

/** What is set for other variants, or for the store, is no change of this one. */
function Edited({ found, variant, store }: EditedProps) {
  const change = useChangeSettings(store.id, () => editing.end())
  const textOf = (of: InventorySettings) => JSON.stringify(ownOf(of, variant.variant_id) ?? null)
  const editing = useEditing(found, textOf, change.isPending)
  return (
    <div className="flex flex-col gap-4">
      {editing.isOvertaken && (
        <SetMeanwhile onShow={editing.end}>
          {found.updated_by ?? 'Somebody'} set something else for it meanwhile. What you typed is still below.{' '}
        </SetMeanwhile>
      )}
      <OwnForm
        key={textOf(editing.shown)}
        found={textOf(editing.shown) === textOf(found) ? found : editing.shown}
        variant={variant}
        change={change}
        onEdit={editing.begin}
      />
    </div>
  )
}

type Own = InventorySettings['variants'][number]
type Values = ReturnType<typeof valuesOf>

function ownOf(found: InventorySettings, id: string) {
  return found.variants.find(one => one.variant_id === id)
}

function valuesOf(found: InventorySettings, id: string) {
  const own = ownOf(found, id)
  return {
    ...leadDraft(own?.lead_time),
    pack: own?.pack == null ? '' : String(own.pack),
    minimum: own?.minimum == null ? '' : String(own.minimum),
    supplier: own?.supplier_id ?? '',
  }
}

const FIELDS = [
  { key: 'mean', label: 'Lead time, days' },
  { key: 'sd', label: 'Give or take, days' },
  { key: 'pack', label: 'Comes in packs of' },
  { key: 'minimum', label: 'Order at least' },
] as const

const MOST = 1_000_000
const COUNT_FAULT = 'A whole number from 1.'

/** A count from 1, null where none is typed, or undefined for what is none. */
function countOf(text: string): number | null | undefined {
  if (!text.trim()) return null
  const value = decimalOf(text, 0)
  return value === null || value < 1 || value > MOST ? undefined : value
}

interface OwnFormProps {
  found: InventorySettings
  variant: InventoryVariant
  change: ReturnType<typeof useChangeSettings>
  onEdit: () => void
}

function OwnForm({ found, variant, change, onEdit }: OwnFormProps) {
  const id = variant.variant_id
  const may = useMay('inventory:configure')
  const [values, setValues] = useState(() => valuesOf(found, id))
  const [own, setOwn] = useState<Record<string, string>>({})
  const edit = (next: Partial<Values>) => {
    onEdit()
    setValues(old => ({ ...old, ...next }))
  }
  const isChanged = JSON.stringify(values) !== JSON.stringify(valuesOf(found, id))
  const told = Object.values(fieldErrors(change.error)).find(Boolean)
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    change.reset()
    const read = readOwn(values)
    setOwn('faults' in read ? read.faults : {})
    if ('faults' in read) return showFault(form)
    const others = found.variants.filter(one => one.variant_id !== id)
    const before = ownOf(found, id)
    const next = { ...before, variant_id: id, ...read.set }
    const isEmpty =
      next.lead_time === null && next.pack === null && next.minimum === null && !next.supplier_id
    change.mutate({ ...changeOf(found), variants: isEmpty ? others : [...others, next] })
  }
  return (
    <form onSubmit={send} noValidate>
      <fieldset disabled={!may} className="flex min-w-0 flex-col gap-4">
        <legend className="sr-only">Settings of {variant.title}</legend>
        <div className="grid grid-cols-2 gap-x-5 gap-y-4 lg:grid-cols-5">
          {FIELDS.map(({ key, label }) => (
            <Field key={key} label={label} error={own[key]}>
              {props => (
                <input
                  {...props}
                  inputMode={key === 'mean' || key === 'sd' ? 'decimal' : 'numeric'}
                  autoComplete="off"
                  value={values[key]}
                  onChange={event => edit({ [key]: event.target.value })}
                  className="field numeral"
                />
              )}
            </Field>
          ))}
          <SupplierField value={values.supplier} onChange={supplier => edit({ supplier })} />
        </div>
        {change.error && (
          <p role="alert" className="text-sm text-bad">
            {told ?? change.error.message}
          </p>
        )}
        {may ? (
          <div className="flex flex-wrap items-center gap-2">
            <Button type="submit" disabled={!isChanged} busy={change.isPending}>
              Save for this variant
            </Button>
            <span role="status" className="text-xs text-faint">
              {change.isSuccess && !isChanged && 'Stored.'}
            </span>
          </div>
        ) : (
          <p className="text-sm text-soft">Admins may change these.</p>
        )}
      </fieldset>
    </form>
  )
}

type Set = Omit<Own, 'variant_id'>

function SupplierField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { data: suppliers = [] } = useQuery(suppliersQuery)
  const known = suppliers.some(supplier => supplier.id === value)
  return (
    <Field label="Ordered from">
      {props => (
        <select {...props} value={value} onChange={event => onChange(event.target.value)} className="field">
          <option value="">anybody</option>
          {value && !known && <option value={value}>{value}</option>}
          {suppliers
            .filter(supplier => !supplier.archived || supplier.id === value)
            .map(supplier => (
              <option key={supplier.id} value={supplier.id}>
                {supplier.name}
              </option>
            ))}
        </select>
      )}
    </Field>
  )
}

function readOwn(values: Values): { set: Set } | { faults: Record<string, string> } {
  const lead = leadOf(values)
  const pack = countOf(values.pack)
  const minimum = countOf(values.minimum)
  if (lead !== undefined && pack !== undefined && minimum !== undefined)
    return { set: { lead_time: lead, pack, minimum, supplier_id: values.supplier || null } }
  const faults: Record<string, string> = {}
  if (lead === undefined) faults.mean = LEAD_FAULT
  if (pack === undefined) faults.pack = COUNT_FAULT
  if (minimum === undefined) faults.minimum = COUNT_FAULT
  return { faults }
}
