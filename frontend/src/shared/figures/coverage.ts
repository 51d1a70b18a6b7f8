/** How much of the profit is known, in a sentence. */
import type { Coverage, Share } from '@/shared/api/types'
import { share } from '@/shared/format/money'

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

/** Where each cost is told. */
export const TOLD_AT: Record<string, { tab?: string; state?: string }> = {
  cost_of_goods: { state: 'missing' },
  shipping_cost: { tab: 'shipping' },
  payment_fees: { tab: 'fees' },
  ad_spend: { tab: 'spend' },
  fixed_costs: { tab: 'fixed' },
}
