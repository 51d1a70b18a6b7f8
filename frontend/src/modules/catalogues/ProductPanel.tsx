/** One product of a supplier: its variants with stock by country and shipping, and what it cost before. */
import { useQuery } from '@tanstack/react-query'
import type { SupplierPricePoint, SupplierVariant } from '@/shared/api/types'
import { ageText, momentText } from '@/shared/format/time'
import { countryName } from '@/shared/format/words'
import { Badge } from '@/shared/ui/Badge'
import { SidePanel } from '@/shared/ui/SidePanel'
import { Failure, Loading } from '@/shared/ui/States'
import { SupplierPicture } from '@/shared/ui/SupplierPicture'
import { productQuery } from './queries'
import { priceText, stockText } from './words'

export default function ProductPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, error, refetch } = useQuery(productQuery(id))
  const product = data?.supplier_product
  return (
    <SidePanel open onClose={onClose} title={product?.title ?? 'Product of a supplier'}>
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Loading the product" rows={6} />}
      {product && (
        <div className="flex flex-col gap-6 text-sm">
          {product.image_url && (
            <SupplierPicture id={product.id} title={product.title} told size="lg" className="self-center" />
          )}
          {product.description && <p className="text-soft wrap-anywhere">{product.description}</p>}
          <section>
            <h3 className="mb-2 font-semibold">Variants</h3>
            <ul className="flex flex-col gap-4">
              {product.variants.map(variant => (
                <Variant key={variant.key} variant={variant} />
              ))}
            </ul>
          </section>
          <section>
            <h3 className="mb-2 font-semibold">Prices over time</h3>
            {data.price_history.length === 0 ? (
              <p className="text-soft">No price was told.</p>
            ) : (
              <ul className="divide-y divide-edge">
                {data.price_history.map(point => (
                  <Point key={`${point.variant} ${point.observed_at}`} point={point} />
                ))}
              </ul>
            )}
          </section>
        </div>
      )}
    </SidePanel>
  )
}

function Variant({ variant }: { variant: SupplierVariant }) {
  return (
    <li>
      <p className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="font-semibold wrap-anywhere">
          {variant.name ?? variant.key} {variant.gone && <Badge tone="bad">Gone</Badge>}
        </span>
        <span className="numeral">{priceText(variant.cost) ?? 'cost not told'}</span>
      </p>
      <p className="text-xs text-faint wrap-anywhere">
        {[variant.sku, variant.weight].filter(Boolean).join(' · ')}
      </p>
      {variant.shelves.length > 0 ? (
        <p className="text-soft">
          {variant.shelves
            .map(shelf =>
              shelf.verified
                ? `${countryName(shelf.country)}: ${stockText(shelf)}`
                : `${countryName(shelf.country)}: not counted`,
            )
            .join(', ')}
        </p>
      ) : (
        <p className="text-soft">Stock: {stockText(variant)}</p>
      )}
      {variant.shipping.map(offer => (
        <p key={offer.to ?? '*'} className="text-soft">
          {offer.to ? `To ${countryName(offer.to)}` : 'To everywhere'}:{' '}
          <span className="numeral">{priceText(offer.cost) ?? 'not told'}</span>
          {offer.min_days != null ? `, ${offer.min_days} to ${offer.max_days} days` : ', days not told'}
          <span className="text-xs text-faint"> · told {ageText(offer.observed_at)}</span>
        </p>
      ))}
    </li>
  )
}

function Point({ point }: { point: SupplierPricePoint }) {
  return (
    <li className="flex flex-wrap justify-between gap-x-4 py-1.5">
      <span className="wrap-anywhere">
        {point.variant}
        <span className="block text-xs text-faint">{momentText(point.observed_at)}</span>
      </span>
      <span className="numeral">{priceText(point.price)}</span>
    </li>
  )
}
