/** Changes which variant of the supplier it is and how many pieces a unit needs, or takes the mapping away. */
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { fieldErrors } from '@/shared/api/problem'
import type { SupplierMapping } from '@/shared/api/types'
import { Button } from '@/shared/ui/Button'
import { Field } from '@/shared/ui/Field'
import { SidePanel } from '@/shared/ui/SidePanel'
import { productQuery, useRemap, useUnmap } from './queries'

interface MappingPanelProps {
  mapping: SupplierMapping
  onClose: () => void
}

export default function MappingPanel({ mapping, onClose }: MappingPanelProps) {
  const { data } = useQuery(productQuery(mapping.supplier_product_id))
  const [variant, setVariant] = useState(mapping.supplier_variant)
  const [pieces, setPieces] = useState(String(mapping.pieces))
  const set = useRemap(onClose)
  const remove = useUnmap(onClose)
  const faults = fieldErrors(set.error)
  const error = set.error ?? remove.error
  const variants = data?.supplier_product.variants ?? []
  const send = (event: FormEvent) => {
    event.preventDefault()
    set.mutate({ mapping, variant, pieces: Number.parseInt(pieces, 10) || 0 })
  }
  return (
    <SidePanel open onClose={onClose} title={mapping.title}>
      <form onSubmit={send} noValidate className="flex flex-col gap-4">
        <p className="text-sm wrap-anywhere">
          {mapping.supplier ?? 'A supplier'}: {mapping.supplier_title ?? 'without a title'}
        </p>
        <Field label="Supplier’s variant" error={faults.supplier_variant}>
          {field => (
            <select
              {...field}
              value={variant}
              onChange={event => setVariant(event.target.value)}
              className="field"
            >
              {!variants.some(of => of.key === variant) && <option value={variant}>{variant}</option>}
              {variants.map(of => (
                <option key={of.key} value={of.key}>
                  {of.name ?? of.sku ?? of.key}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Pieces a unit needs" error={faults.pieces}>
          {field => (
            <input
              {...field}
              inputMode="numeric"
              value={pieces}
              onChange={event => setPieces(event.target.value)}
              className="field"
            />
          )}
        </Field>
        {error && (
          <p role="alert" className="text-sm text-bad">
            {error.message}
          </p>
        )}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" kind="primary" disabled={set.isPending}>
            Save
          </Button>
          <Button disabled={remove.isPending} onClick={() => remove.mutate(mapping.id)}>
            Take the mapping away
          </Button>
        </div>
      </form>
    </SidePanel>
  )
}
