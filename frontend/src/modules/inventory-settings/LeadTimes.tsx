/** How long goods take: for the whole store, and for single vendors. */

import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { Section } from '@/shared/ui/Page'
import type { Draft, VendorDraft } from './draft'

interface LeadTimesProps {
  draft: Draft
  faults: Record<string, string | undefined>
  onChange: (next: Partial<Draft>) => void
}

export function LeadTimes({ draft, faults, onChange }: LeadTimesProps) {
  const setVendor = (index: number, next: Partial<VendorDraft>) =>
    onChange({ vendors: draft.vendors.map((row, at) => (at === index ? { ...row, ...next } : row)) })
  const fault = (index: number) =>
    faults[`vendor-${index}`] ?? faults[`vendors.${draft.vendors[index]?.vendor.trim()}`]
  return (
    <Section
      title="Lead times"
      note="From an order to its goods. What is set for a variant counts first, then what own orders took, then its vendor, then the store."
    >
      <div className="flex flex-col gap-4">
        <div className="grid max-w-xl grid-cols-2 gap-x-5">
          <Field label="Of the store" help="Days; empty where nobody knows." error={faults.lead_time}>
            {props => (
              <input
                {...props}
                inputMode="decimal"
                autoComplete="off"
                value={draft.lead.mean}
                onChange={event => onChange({ lead: { ...draft.lead, mean: event.target.value } })}
                className="field numeral"
              />
            )}
          </Field>
          <Field label="Give or take" help="Days of standard deviation.">
            {props => (
              <input
                {...props}
                inputMode="decimal"
                autoComplete="off"
                value={draft.lead.sd}
                onChange={event => onChange({ lead: { ...draft.lead, sd: event.target.value } })}
                className="field numeral"
              />
            )}
          </Field>
        </div>
        {draft.vendors.map((row, index) => (
          <VendorRow
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is known by its place while its name is typed
            key={index}
            row={row}
            no={index + 1}
            error={fault(index)}
            onChange={next => setVendor(index, next)}
            onRemove={() => onChange({ vendors: draft.vendors.filter((_, at) => at !== index) })}
          />
        ))}
        <Button
          className="self-start"
          onClick={() => onChange({ vendors: [...draft.vendors, { vendor: '', mean: '', sd: '' }] })}
        >
          Add a vendor
        </Button>
      </div>
    </Section>
  )
}

interface VendorRowProps {
  row: VendorDraft
  no: number
  error: string | undefined
  onChange: (next: Partial<VendorDraft>) => void
  onRemove: () => void
}

function VendorRow({ row, no, error, onChange, onRemove }: VendorRowProps) {
  return (
    <fieldset className="grid grid-cols-2 items-start gap-x-5 gap-y-3 border-t border-rule pt-4 sm:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)_auto]">
      <legend className="sr-only">Vendor {no}</legend>
      <div className="col-span-2 sm:col-span-1">
        <Field label="Vendor" error={error}>
          {props => (
            <input
              {...props}
              autoComplete="off"
              maxLength={200}
              value={row.vendor}
              onChange={event => onChange({ vendor: event.target.value })}
              className="field"
            />
          )}
        </Field>
      </div>
      <Field label="Days">
        {props => (
          <input
            {...props}
            inputMode="decimal"
            autoComplete="off"
            value={row.mean}
            onChange={event => onChange({ mean: event.target.value })}
            className="field numeral"
          />
        )}
      </Field>
      <Field label="Give or take">
        {props => (
          <input
            {...props}
            inputMode="decimal"
            autoComplete="off"
            value={row.sd}
            onChange={event => onChange({ sd: event.target.value })}
            className="field numeral"
          />
        )}
      </Field>
      <Button
        kind="quiet"
        className="self-start sm:mt-7"
        aria-label={`Take away ${row.vendor || `vendor ${no}`}`}
        onClick={onRemove}
      >
        Take away
      </Button>
    </fieldset>
  )
}
