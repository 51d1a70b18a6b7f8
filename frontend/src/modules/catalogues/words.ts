/** How connected suppliers are spoken of. */
import type {
  SupplierAbility,
  SupplierAccount,
  SupplierChange,
  SupplierPrice,
  SupplierStock,
} from '@/shared/api/types'
import { count, money } from '@/shared/format/money'
import type { Tone } from '@/shared/ui/Badge'

export const STATES: Record<SupplierAccount['state'], { label: string; tone: Tone }> = {
  ok: { label: 'Works', tone: 'good' },
  degraded: { label: 'Works in part', tone: 'warn' },
  reauthorize: { label: 'Needs a new key', tone: 'bad' },
  down: { label: 'Does not answer', tone: 'bad' },
}

export const KINDS: Record<SupplierChange['kind'], { label: string; tone: Tone }> = {
  price: { label: 'Price', tone: 'slate' },
  stock: { label: 'Stock', tone: 'slate' },
  gone: { label: 'Gone', tone: 'bad' },
  back: { label: 'Back', tone: 'good' },
}

export const ABILITIES: Record<SupplierAbility, string> = {
  api: 'By its interface',
  api_yes_or_no: 'By its interface, yes or no',
  api_or_file: 'By its interface or a file',
  file: 'By a file',
  file_yes_or_no: 'By a file, yes or no',
  delegated: 'Its own app in your shop',
  observed: 'Read off your orders',
  none: 'Not supported',
}

/** Null where it is not told. */
export function priceText(price: SupplierPrice | null | undefined): string | null {
  if (!price) return null
  const low = money(price.low, price.currency)
  return price.low === price.high ? low : `${low} to ${money(price.high, price.currency)}`
}

export function stockText(stock: SupplierStock | null | undefined): string {
  if (!stock || stock.presence === 'unknown') return 'not known'
  if (stock.quantity != null) return count(stock.quantity)
  return stock.presence === 'in' ? 'there' : 'none'
}

/** "$9.50 → $9.90", "12 → 0", or what it became. */
export function newsText(change: SupplierChange): string {
  switch (change.kind) {
    case 'price':
      return `${priceText(change.price_from) ?? 'not told'} → ${priceText(change.price_to) ?? 'not told'}`
    case 'stock':
      return `${stockText(change.stock_from)} → ${stockText(change.stock_to)}`
    case 'gone':
      return 'not sold any more'
    case 'back':
      return 'sold again'
  }
}
