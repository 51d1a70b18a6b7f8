/** How much of the profit is known, in a sentence. */
import type { Coverage, Share } from '@/shared/api/types'
import { share } from '@/shared/format/money'
import { labelOf } from './glossary'

/** The part of net sales whose cost is known, actual or estimated; null when there were no sales. */
export function knownShare(part: Share | undefined): number | null {
  if (!part || (part.actual == null && part.estimated == null)) return null
  return Math.min(1, (part.actual ?? 0) + (part.estimated ?? 0))
}

export function coverageSentence(coverage: Coverage): string {
  const known = knownShare(coverage.cost)
  if (known === null) return 'No sales in this period, so there is nothing to cover.'
  if (known >= 1) return 'Profit known for all net sales.'
  if (known <= 0) return 'Profit known for none of the net sales: no product sold here has a cost.'
  return `Profit known for ${share(known)} of net sales.`
}

export interface Missing {
  field: string
  label: string
  reason: string
}

/** What a figure leaves out, each with its reason. */
export function leftOut(
  field: string,
  excludes: Record<string, string[]>,
  unavailable: Record<string, string>,
): Missing[] {
  return (excludes[field] ?? []).map(name => ({
    field: name,
    label: labelOf(name),
    reason: unavailable[name] ?? 'not connected',
  }))
}

export function leftOutSentence(missing: Missing[]): string | null {
  if (missing.length === 0) return null
  const names = missing.map(entry => entry.label.toLowerCase())
  const last = names.pop()
  const list = names.length > 0 ? `${names.join(', ')} and ${last}` : last
  return `Before ${list}: not told yet.`
}
