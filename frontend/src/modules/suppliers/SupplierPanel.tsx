/** Adds a supplier, or changes one. */
import { type FormEvent, useState } from 'react'
import { fieldErrors } from '@/shared/api/problem'
import type { Supplier } from '@/shared/api/types'
import { units } from '@/shared/format/units'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { SidePanel } from '@/shared/ui/SidePanel'
import { showFault } from '@/shared/ui/show-fault'
import { type SupplierChange, useSaveSupplier } from './queries'

interface SupplierPanelProps {
  supplier: Supplier | null
  currency: string
  onClose: () => void
}

export default function SupplierPanel({ supplier, currency, onClose }: SupplierPanelProps) {
  return (
    <SidePanel open onClose={onClose} title={supplier ? supplier.name : 'Add a supplier'}>
      <SupplierForm supplier={supplier} currency={currency} onDone={onClose} />
    </SidePanel>
  )
}

interface Draft {
  name: string
  email: string
  currency: string
  lead_days: string
  note: string
  archived: boolean
}

type TextKey = Exclude<keyof Draft, 'archived'>

const FIELDS: { key: TextKey; label: string; help?: string; type?: 'email'; max: number }[] = [
  { key: 'name', label: 'Name', max: 200 },
  {
    key: 'email',
    label: 'E-mail (optional)',
    help: 'Where orders are sent. Without one they go as a file.',
    type: 'email',
    max: 254,
  },
  { key: 'currency', label: 'Currency', help: 'In which orders are written, such as USD.', max: 3 },
  {
    key: 'lead_days',
    label: 'Days until goods arrive (optional)',
    help: 'What they say. What your orders took counts more.',
    max: 4,
  },
  { key: 'note', label: 'Note (optional)', max: 1000 },
]

function draftOf(supplier: Supplier | null, currency: string): Draft {
  return {
    name: supplier?.name ?? '',
    email: supplier?.email ?? '',
    currency: supplier?.currency ?? currency,
    lead_days: supplier?.lead_days == null ? '' : String(supplier.lead_days),
    note: supplier?.note ?? '',
    archived: supplier?.archived ?? false,
  }
}

function read(draft: Draft): SupplierChange['supplier'] | { faults: Record<string, string> } {
  const faults: Record<string, string> = {}
  const days = draft.lead_days.trim() ? units(draft.lead_days, 0) : null
  const currency = draft.currency.trim().toUpperCase()
  if (!draft.name.trim()) faults.name = 'Name the supplier.'
  if (!/^[A-Z]{3}$/.test(currency)) faults.currency = 'Three letters, such as USD.'
  if (draft.lead_days.trim() && (days === null || days < 0n || days > 365n))
    faults.lead_days = 'A whole number of days, up to 365.'
  if (Object.keys(faults).length > 0) return { faults }
  return {
    name: draft.name.trim(),
    email: draft.email.trim() || null,
    currency,
    lead_days: days === null ? null : Number(days),
    note: draft.note.trim() || null,
    archived: draft.archived,
  }
}

interface SupplierFormProps {
  supplier: Supplier | null
  currency: string
  onDone: () => void
}

function SupplierForm({ supplier, currency, onDone }: SupplierFormProps) {
  const [draft, setDraft] = useState(() => draftOf(supplier, currency))
  const [own, setOwn] = useState<Record<string, string>>({})
  const save = useSaveSupplier()
  const faults: Record<string, string | undefined> = { ...fieldErrors(save.error), ...own }
  const placed = Object.values(faults).some(Boolean)
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    save.reset()
    const told = read(draft)
    setOwn('faults' in told ? told.faults : {})
    if ('faults' in told) return showFault(form)
    save.mutate(
      { id: supplier?.id ?? null, supplier: told },
      { onSuccess: onDone, onError: () => showFault(form) },
    )
  }
  return (
    <form onSubmit={send} noValidate className="flex flex-col gap-4">
      {FIELDS.map(({ key, label, help, type, max }) => (
        <Field key={key} label={label} help={help} error={faults[key]}>
          {props => (
            <input
              {...props}
              type={type ?? 'text'}
              inputMode={key === 'lead_days' ? 'numeric' : undefined}
              autoComplete="off"
              maxLength={max}
              value={draft[key]}
              onChange={event => setDraft({ ...draft, [key]: event.target.value })}
              className="field"
            />
          )}
        </Field>
      ))}
      {supplier && (
        <label className="flex items-start gap-2.5 text-sm">
          <input
            type="checkbox"
            checked={draft.archived}
            onChange={event => setDraft({ ...draft, archived: event.target.checked })}
            className="mt-0.5 size-5 shrink-0 accent-(--action)"
          />
          <span>
            <span className="block font-semibold">Archived</span>
            <span className="block text-soft">Its orders stay; nothing new is ordered.</span>
          </span>
        </label>
      )}
      {save.error && !placed && (
        <p role="alert" className="text-sm text-bad">
          {save.error.message}
        </p>
      )}
      <Button kind="primary" type="submit" busy={save.isPending}>
        {supplier ? 'Save' : 'Add the supplier'}
      </Button>
    </form>
  )
}
