/** Words for values that have an interval, a reason or a month. */
import type { Estimate } from '@/shared/api/types'
import { count, money } from '@/shared/format/money'
import { monthText as monthOf } from '@/shared/format/time'

/** "$41 – $46 (95 %), 812 customers". */
export function estimateText(estimate: Estimate, currency: string): string {
  const who = `${count(estimate.customers)} customers`
  if (estimate.low == null || estimate.high == null) return `no interval from only ${who}`
  return `${money(estimate.low, currency)} – ${money(estimate.high, currency)} (95\u202f%), ${who}`
}

/** "2026-02" → "Feb 2026". */
export function monthText(month: string): string {
  return monthOf(`${month}-01`)
}
