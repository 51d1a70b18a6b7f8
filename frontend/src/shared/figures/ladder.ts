/** The way from gross sales down to net profit, step by step, exact to the last digit. */
import type { Row } from '@/shared/api/types'
import { add, compare, magnitude, negate, sign, subtract } from '@/shared/format/decimal'
import { type AmountField, labelOf } from './glossary'

export interface Rung {
  key: string
  label: string
  field: AmountField | null
  kind: 'total' | 'step' | 'absent' | 'difference'
  /** A total's value, or what a step adds (negative where it takes away). */
  amount: string | null
  /** Where the bar begins and ends. */
  start: string
  end: string
  reason?: string | undefined
}

type Step = { field: AmountField; takes: boolean }

const PLAN: { steps: Step[]; total: AmountField }[] = [
  {
    steps: [
      { field: 'discounts', takes: true },
      { field: 'returns', takes: true },
    ],
    total: 'net_sales',
  },
  {
    steps: [
      { field: 'shipping', takes: false },
      { field: 'tips', takes: false },
    ],
    total: 'net_revenue',
  },
  {
    steps: [
      { field: 'net_revenue_without_cost', takes: true },
      { field: 'cost_of_goods', takes: true },
    ],
    total: 'cm1',
  },
  {
    steps: [
      { field: 'shipping_cost', takes: true },
      { field: 'payment_fees', takes: true },
    ],
    total: 'cm2',
  },
  { steps: [{ field: 'ad_spend', takes: true }], total: 'cm3' },
  { steps: [{ field: 'fixed_costs', takes: true }], total: 'net_profit' },
]

/** Nothing was added or taken, so the rung would only repeat the one above. */
const HIDE_WHEN_ZERO = new Set<AmountField>(['tips', 'net_revenue_without_cost', 'shipping'])

export function ladder(row: Row, unavailable: Record<string, string>): Rung[] {
  const rungs: Rung[] = []
  let level: string | null = row.gross_sales ?? null
  rungs.push(total('gross_sales', level, unavailable))
  for (const { steps, total: field } of PLAN) {
    const known = row[field] ?? null
    for (const step of steps) {
      const rung = stepRung(row, step, level, unavailable)
      if (!rung) continue
      rungs.push(rung)
      if (rung.kind === 'step') level = rung.end
    }
    if (known !== null && level !== null && compare(known, level) !== 0) {
      rungs.push({
        key: `${field}-difference`,
        label: differenceLabel(field),
        field: null,
        kind: 'difference',
        amount: subtract(known, level),
        start: level,
        end: known,
      })
    }
    if (field === 'cm3' && isAbsent(row, 'ad_spend') && known === (row.cm2 ?? null)) continue
    if (known === null && level === null) continue
    rungs.push(total(field, known, unavailable))
    level = known
    if (known === null) break
  }
  return rungs
}

function isAbsent(row: Row, field: AmountField): boolean {
  return row[field] == null
}

function total(field: AmountField, amount: string | null, unavailable: Record<string, string>): Rung {
  const end = amount ?? '0'
  return {
    key: field,
    label: labelOf(field),
    field,
    kind: 'total',
    amount,
    start: '0',
    end,
    reason: unavailable[field],
  }
}

function stepRung(
  row: Row,
  step: Step,
  level: string | null,
  unavailable: Record<string, string>,
): Rung | null {
  const value = row[step.field]
  const base = { key: step.field, label: labelOf(step.field), field: step.field }
  if (value == null) {
    const here = level ?? '0'
    return { ...base, kind: 'absent', amount: null, start: here, end: here, reason: unavailable[step.field] }
  }
  if (sign(value) === 0 && HIDE_WHEN_ZERO.has(step.field)) return null
  if (level === null) return null
  // Reductions come as magnitudes; one that is sent signed already means the same.
  const delta =
    step.takes && step.field !== 'cost_of_goods' && sign(value) < 0
      ? value
      : step.takes
        ? negate(value)
        : value
  return { ...base, kind: 'step', amount: delta, start: level, end: add(level, delta) }
}

/** What stands between a total and the steps that are told one by one. */
export function differenceLabel(field: AmountField): string {
  return field === 'cm2' ? 'Fees kept apart' : 'Other adjustments'
}

/** The largest absolute level of any rung: the full width of the drawing. */
export function widest(rungs: Rung[]): string {
  let most = '0'
  for (const rung of rungs) {
    for (const level of [rung.start, rung.end]) {
      const size = magnitude(level)
      if (compare(size, most) > 0) most = size
    }
  }
  return most
}
