/** The lines of the profit-and-loss account, from the top. */
import type { Row } from '@/shared/api/types'
import type { AmountField } from '@/shared/figures/glossary'
import { compare, negate } from '@/shared/format/decimal'

export interface PnlLine {
  field: AmountField | 'orders' | 'units'
  level: 'total' | 'step' | 'count' | 'memo'
  /** Printed as what it takes away. */
  takes?: boolean
}

export const LINES: PnlLine[] = [
  { field: 'orders', level: 'count' },
  { field: 'units', level: 'count' },
  { field: 'gross_sales', level: 'total' },
  { field: 'discounts', level: 'step', takes: true },
  { field: 'returns', level: 'step', takes: true },
  { field: 'net_sales', level: 'total' },
  { field: 'shipping', level: 'step' },
  { field: 'tips', level: 'step' },
  { field: 'net_revenue', level: 'total' },
  { field: 'net_revenue_without_cost', level: 'step', takes: true },
  { field: 'cost_of_goods', level: 'step', takes: true },
  { field: 'cm1', level: 'total' },
  { field: 'shipping_cost', level: 'step', takes: true },
  { field: 'payment_fees', level: 'step', takes: true },
  { field: 'cm2', level: 'total' },
  { field: 'ad_spend', level: 'step', takes: true },
  { field: 'cm3', level: 'total' },
  { field: 'fixed_costs', level: 'step', takes: true },
  { field: 'net_profit', level: 'total' },
  { field: 'taxes', level: 'memo' },
  { field: 'duties', level: 'memo' },
  { field: 'gift_cards', level: 'memo' },
  { field: 'total_sales', level: 'memo' },
]

export function amountOf(row: Row, line: PnlLine): string | null {
  const value = row[line.field]
  if (value == null) return null
  const text = String(value)
  return line.takes && compare(text, '0') !== 0 ? negate(text) : text
}

/** "2026-02-14" → "14 Feb", "2026-W07" → "W07 2026", "2026-02" → "Feb 2026". */
export function columnTitle(key: string, locale: string): { top: string; sub: string } {
  const week = /^(\d{4})-W(\d{2})$/.exec(key)
  if (week) return { top: `Week ${Number(week[2])}`, sub: week[1] ?? '' }
  if (/^\d{4}-\d{2}$/.test(key)) {
    return { top: format(`${key}-01`, locale, { month: 'short' }), sub: key.slice(0, 4) }
  }
  if (/^\d{4}-\d{2}-\d{2}$/.test(key)) {
    return {
      top: format(key, locale, { day: 'numeric', month: 'short' }),
      sub: format(key, locale, { weekday: 'short' }),
    }
  }
  return { top: key, sub: '' }
}

function format(day: string, locale: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`))
}
