/** What is bought together in words: shares with their intervals, and how sure it is. */
import type { BundleTogether, FoundTogether, Interval95, PairTogether } from '@/shared/api/types'
import { count, number } from '@/shared/format/money'
import { dayText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'

const percent = (part: number) => number(part * 100, part < 0.1 ? 1 : 0)

/** "38 % (29 – 48 %)" */
export function shareText({ low, value, high }: Interval95): string {
  return `${percent(value)}\u202f% (${percent(low)}\u202f–\u202f${percent(high)}\u202f%)`
}

/** "6.2 × (4.1 – 9.4)" */
export function liftText({ low, value, high }: Interval95): string {
  const digits = value < 10 ? 1 : 0
  return `${number(value, digits)}\u202f× (${number(low, digits)}\u202f–\u202f${number(high, digits)})`
}

/** "chance alone: 1 in 3 200 000" */
export function chanceText(p: number): string {
  if (p <= 0 || p < 1e-12) return 'less than 1 in a trillion'
  return `1 in ${count(Math.round(1 / p))}`
}

export function togetherText({ together, expected }: PairTogether | BundleTogether): string {
  const chance = number(expected, expected < 10 ? 1 : 0)
  return `${count(together)} ${plural(together, 'order')} with ${chance} expected by chance`
}

export function countedText(found: FoundTogether): string {
  return `${count(found.orders)} ${plural(found.orders, 'order')} from ${dayText(found.from, 'long')} to ${dayText(found.until, 'long')}`
}

/** Rows for the bundles of the inventory's settings: the bundle's own number is still to be entered. */
export function bundleRows(products: { variant_id?: string | null }[]): string {
  return products.map(({ variant_id: id }) => `,${id ?? ''},1`).join('\n')
}
