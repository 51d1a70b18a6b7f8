/** A file of mappings: looked at row by row, then taken over. */
import { type ChangeEvent, useState } from 'react'
import { fieldErrors, sentence } from '@/shared/api/problem'
import type { Store, SupplierMappingFileReport, SupplierMappingFileRow } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { asSentence, plural } from '@/shared/format/words'
import { Badge, type Tone } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { SidePanel } from '@/shared/ui/SidePanel'
import { useMappingFile } from './queries'

/** What the server takes at once. */
const MOST_BYTES = 240_000

const OUTCOMES: Record<SupplierMappingFileRow['outcome'], { label: string; tone: Tone }> = {
  new: { label: 'New', tone: 'good' },
  changed: { label: 'Changed', tone: 'brass' },
  unchanged: { label: 'As it is', tone: 'neutral' },
  refused: { label: 'Left out', tone: 'bad' },
}

export default function MappingFilePanel({ store, onClose }: { store: Store; onClose: () => void }) {
  const [text, setText] = useState<string>()
  const [fault, setFault] = useState<string>()
  const look = useMappingFile('preview', () => {})
  const take = useMappingFile('import', onClose)
  const found = look.data
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0]
    look.reset()
    take.reset()
    setText(undefined)
    setFault(undefined)
    if (!file) return
    if (file.size > MOST_BYTES) {
      setFault(`The file is larger than ${MOST_BYTES / 1_000} kB: split it.`)
      return
    }
    const read = await file.text()
    setText(read)
    look.mutate({ text: read, good_rows_only: true, store_id: store.id })
  }
  const error = look.error ?? take.error
  return (
    <SidePanel open onClose={onClose} title="Import mappings">
      <div className="flex flex-col gap-4">
        <Field
          label="CSV file"
          help="With the columns of the export: variant_id or sku, supplier_product_id or supplier_external_id, supplier_variant, pieces. What it does not name stays."
          error={fault ?? fieldErrors(error).file}
        >
          {field => (
            <input {...field} type="file" accept=".csv,text/csv" onChange={event => void choose(event)} />
          )}
        </Field>
        {error && !fieldErrors(error).file && (
          <p role="alert" className="text-sm text-bad">
            {sentence(error.message)}
          </p>
        )}
        {look.isPending && (
          <p role="status" className="text-sm text-soft">
            Looking at the file …
          </p>
        )}
        {found && <Report of={found} />}
        {found && text && (
          <div className="flex justify-end gap-2">
            <Button onClick={onClose}>Leave it</Button>
            <Button
              kind="primary"
              busy={take.isPending}
              disabled={found.new + found.changed === 0}
              onClick={() => take.mutate({ text, good_rows_only: true, store_id: store.id })}
            >
              Take {count(found.new + found.changed)} over
            </Button>
          </div>
        )}
      </div>
    </SidePanel>
  )
}

function Report({ of }: { of: SupplierMappingFileReport }) {
  return (
    <div className="flex flex-col gap-2">
      <p role="status" className="text-sm font-semibold">
        {count(of.new)} new, {count(of.changed)} changed, {count(of.unchanged)} as they are,{' '}
        {count(of.refused)} left out
      </p>
      <ul aria-label="Rows">
        {of.rows.map(row => (
          <li key={row.line} className="border-t border-rule py-2 text-sm">
            <span className="flex items-start justify-between gap-3">
              <span className="min-w-0 wrap-anywhere">
                {row.title ?? 'No variant'}
                <span className="block text-xs text-faint wrap-anywhere">
                  line {count(row.line)} · {row.supplier_title ?? 'no product'}
                  {row.supplier_variant && ` · ${row.supplier_variant}`}
                  {row.pieces != null && ` · ${count(row.pieces)} ${plural(row.pieces, 'piece')}`}
                </span>
              </span>
              <Badge tone={OUTCOMES[row.outcome].tone}>{OUTCOMES[row.outcome].label}</Badge>
            </span>
            {row.reason && (
              <span className="block text-xs text-bad wrap-anywhere">{asSentence(row.reason)}</span>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
