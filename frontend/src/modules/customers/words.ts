/** Words for values that have an interval, a reason or a month. */
import type { Estimate } from '@/shared/api/types'
import { locale, money } from '@/shared/format/money'

/** "$41 – $46 (95 %), 812 customers". */
export function estimateText(estimate: Estimate, currency: string): string {
  const who = `${new Intl.NumberFormat(locale).format(estimate.customers)} customers`
  if (estimate.low == null || estimate.high == null) return `no interval from only ${who}`
  return `${money(estimate.low, currency)} – ${money(estimate.high, currency)} (95\u202f%), ${who}`
}

const months = new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric', timeZone: 'UTC' })

/** "2026-02" → "Feb 2026". */
export function monthText(month: string): string {
  return months.format(new Date(`${month}-01T00:00:00Z`))
}
