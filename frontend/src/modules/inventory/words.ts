/** How stock stands, in words: how soon it runs out, what is the matter with it, and why something is not known. */
import type { InventoryItem, StockState, Urgency } from '@/shared/api/types'
import { NONE, number } from '@/shared/format/money'
import { dayText } from '@/shared/format/time'
import { asSentence, plural } from '@/shared/format/words'
import type { Tone } from '@/shared/ui/Badge'

export const URGENCIES: Record<Urgency, { label: string; tone: Tone }> = {
  out: { label: 'Out of stock', tone: 'bad' },
  critical: { label: 'Under 3 days', tone: 'bad' },
  high: { label: 'Under 7 days', tone: 'warn' },
  medium: { label: 'Under 14 days', tone: 'brass' },
  low: { label: 'Enough', tone: 'good' },
  unknown: { label: 'Not known', tone: 'neutral' },
}

export const STATES: Record<StockState, { label: string; tone: Tone }> = {
  reorder: { label: 'To reorder', tone: 'brass' },
  overstock: { label: 'Overstock', tone: 'slate' },
  dead: { label: 'Dead stock', tone: 'neutral' },
  slow: { label: 'Slow', tone: 'neutral' },
  untracked: { label: 'Not counted', tone: 'neutral' },
}

export const ABC: Record<InventoryItem['abc'], string> = {
  a: 'A: brings the first 80 % of the margin',
  b: 'B: the next 15 %',
  c: 'C: the rest',
  unknown: 'Not known',
}

export const XYZ: Record<InventoryItem['xyz'], string> = {
  x: 'X: sells steadily',
  y: 'Y: changes',
  z: 'Z: erratic',
  unknown: 'Not known',
}

/** Why a figure is not known: by its own name, or by that of what it is made of, as the answer names its fields. */
export function reasonOf(unavailable: Record<string, string>, ...names: string[]): string | undefined {
  for (const name of names) {
    const found = unavailable[name]
    if (found) return asSentence(found)
  }
  return undefined
}

const NO_COVER = 'How long it lasts needs a forecast and a count of the stock.'

export function whyNoCover({ unavailable }: InventoryItem): string {
  return reasonOf(unavailable, 'cover_days', 'available', 'demand.per_day') ?? NO_COVER
}

export function whyNoReorder({ unavailable }: InventoryItem): string {
  return (
    reasonOf(unavailable, 'reorder.quantity', 'lead_time', 'available', 'demand.per_day') ??
    'It is not known.'
  )
}

export function days(value: number): string {
  return `${number(value, value < 10 ? 1 : 0)} ${plural(value, 'day')}`
}

export function unitsText(value: number | null | undefined): string {
  return value == null ? NONE : number(value, 1)
}

/** "between Dec 3 and Dec 9", as far as the ends are known. */
export function between(
  earliest: string | null | undefined,
  latest: string | null | undefined,
): string | undefined {
  if (!earliest) return undefined
  const from = dayText(earliest, 'axis')
  return latest ? `${from} – ${dayText(latest, 'axis')}` : `${from} or later`
}

/** When nothing is left, in short. */
export function stockOutText({ stock_out: out, urgency, cover_days: cover }: InventoryItem): string {
  if (urgency === 'out') return 'now'
  if (out?.expected) return dayText(out.expected, 'axis')
  if (out?.earliest) return `not before ${dayText(out.earliest, 'axis')}`
  return cover == null && urgency === 'unknown' ? NONE : 'not within a year'
}

const SOURCES = {
  variant: 'set for this variant',
  vendor: 'set for its vendor',
  store: 'set for the store',
} as const

export function leadTimeSource(lead: NonNullable<InventoryItem['lead_time']>): string {
  if (lead.source !== 'orders') return SOURCES[lead.source]
  return `learned from ${lead.orders} own ${plural(lead.orders, 'order')}`
}

export function leadTimeText(lead: NonNullable<InventoryItem['lead_time']>): string {
  return lead.sd_days > 0 ? `${days(lead.mean_days)} ± ${number(lead.sd_days, 1)}` : days(lead.mean_days)
}

/** The last day to order, or that it is over. */
export function orderByText(
  day: string | null | undefined,
  today: string,
  style: 'short' | 'axis' = 'axis',
): string | undefined {
  if (!day) return undefined
  return day <= today ? 'at once' : dayText(day, style)
}
