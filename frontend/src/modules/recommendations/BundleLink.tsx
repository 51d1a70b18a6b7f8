/** Leads to the bundles of the inventory's settings, with the components filled in. */
import { Link } from '@tanstack/react-router'
import type { BoughtTogether } from '@/shared/api/types'
import { paths } from '@/shared/paths'
import { keepRange, type PageSearch } from '@/shared/range/range'
import { Only } from '@/shared/session/may'

export function BundleLink({ products }: { products: BoughtTogether[] }) {
  if (products.some(product => !product.offered)) return null
  const parts = products.map(product => product.variant_id ?? '').join(',')
  return (
    <Only may="inventory:configure">
      <Link
        to={paths.settingsInventory}
        search={(old: PageSearch) => ({ ...keepRange(old), parts })}
        className="inline-flex min-h-6 items-center text-xs underline decoration-dotted underline-offset-4"
      >
        Enter as a bundle
        <span className="sr-only">: {products.map(product => product.title).join(', ')}</span>
      </Link>
    </Only>
  )
}
