/** What is looked for at a supplier, as fields of a form. */
import type { SupplierDesign, SupplierPlatform, SupplierWatchlist } from '@/shared/api/types'
import { Field } from '@/shared/ui/Field'

export interface WatchDraft {
  searches: string
  shipsFrom: string
  most: string
  designs: string
}

export const draftOf = (watch?: SupplierWatchlist): WatchDraft => ({
  searches: watch?.searches.join('\n') ?? '',
  shipsFrom: watch?.ships_from ?? '',
  most: String(watch?.most_products ?? 200),
  designs: watch?.designs?.map(of => `${of.name} ${of.product} ${of.template}`).join('\n') ?? '',
})

/** `wolf 71 12345` on each line; undefined where one is none. */
function readDesigns(text: string): SupplierDesign[] | undefined {
  const lines = text.split('\n').filter(line => line.trim())
  const read = lines.map(line => /^\s*([a-z0-9-]{1,40})\s+(\d{1,12})\s+(@?[\w-]{1,40})\s*$/.exec(line))
  const designs = read.map(found => ({
    name: found?.[1] ?? '',
    product: found?.[2] ?? '',
    template: found?.[3] ?? '',
  }))
  const names = new Set(designs.map(of => of.name))
  return read.every(Boolean) && names.size === designs.length ? designs : undefined
}

export function read(
  draft: WatchDraft,
  platform: SupplierPlatform,
): SupplierWatchlist | { faults: Record<string, string> } {
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
  const designs = platform === 'printful' ? readDesigns(draft.designs) : []
  if (!designs)
    faults.designs =
      'One a line: a name of its own, the product’s number and the template’s, such as wolf 71 12345.'
  if (!designs || Object.keys(faults).length > 0) return { faults }
  return { searches, ships_from: country || null, most_products: Number(draft.most), designs }
}

interface WatchFieldsProps {
  platform: SupplierPlatform
  draft: WatchDraft
  faults: Record<string, string | undefined>
  onChange: (draft: WatchDraft) => void
}

export function WatchFields({ platform, draft, faults, onChange }: WatchFieldsProps) {
  return (
    <>
      <Field
        label="Searches"
        help={
          platform === 'printful'
            ? 'One a line; words of the names of products, such as hoodie.'
            : platform === 'autods'
              ? 'One a line. Each page of results and each product is one of 1000 calls an hour.'
              : 'One a line. Each page of results and each product costs points of the supplier’s day.'
        }
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
      {platform === 'printful' && (
        <Field
          label="Designs (optional)"
          help="One a line: a name, the product’s number and the number of its template at Printful, such as wolf 71 12345. Only what has a design can be ordered."
          error={faults.designs}
        >
          {props => (
            <textarea
              {...props}
              rows={3}
              spellCheck={false}
              value={draft.designs}
              onChange={event => onChange({ ...draft, designs: event.target.value })}
              className="field h-auto font-mono"
            />
          )}
        </Field>
      )}
    </>
  )
}
