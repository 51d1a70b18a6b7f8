/** An order while somebody writes it: what is typed, what it comes to, and what is wrong with it. */
import type {
  InventoryItem,
  NewPurchaseOrder,
  PurchaseOrder,
  PurchaseOutlook,
  Supplier,
} from '@/shared/api/types'
import { add } from '@/shared/format/decimal'
import { addDays } from '@/shared/format/time'
import { digitsOf, units } from '@/shared/format/units'

export interface LineDraft {
  variant: string
  title: string
  sku: string | null
  quantity: string
  /** What one costs, by the currency in which that was told: amounts of two currencies are never taken for each other. */
  costs: Readonly<Record<string, string>>
  /** Why so many. */
  why: string
}

export interface Draft {
  supplier: string
  expected: string
  pay: string
  note: string
  lines: LineDraft[]
}

/** Costs of small goods have more digits than money. */
const COST_DIGITS = 4
const MOST = 1_000_000

export function draftOf(order: PurchaseOrder | null): Draft {
  return {
    supplier: order?.supplier.id ?? '',
    expected: order?.expected_on ?? '',
    pay: order?.pay_on ?? '',
    note: order?.note ?? '',
    lines:
      order?.lines.map(line => ({
        variant: line.variant_id,
        title: line.title,
        sku: line.sku ?? null,
        quantity: String(line.quantity),
        costs: { [order.currency]: line.unit_cost },
        why: '',
      })) ?? [],
  }
}

/** As many as are suggested; where nothing is, the number is left to who orders. Costs of an inventory are in its store's currency. */
export function lineOf(item: InventoryItem, currency: string): LineDraft {
  const suggested = item.reorder.quantity ?? 0
  const why =
    suggested > 0
      ? `suggested: ${suggested}`
      : item.reorder.quantity === 0
        ? 'nothing is needed now'
        : 'no suggestion: see its page'
  return {
    variant: item.variant_id,
    title: item.title,
    sku: item.sku ?? null,
    quantity: suggested > 0 ? String(suggested) : '',
    costs: item.reorder.unit_cost == null ? {} : { [currency]: item.reorder.unit_cost },
    why,
  }
}

/** When goods of today are there, by what orders took, or by what the supplier says. */
export function expectedOn(supplier: Supplier | undefined, today: string): string {
  const days = supplier?.learned_lead?.mean_days ?? supplier?.lead_days
  return days == null ? '' : addDays(today, Math.ceil(days))
}

function countOf(text: string): number | null {
  const value = units(text, 0)
  return value === null || value < 1n || value > BigInt(MOST) ? null : Number(value)
}

/** What is typed for one in this currency. */
export const unitCostOf = (line: LineDraft, currency: string) => line.costs[currency] ?? ''

/** What is known of it in other currencies, where nothing is typed in this one. */
export function elsewhereOf(line: LineDraft, currency: string): [currency: string, cost: string][] {
  if (unitCostOf(line, currency).trim()) return []
  return Object.entries(line.costs).filter(([code, cost]) => code !== currency && cost.trim())
}

/** Exact, and rounded to the currency's smallest unit, half away from zero, as the server does. */
export function costOf(line: LineDraft, currency: string): string | null {
  const quantity = countOf(line.quantity)
  const cost = units(unitCostOf(line, currency), COST_DIGITS)
  if (quantity === null || cost === null || cost < 0n) return null
  const digits = digitsOf(currency)
  const by = 10n ** BigInt(COST_DIGITS - digits)
  const minor = (cost * BigInt(quantity) * 2n + by) / (by * 2n)
  const text = minor.toString().padStart(digits + 1, '0')
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/** Of the lines that can be counted already. */
export function totalOf(lines: LineDraft[], currency: string): string {
  return add('0', ...lines.flatMap(line => costOf(line, currency) ?? []))
}

export type Faults = Record<string, string>

export function orderOf(
  draft: Draft,
  storeId: string,
  currency: string,
): { order: NewPurchaseOrder } | { faults: Faults } {
  const faults: Faults = {}
  if (!draft.supplier) faults.supplier_id = 'Choose a supplier.'
  if (draft.lines.length === 0) faults.lines = 'An order has at least one line.'
  const lines = draft.lines.flatMap((line, index) => {
    const quantity = countOf(line.quantity)
    const typed = unitCostOf(line, currency)
    const cost = units(typed, COST_DIGITS)
    if (quantity === null) faults[`lines[${index}].quantity`] = 'A whole number from 1.'
    if (cost === null || cost < 0n) faults[`lines[${index}].unit_cost`] = `What one costs, in ${currency}.`
    if (quantity === null || cost === null || cost < 0n) return []
    return [{ variant_id: line.variant, quantity, unit_cost: typed.trim().replace(',', '.') }]
  })
  if (Object.keys(faults).length > 0) return { faults }
  return {
    order: {
      supplier_id: draft.supplier,
      store_id: storeId,
      expected_on: draft.expected || null,
      pay_on: draft.pay || null,
      note: draft.note.trim() || null,
      lines,
    },
  }
}

export interface CashPoint {
  day: string
  /** What open orders have taken by then, and with the one that is being written. */
  open: string
  with: string
  out: string
  units: number
}

/** Every day of the outlook, with the money that has gone by then. */
export function cashLine(outlook: PurchaseOutlook, extra?: { day: string; amount: string }): CashPoint[] {
  const told = new Map(outlook.days.map(day => [day.day, day]))
  const points: CashPoint[] = []
  let open = '0'
  let more = '0'
  for (let day = outlook.from; day <= outlook.to; day = addDays(day, 1)) {
    const found = told.get(day)
    if (found) open = add(open, found.cash_out)
    // What is paid before the first day has gone by then.
    if (extra && (extra.day === day || (day === outlook.from && extra.day < day))) more = extra.amount
    points.push({
      day,
      open,
      with: add(open, more),
      out: found?.cash_out ?? '0',
      units: found?.arriving_units ?? 0,
    })
  }
  return points
}
