/** Bundles as rows of CSV: `bundle,component,quantity`, each variant by its number. */
import type { InventorySettings } from '@/shared/api/types'
import { units } from '@/shared/format/units'

type Bundles = InventorySettings['bundles']

const HEAD = /^\s*bundle/i
const NUMBER = /^\d{1,19}$/

export function bundlesText(bundles: Bundles): string {
  const rows = bundles.flatMap(bundle =>
    bundle.components.map(part => `${bundle.variant_id},${part.variant_id},${part.quantity}`),
  )
  return rows.join('\n')
}

/** Rows of one bundle need not stand together; a first row of names is passed over. Else the number of the first row that is none, and why. */
export function readBundles(text: string): { bundles: Bundles } | { fault: string } {
  const found = new Map<string, Map<string, number>>()
  const rows = text.replace(/^\ufeff/, '').split(/\r?\n/)
  for (const [at, row] of rows.entries()) {
    if (!row.trim() || (at === 0 && HEAD.test(row))) continue
    const [bundle = '', part = '', quantity = '', ...more] = row
      .split(/[,;\t]/)
      .map(cell => cell.trim().replace(/^"(.*)"$/, '$1'))
    const many = units(quantity, 0)
    if (more.some(Boolean) || !NUMBER.test(bundle) || !NUMBER.test(part) || many === null || many < 1n)
      return { fault: `Row ${at + 1}: a bundle’s number, a component’s number and how many of it.` }
    if (bundle === part) return { fault: `Row ${at + 1}: a bundle is no component of itself.` }
    const parts = found.get(bundle) ?? new Map<string, number>()
    parts.set(part, (parts.get(part) ?? 0) + Number(many))
    found.set(bundle, parts)
  }
  const bundles = [...found].map(([id, parts]) => ({
    variant_id: id,
    components: [...parts].map(([part, quantity]) => ({ variant_id: part, quantity })),
  }))
  return { bundles }
}
