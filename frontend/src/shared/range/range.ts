/** The period that a page looks at: what stands in the URL, and which days that means for a store. */
import { addDays, asUtc, daysBetween, isoDay, spanText } from '@/shared/format/time'

export const PRESETS = [
  { key: 'today', label: 'Today' },
  { key: 'yesterday', label: 'Yesterday' },
  { key: '7d', label: 'Last 7 days' },
  { key: '30d', label: 'Last 30 days' },
  { key: '90d', label: 'Last 90 days' },
  { key: 'mtd', label: 'This month' },
  { key: 'last-month', label: 'Last month' },
  { key: 'ytd', label: 'This year' },
  { key: '12m', label: 'Last 12 months' },
  { key: 'all', label: 'Everything' },
] as const

export type PresetKey = (typeof PRESETS)[number]['key']
export type CompareKey = 'previous' | 'year'

/** The query string of a page: texts, or nothing. */
export type PageSearch = Record<string, string | undefined>

/** Going to another page keeps the period and the store, and drops that page's own filters. */
export function keepRange(old: PageSearch): PageSearch {
  const { range, from, to, compare, store, currency } = old
  return { range, from, to, compare, store, currency }
}

/** The same on the way to what belongs to one store, whichever is chosen. */
export function keepRangeOf(store: string) {
  return (old: PageSearch): PageSearch => ({ ...keepRange(old), store })
}

/** What every page keeps in the URL. */
export interface RangeSearch {
  range?: PresetKey | undefined
  from?: string | undefined
  to?: string | undefined
  compare?: CompareKey | 'none' | undefined
  /** A store's id, or `all`. */
  store?: string | undefined
  /** Code of a currency into which amounts are converted; the usual one without. */
  currency?: string | undefined
}

/** Stands in the URL, and in the API, for all stores of the workspace together. */
export const ALL_STORES = 'all'

export interface Range {
  from: string
  to: string
  preset: PresetKey | null
  compare: CompareKey | null
  /** Set when the store's last order lies far back, so that "last 30 days" ends there and not today. */
  anchoredAt: string | null
}

export interface Span {
  first_day?: string | null
  last_day?: string | null
}

const DAY_SHAPE = /^\d{4}-\d{2}-\d{2}$/
const DEFAULT_PRESET: PresetKey = '30d'
/** A store that sold nothing for longer than this is read from its last day on. */
const STALE_AFTER_DAYS = 45

function isDay(value: unknown): value is string {
  return typeof value === 'string' && DAY_SHAPE.test(value) && !Number.isNaN(asUtc(value).getTime())
}

export function parseRangeSearch(search: Record<string, unknown>): RangeSearch {
  const result: RangeSearch = {}
  const preset = PRESETS.find(candidate => candidate.key === search.range)
  if (preset) result.range = preset.key
  if (isDay(search.from) && isDay(search.to)) {
    const swapped = search.from > search.to
    result.from = swapped ? search.to : search.from
    result.to = swapped ? search.from : search.to
  }
  if (search.compare === 'previous' || search.compare === 'year' || search.compare === 'none') {
    result.compare = search.compare
  }
  if (typeof search.store === 'string' && search.store) result.store = search.store
  if (typeof search.currency === 'string' && /^[A-Z]{3}$/.test(search.currency)) {
    result.currency = search.currency
  }
  return result
}

export function resolveRange(search: RangeSearch, span: Span, today: string): Range {
  const compare = search.compare === 'none' ? null : (search.compare ?? 'previous')
  if (search.from && search.to) {
    return { from: search.from, to: search.to, preset: null, compare, anchoredAt: null }
  }
  const preset = search.range ?? DEFAULT_PRESET
  const last = span.last_day
  const stale = last != null && daysBetween(last, today) > STALE_AFTER_DAYS
  const anchor = stale ? last : today
  const days = presetDays(preset, anchor, span.first_day ?? anchor)
  return { ...days, preset, compare, anchoredAt: stale ? last : null }
}

function presetDays(preset: PresetKey, anchor: string, first: string): { from: string; to: string } {
  const date = asUtc(anchor)
  const monthStart = isoDay(new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)))
  switch (preset) {
    case 'today':
      return { from: anchor, to: anchor }
    case 'yesterday':
      return { from: addDays(anchor, -1), to: addDays(anchor, -1) }
    case '7d':
      return { from: addDays(anchor, -6), to: anchor }
    case '30d':
      return { from: addDays(anchor, -29), to: anchor }
    case '90d':
      return { from: addDays(anchor, -89), to: anchor }
    case 'mtd':
      return { from: monthStart, to: anchor }
    case 'last-month': {
      const to = addDays(monthStart, -1)
      return { from: `${to.slice(0, 8)}01`, to }
    }
    case 'ytd':
      return { from: `${anchor.slice(0, 4)}-01-01`, to: anchor }
    case '12m':
      return { from: addDays(anchor, -364), to: anchor }
    case 'all':
      return { from: first < anchor ? first : anchor, to: anchor }
  }
}

export function rangeTitle(range: Range): string {
  const preset = PRESETS.find(candidate => candidate.key === range.preset)
  return preset ? preset.label : spanText(range.from, range.to)
}

export function rangeDetail(range: Range): string {
  const days = daysBetween(range.from, range.to) + 1
  const span = spanText(range.from, range.to)
  const length = days === 1 ? '' : ` · ${days} days`
  return range.anchoredAt ? `${span}${length} · ends on the last day with orders` : `${span}${length}`
}

export function compareLabel(compare: CompareKey | null): string {
  if (compare === 'previous') return 'previous period'
  if (compare === 'year') return 'a year before'
  return 'nothing'
}
