/** Opportunities in words: how they stand, what each factor asks, what an amount is and where it is from. */
import type {
  Opportunity,
  OpportunityStatus,
  ProfitPotential,
  ScoreFactor,
  SourcedAmount,
  SupplierLead,
  SupplierPlatform,
  SupplierPresence,
} from '@/shared/api/types'
import type { ChartTone } from '@/shared/charts/kinds'
import { money, NONE, number } from '@/shared/format/money'
import { asSentence, countryName } from '@/shared/format/words'
import type { Tone } from '@/shared/ui/Badge'

export const STATUSES: Record<OpportunityStatus, { label: string; tone: Tone }> = {
  proposed: { label: 'Waits', tone: 'brass' },
  snoozed: { label: 'Put off', tone: 'slate' },
  approved: { label: 'Launched as draft', tone: 'good' },
  rejected: { label: 'Rejected', tone: 'neutral' },
}

export const POTENTIALS: Record<ProfitPotential, { label: string; tone: Tone }> = {
  High: { label: 'High potential', tone: 'good' },
  Medium: { label: 'Medium potential', tone: 'brass' },
  Low: { label: 'Low potential', tone: 'neutral' },
}

export const PLATFORMS: Record<SupplierPlatform, string> = {
  autods: 'AutoDS',
  spocket: 'Spocket',
  cjdropshipping: 'CJdropshipping',
  printful: 'Printful',
  other: 'own list',
}

export const PRESENCE: Record<SupplierPresence, { label: string; tone: Tone }> = {
  in: { label: 'In stock', tone: 'good' },
  out: { label: 'Out of stock', tone: 'bad' },
  unknown: { label: 'Stock not told', tone: 'neutral' },
}

export const FACTORS: Record<ScoreFactor['name'], { label: string; asks: string }> = {
  margin: { label: 'Margin', asks: 'What is left of the price after all costs that are known' },
  trend: { label: 'Trend', asks: 'Whether more and more people look for it' },
  viability: { label: 'Market', asks: 'How own products of its type sell' },
  reliability: { label: 'Supplier', asks: 'How the supplier is rated' },
  shipping: { label: 'Delivery', asks: 'How long until it is with a customer' },
}

export const PARTS = [
  { key: 'product', label: 'Product', tone: 'slate' },
  { key: 'shipping', label: 'Shipping', tone: 'brass' },
  { key: 'duties', label: 'Duties', tone: 'warn' },
  { key: 'payment_fee', label: 'Payment fee', tone: 'slate' },
  { key: 'ad_cost', label: 'Advertising', tone: 'bad' },
] as const satisfies readonly { key: keyof Opportunity['landed_cost']; label: string; tone: ChartTone }[]

/** "$4.10 – $5.20", or one amount where both ends are the same; null where none is known. */
export function amountText({ value, low }: SourcedAmount, currency: string): string | null {
  if (value == null) return null
  return low == null || low === value
    ? money(value, currency)
    : `${money(low, currency)} – ${money(value, currency)}`
}

export function reasonOf({ reason }: SourcedAmount): string {
  return asSentence(reason ?? 'it is not known')
}

/** "38 %", or "35 – 42 %" where costs are a range; null where it is not known. */
export function marginText({ profit_margin: low, profit_margin_high: high }: Opportunity): string | null {
  if (low == null) return null
  const from = number(low, 1)
  const to = number(high ?? low, 1)
  return from === to ? `${from}\u202f%` : `${from} – ${to}\u202f%`
}

export function whyNoMargin({ unavailable }: Opportunity): string {
  return asSentence(unavailable.profit_margin ?? 'it is not known')
}

export function scoreText(score: number | null | undefined): string {
  return score == null ? NONE : number(score, 0)
}

export function intervalText({ interval }: Opportunity): string {
  return `${number(interval.low, 0)} – ${number(interval.high, 0)}`
}

/** The first of those who offer it: what it costs is counted with. */
export function leadText(lead: SupplierLead | undefined): string {
  if (!lead) return 'nobody offers it any more'
  const name = lead.supplier ?? 'a supplier without a name'
  return [
    `${name} (${PLATFORMS[lead.platform]})`,
    lead.ships_from && `from ${lead.ships_from}`,
    daysText(lead),
  ]
    .filter(Boolean)
    .join(', ')
}

/** Of an offer, or of one of its countries. */
export function daysText({
  min_days: min,
  max_days: max,
}: Pick<SupplierLead, 'min_days' | 'max_days'>): string | null {
  if (min == null || max == null) return null
  return min === max ? `${min} days` : `${min} – ${max} days`
}

/** By what an offer is taken for the same thing as another of these. */
export function sameText(lead: SupplierLead, all: readonly SupplierLead[]): string | null {
  const same = lead.same[0]
  if (!same) return null
  const other = all.find(one => one.supplier_product_id === same.supplier_product_id)
  const whose = other ? `${other.supplier ?? PLATFORMS[other.platform]}’s offer` : 'another offer'
  switch (same.by) {
    case 'person':
      return `Somebody said that it is the same as ${whose}`
    case 'barcode':
      return `The same barcode as ${whose} (${same.barcode})`
    case 'title':
      return `The same words in its title as ${whose}`
    case 'near_title':
      return `${same.words}\u202f% of the words in its title are those of ${whose}`
    case 'image':
      return `Nearly the same picture as ${whose}, and ${same.words}\u202f% of the words in its title`
  }
}

export function shipsToText(countries: readonly string[]): string {
  if (countries.length === 0) return 'Where it is sent to is not told'
  const named = countries.filter(code => code !== '*').map(countryName)
  const anywhere = countries.includes('*')
  if (named.length === 0) return 'Sent wherever the supplier sends to'
  return `Sent to ${named.join(', ')}${anywhere ? ' and wherever else the supplier sends to' : ''}`
}
