/** The limits of a store while somebody edits them: what is typed, what is wrong with it, and what is sent. */
import type { GuardrailLimits, Guardrails } from '@/shared/api/types'
import { typed, units } from '@/shared/format/units'

type RefundKey = 'refund_alone' | 'refund_day'
export type LimitKey = Exclude<keyof GuardrailLimits, 'hours' | RefundKey>

interface LimitField {
  key: LimitKey
  label: string
  help: string
  unit: '%' | 'changes' | 'hours'
}

export const GROUPS: { title: string; note: string; fields: LimitField[] }[] = [
  {
    title: 'Every change',
    note: 'Of people and of agents. Taking something back is never held up by these.',
    fields: [
      {
        key: 'price_step',
        label: 'One change of a price',
        help: 'Up or down, of what it is before.',
        unit: '%',
      },
      {
        key: 'price_day',
        label: 'All changes of a price in 24 hours',
        help: 'Together, so that many small steps are no large one.',
        unit: '%',
      },
      {
        key: 'operations_day',
        label: 'Changes in the store in 24 hours',
        help: 'Over all change-sets.',
        unit: 'changes',
      },
      {
        key: 'ad_budget',
        label: 'Raising an ad budget in 24 hours',
        help: 'All changes of one budget together. Lowering is not held up.',
        unit: '%',
      },
    ],
  },
  {
    title: 'Changes of agents',
    note: 'Whoever approved them.',
    fields: [
      {
        key: 'margin',
        label: 'Least margin',
        help: 'The share of a price that is left after the cost of the unit. Without a cost an agent changes no price.',
        unit: '%',
      },
      {
        key: 'cool_down',
        label: 'Leave alone after a change',
        help: 'No agent changes the same thing again before.',
        unit: 'hours',
      },
    ],
  },
]

export const REFUNDS: { key: RefundKey; label: string; help: string }[] = [
  {
    key: 'refund_alone',
    label: 'One refund',
    help: 'All refunds of one change-set together. Empty: as much as anybody likes.',
  },
  {
    key: 'refund_day',
    label: 'All refunds of one person in 24 hours',
    help: 'Those that the same person proposed and approved. Empty: as much as anybody likes.',
  },
]

const FIELDS = GROUPS.flatMap(group => group.fields)
/** 1500 ten-thousandths are 15 %. */
const digits = (field: LimitField) => (field.unit === '%' ? 2 : 0)

export interface Draft {
  values: Record<LimitKey, string>
  /** Empty: no such limit. */
  refunds: Record<RefundKey, string>
  /** Null: at any time. */
  hours: { from: number; to: number } | null
  reason: string
}

export function draftOf({ limits }: Guardrails): Draft {
  const texts = FIELDS.map(field => [field.key, typed(limits[field.key], digits(field))])
  return {
    values: Object.fromEntries(texts) as Draft['values'],
    refunds: { refund_alone: limits.refund_alone ?? '', refund_day: limits.refund_day ?? '' },
    hours: limits.hours ? { ...limits.hours } : null,
    reason: '',
  }
}

/** What the API takes, or what is wrong with each field. */
export function limitsOf(
  draft: Draft,
  found: Guardrails,
): { limits: GuardrailLimits } | { faults: Record<string, string> } {
  const faults: Record<string, string> = {}
  const limits: GuardrailLimits = { ...found.limits, hours: draft.hours }
  for (const field of FIELDS) {
    const value = units(draft.values[field.key], digits(field))
    const bounds = found.bounds.find(one => one.key === field.key)
    if (value === null) faults[`limits.${field.key}`] = 'Enter a number.'
    else if (bounds && (value < bounds.min || value > bounds.max))
      faults[`limits.${field.key}`] = `From ${boundsText(field, found)}.`
    else limits[field.key] = Number(value)
  }
  for (const { key } of REFUNDS) limits[key] = draft.refunds[key].trim() || null
  if (draft.hours && draft.hours.from === draft.hours.to)
    faults['limits.hours'] = 'The first and the last hour differ.'
  return Object.keys(faults).length > 0 ? { faults } : { limits }
}

/** "1 to 50 %" */
export function boundsText(field: LimitField, found: Guardrails): string {
  const bounds = found.bounds.find(one => one.key === field.key)
  if (!bounds) return ''
  const text = (value: number) => typed(value, digits(field))
  return `${text(bounds.min)} to ${text(bounds.max)} ${field.unit}`
}

/** "From 1 to 50 %; 20 where nothing is set." */
export function rangeText(field: LimitField, found: Guardrails): string {
  const usual = typed(found.defaults[field.key], digits(field))
  return `From ${boundsText(field, found)}; ${usual} where nothing is set.`
}

export function isChanged(draft: Draft, found: Guardrails): boolean {
  const before = draftOf(found)
  return (
    FIELDS.some(field => draft.values[field.key].trim() !== before.values[field.key]) ||
    REFUNDS.some(({ key }) => draft.refunds[key].trim() !== before.refunds[key]) ||
    JSON.stringify(draft.hours) !== JSON.stringify(before.hours)
  )
}

export const hourText = (hour: number) => `${String(hour).padStart(2, '0')}:00`
