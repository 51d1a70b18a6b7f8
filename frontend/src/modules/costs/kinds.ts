/** The kinds of inputs that are edited as lists: their addresses, their fields, how a row reads. */
import type { CostEntry } from '@/shared/api/types'

export type ListKind = 'shipping_rate' | 'fee_rule' | 'ad_spend' | 'fixed_cost'
export type Kind = ListKind | 'variant_cost'

export interface FieldDef {
  name: string
  label: string
  type: 'text' | 'amount' | 'whole' | 'day' | 'choice'
  help?: string
  optional?: boolean
  options?: { value: string; label: string }[]
  /** What an empty form begins with. */
  initial?: string
}

const CURRENCY: FieldDef = {
  name: 'currency',
  label: 'Currency',
  type: 'text',
  optional: true,
  help: 'Three letters. The store’s own when empty.',
}
const VALID_FROM: FieldDef = {
  name: 'valid_from',
  label: 'Valid from',
  type: 'day',
  optional: true,
  help: 'In the store’s calendar. Empty: since ever.',
}

export const FIELDS: Record<Kind, FieldDef[]> = {
  variant_cost: [
    { name: 'amount', label: 'Cost of one unit', type: 'amount', help: 'May have more decimals: 4.125' },
    CURRENCY,
    VALID_FROM,
  ],
  shipping_rate: [
    {
      name: 'country',
      label: 'Country',
      type: 'text',
      optional: true,
      help: 'Two letters such as DE. Empty: the rest of the world.',
    },
    { name: 'amount', label: 'Cost', type: 'amount' },
    {
      name: 'per',
      label: 'For each',
      type: 'choice',
      initial: 'order',
      options: [
        { value: 'order', label: 'Order' },
        { value: 'item', label: 'Unit sent' },
      ],
    },
    { name: 'min_grams', label: 'From weight (g)', type: 'whole', optional: true },
    { name: 'max_grams', label: 'Below weight (g)', type: 'whole', optional: true },
    { name: 'min_value', label: 'From order value', type: 'amount', optional: true },
    { name: 'max_value', label: 'Below order value', type: 'amount', optional: true },
    CURRENCY,
    VALID_FROM,
  ],
  fee_rule: [
    { name: 'gateway', label: 'Gateway', type: 'text', help: 'As the store names it, for example paypal.' },
    { name: 'percent', label: 'Percent of the payment', type: 'amount', help: 'For example 2.9' },
    { name: 'fixed', label: 'Fixed part', type: 'amount', initial: '0' },
    CURRENCY,
    VALID_FROM,
  ],
  ad_spend: [
    { name: 'day', label: 'Day', type: 'day' },
    { name: 'channel', label: 'Channel', type: 'text', help: 'Where it ran, for example meta.' },
    { name: 'campaign', label: 'Campaign', type: 'text', optional: true },
    { name: 'amount', label: 'Spent', type: 'amount', help: '0 says that nothing was spent.' },
    CURRENCY,
  ],
  fixed_cost: [
    { name: 'name', label: 'Name', type: 'text', help: 'Rent, wages, software …' },
    { name: 'amount', label: 'Amount', type: 'amount' },
    {
      name: 'cadence',
      label: 'For each',
      type: 'choice',
      initial: 'month',
      options: [
        { value: 'day', label: 'Day' },
        { value: 'week', label: 'Seven days' },
        { value: 'month', label: 'Calendar month' },
        { value: 'once', label: 'The whole span' },
      ],
    },
    { name: 'from', label: 'First day', type: 'day' },
    { name: 'to', label: 'Last day', type: 'day', optional: true, help: 'Empty: it goes on.' },
    CURRENCY,
  ],
}

export type Values = Record<string, string>
export type Content = CostEntry

/** What a form begins with: the entry that is edited, or nothing. */
export function valuesOf(kind: Kind, entry: object | undefined): Values {
  const known = (entry ?? {}) as Record<string, unknown>
  return Object.fromEntries(
    FIELDS[kind].map(field => {
      const value = known[field.name]
      return [field.name, value == null ? (entry ? '' : (field.initial ?? '')) : String(value)]
    }),
  )
}

/** What is sent: texts as they were typed, whole numbers as numbers, nothing for what is empty. */
export function contentOf(kind: Kind, values: Values, more: Record<string, string>): Record<string, unknown> {
  const content: Record<string, unknown> = { kind, ...more }
  for (const field of FIELDS[kind]) {
    const text = (values[field.name] ?? '').trim()
    if (text === '') continue
    content[field.name] = field.type === 'whole' ? Number(text) : text
  }
  return content
}

/** What cannot be sent like this, by field. The server has the last word on the rest. */
export function mistakes(kind: Kind, values: Values): Record<string, string> {
  const found: Record<string, string> = {}
  for (const field of FIELDS[kind]) {
    const text = (values[field.name] ?? '').trim()
    if (text === '') {
      if (!field.optional) found[field.name] = 'This is needed.'
    } else if (field.type === 'amount' && !/^-?\d+(\.\d+)?$/.test(text)) {
      found[field.name] = 'Write a number with a point, for example 4.50.'
    } else if (field.type === 'amount' && text.startsWith('-')) {
      found[field.name] = 'This cannot be negative.'
    } else if (field.type === 'whole' && !/^\d+$/.test(text)) {
      found[field.name] = 'Write a whole number.'
    }
  }
  return found
}
