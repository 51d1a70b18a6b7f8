/** The lines of the profit-and-loss account, from the top. */
import type { Row } from '@/shared/api/types'
import type { AmountField } from '@/shared/figures/glossary'
import { add, compare, negate } from '@/shared/format/decimal'
import { addDays, asUtc } from '@/shared/format/time'

export interface PnlLine {
  field: AmountField | 'orders' | 'units' | 'fees_kept_apart'
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
  { field: 'fees_kept_apart', level: 'step' },
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
  if (line.field === 'fees_kept_apart') return feesKeptApart(row)
  const value = row[line.field]
  if (value == null) return null
  const text = String(value)
  return line.takes && compare(text, '0') !== 0 ? negate(text) : text
}

/** Fees on revenue without known cost are no part of CM2: what that adds back. */
function feesKeptApart(row: Row): string | null {
  if (row.cm1 == null || row.cm2 == null) return null
  return add(row.cm2, negate(row.cm1), row.payment_fees ?? '0', row.shipping_cost ?? '0')
}

/** Lines that would say nothing but zero in every column are left out. */
export function linesFor(rows: Row[]): PnlLine[] {
  const optional = new Set<PnlLine['field']>(['tips', 'fees_kept_apart', 'duties', 'gift_cards'])
  return LINES.filter(line => {
    if (!optional.has(line.field)) return true
    return rows.some(row => compare(amountOf(row, line) ?? '0', '0') !== 0)
  })
}

/** "2026-02-14" → "14 Feb", "2026-W07" → "Week 7 from 9 Feb", "2026-02" → "Feb 2026". */
export function columnTitle(key: string, locale: string): { top: string; sub: string } {
  const week = /^(\d{4})-W(\d{2})$/.exec(key)
  if (week) {
    const monday = mondayOf(Number(week[1]), Number(week[2]))
    return {
      top: `Week ${Number(week[2])}`,
      sub: `from ${format(monday, locale, { day: 'numeric', month: 'short' })}`,
    }
  }
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

/** ISO 8601: the week with the year's first Thursday is week 1. */
function mondayOf(year: number, week: number): string {
  const fourth = `${year}-01-04`
  const weekday = asUtc(fourth).getUTCDay() || 7
  return addDays(fourth, (week - 1) * 7 - (weekday - 1))
}

const printers = new Map<string, Intl.DateTimeFormat>()

function format(day: string, locale: string, options: Intl.DateTimeFormatOptions): string {
  const key = [locale, ...Object.entries(options).flat()].join('/')
  const printer = printers.get(key) ?? new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' })
  printers.set(key, printer)
  return printer.format(asUtc(day))
}
