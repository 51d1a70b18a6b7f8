/** What a supplier shows of a product, through the server; a quiet mark where there is none, or it does not come. */
import { Image, ImageOff } from 'lucide-react'
import { useState } from 'react'
import { cx } from './cx'

const SIZES = {
  sm: { pixels: 40, box: 'size-10' },
  md: { pixels: 64, box: 'size-16' },
  lg: { pixels: 192, box: 'size-24 sm:size-48' },
} as const

interface SupplierPictureProps {
  /** The supplier's product; null where nobody offers it. */
  id: string | null | undefined
  title: string | null | undefined
  /** Whether the supplier tells one. */
  told: boolean
  size?: keyof typeof SIZES
  className?: string
}

export function SupplierPicture({ id, title, told, size = 'sm', className }: SupplierPictureProps) {
  // By product, so that the next one in the same place is tried.
  const [failed, setFailed] = useState<string>()
  const { pixels, box } = SIZES[size]
  const of = title ?? 'this product'
  const frame = cx('shrink-0 rounded-sm border border-rule bg-sunk', box, className)
  if (!id || !told || failed === id) {
    const Mark = failed === id && id ? ImageOff : Image
    const label = failed === id && id ? `The picture of ${of} cannot be shown` : `No picture of ${of}`
    return (
      <span role="img" aria-label={label} className={cx(frame, 'grid place-items-center text-faint')}>
        <Mark aria-hidden="true" className={size === 'lg' ? 'size-8' : 'size-4'} strokeWidth={1.5} />
      </span>
    )
  }
  return (
    <img
      src={`/v1/supplier-products/${encodeURIComponent(id)}/image`}
      alt={of}
      width={pixels}
      height={pixels}
      loading="lazy"
      decoding="async"
      onError={() => setFailed(id)}
      className={cx(frame, 'object-contain')}
    />
  )
}
