/** What is looked for at a supplier, as fields of a form. */
import type { SupplierWatchlist } from '@/shared/api/types'
import { Field } from '@/shared/ui/Field'

export interface WatchDraft {
  searches: string
  shipsFrom: string
  most: string
}

export const draftOf = (watch?: SupplierWatchlist): WatchDraft => ({
  searches: watch?.searches.join('\n') ?? '',
  shipsFrom: watch?.ships_from ?? '',
  most: String(watch?.most_products ?? 200),
})

export function read(draft: WatchDraft): SupplierWatchlist | { faults: Record<string, string> } {
  const searches = draft.searches
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean)
  const country = draft.shipsFrom.trim().toUpperCase()
  const faults: Record<string, string> = {}
  if (searches.length === 0) faults.searches = 'Enter at least one search.'
  if (country && !/^[A-Z]{2}$/.test(country)) faults.ships_from = 'Two letters, such as US.'
  if (!/^[1-9]\d{0,3}$/.test(draft.most.trim()) || Number(draft.most) > 5000)
    faults.most_products = 'A number from 1 to 5000.'
  if (Object.keys(faults).length > 0) return { faults }
  return { searches, ships_from: country || null, most_products: Number(draft.most) }
}

interface WatchFieldsProps {
  draft: WatchDraft
  faults: Record<string, string | undefined>
  onChange: (draft: WatchDraft) => void
}

export function WatchFields({ draft, faults, onChange }: WatchFieldsProps) {
  return (
    <>
      <Field
        label="Searches"
        help="One a line. Each page of results and each product costs points of the supplier’s day."
        error={faults.searches}
      >
        {props => (
          <textarea
            {...props}
            rows={3}
            value={draft.searches}
            onChange={event => onChange({ ...draft, searches: event.target.value })}
            className="field h-auto"
          />
        )}
      </Field>
      <Field
        label="Only what lies in (optional)"
        help="A country by its two letters, such as US."
        error={faults.ships_from}
      >
        {props => (
          <input
            {...props}
            autoComplete="off"
            maxLength={2}
            value={draft.shipsFrom}
            onChange={event => onChange({ ...draft, shipsFrom: event.target.value })}
            className="field"
          />
        )}
      </Field>
      <Field
        label="Products to keep"
        help="At most; what is known already is read on."
        error={faults.most_products}
      >
        {props => (
          <input
            {...props}
            inputMode="numeric"
            autoComplete="off"
            maxLength={4}
            value={draft.most}
            onChange={event => onChange({ ...draft, most: event.target.value })}
            className="field"
          />
        )}
      </Field>
    </>
  )
}
