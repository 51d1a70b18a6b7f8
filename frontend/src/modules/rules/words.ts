/** Rules in words: what figures are called, how they are compared, and what is done. */

import { scheduleText } from '@/shared/agents/schedule'
import type { RuleComparator, RuleDocument, RuleFigure, RuleFigureSpec } from '@/shared/api/types'
import { money } from '@/shared/format/money'
import { digitsOf, typed } from '@/shared/format/units'

const COMPARATORS: Record<RuleComparator, string> = {
  at_least: 'is at least',
  at_most: 'is at most',
  above: 'is above',
  below: 'is below',
  equals: 'is',
  any_of: 'is one of',
  none_of: 'is none of',
}

const OF_NUMBERS = ['at_least', 'at_most', 'above', 'below', 'equals'] as const
const OF_WORDS = ['any_of', 'none_of'] as const

type Kind = RuleFigureSpec['kind']

/** How a figure of a kind can be compared. */
export function comparatorsOf(kind: Kind): readonly RuleComparator[] {
  if (kind === 'flag') return ['equals']
  return kind === 'word' || kind === 'tags' ? OF_WORDS : OF_NUMBERS
}

export function comparatorText(is: RuleComparator, kind: Kind): string {
  if (kind === 'tags') return is === 'any_of' ? 'have one of' : 'have none of'
  return COMPARATORS[is]
}

/** Words that the provider uses, where there are few. */
export const HINTS: Partial<Record<RuleFigure, string>> = {
  product_status: 'active, draft, archived',
  risk: 'low, medium, high',
  payment_state: 'paid, pending, authorized, refunded',
  fulfillment_state: 'unfulfilled, fulfilled, on_hold',
  country: 'Two letters, e.g. DE, US',
}

export function digitsIn(kind: Kind, currency: string): number {
  if (kind === 'share') return 2
  return kind === 'money' ? digitsOf(currency) : 0
}

export function unitText(kind: Kind, currency: string): string | null {
  switch (kind) {
    case 'share':
      return '%'
    case 'money':
      return currency
    case 'hours':
    case 'days':
      return kind
    default:
      return null
  }
}

/** A raw number as people read it. */
export function valueText(raw: number, kind: Kind, currency: string): string {
  const text = typed(raw, digitsIn(kind, currency))
  if (kind === 'money') return money(text, currency)
  const unit = unitText(kind, currency)
  return unit ? `${text}\u202f${unit}` : text
}

export const HOLD_REASONS = {
  high_risk_of_fraud: 'High risk of fraud',
  incorrect_address: 'Incorrect address',
  inventory_out_of_stock: 'Out of stock',
  awaiting_payment: 'Awaits payment',
  other: 'Other',
} as const

export const ROUNDINGS = {
  store: 'as most prices of the store end',
  ending99: 'ending in .99',
  whole: 'to whole units',
  exact: 'to the last digit',
} as const

export const ABOUTS = { variants: 'Products', orders: 'Orders' } as const

export const EVENTS: Record<string, string> = {
  'orders.changed': 'orders change',
  'products.changed': 'products change',
}

export function whenText(when: RuleDocument['when']): string {
  if (when.by === 'event') return `When ${EVENTS[when.event] ?? `“${when.event}” is told`}`
  return scheduleText(when.schedule) ?? `By the pattern ${when.schedule}`
}

const percent = (raw: number) => `${typed(Math.abs(raw), 2)}\u202f%`

export function thenText(then: RuleDocument['then']): string {
  switch (then.do) {
    case 'price_percent':
      return `${then.percent < 0 ? 'lower' : 'raise'} the price by ${percent(then.percent)}`
    case 'price_to_margin':
      return `set the price to a unit margin of ${percent(then.margin)}`
    case 'add_tags':
      return `add ${tagsText(then.tags)}`
    case 'remove_tags':
      return `remove ${tagsText(then.tags)}`
    case 'hold_order':
      return 'hold the order'
    case 'release_order':
      return 'release the order'
    case 'signal':
      return `signal ${then.event} to GitHub`
    default:
      return 'tell of it'
  }
}

function tagsText(tags: string[]): string {
  return `the ${tags.length === 1 ? 'tag' : 'tags'} ${tags.join(', ')}`
}

/** "stock is above 50 and units sold in 30 days is at most 2". */
export function ifText(given: RuleDocument['if'], figures: RuleFigureSpec[], currency: string): string {
  const told = given.conditions.map(({ figure, days, is, value }) => {
    const spec = figures.find(one => one.figure === figure)
    const kind = spec?.kind ?? 'count'
    const over = days ? ` in ${days} days` : ''
    const label = `${spec?.label ?? figure}${over}`
    if (typeof value === 'boolean') return `${label}: ${value ? 'yes' : 'no'}`
    const shown = Array.isArray(value) ? value.join(', ') : valueText(value, kind, currency)
    return `${label} ${comparatorText(is, kind)} ${shown}`
  })
  return told.join(given.match === 'all' ? ' and ' : ' or ')
}
