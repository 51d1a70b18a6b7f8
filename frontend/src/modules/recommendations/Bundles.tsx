/** Bundles of three as a list. */
import type { BundleTogether } from '@/shared/api/types'
import { BundleLink } from './BundleLink'
import { Product } from './Pairs'
import { chanceText, liftText, shareText, togetherText } from './words'

export function Bundles({ bundles }: { bundles: BundleTogether[] }) {
  return (
    <ol aria-label="Three together" className="divide-y divide-rule border-t border-rule">
      {bundles.map(bundle => (
        <li key={bundle.products.map(p => p.product_id).join()} className="px-4 py-3 sm:px-5">
          <p className="flex flex-wrap gap-x-2 gap-y-0.5">
            {bundle.products.map((product, at) => (
              <span key={product.product_id} className="flex items-center gap-2">
                {at > 0 && <span aria-hidden="true">+</span>}
                <Product of={product} />
              </span>
            ))}
          </p>
          <p className="text-xs text-soft">
            {togetherText(bundle)}; lift {liftText(bundle.lift)}; chance alone {chanceText(bundle.p)}
          </p>
          <p className="text-xs text-faint">
            {shareText(bundle.confidence)} of the orders with the two others have{' '}
            {bundle.products.find(p => p.product_id === bundle.weakest_product_id)?.title ?? 'the third'},
            which goes with them the least
          </p>
          <BundleLink products={bundle.products} />
        </li>
      ))}
    </ol>
  )
}
