/** What change-sets are, in words; and how much money is at stake in them. */
import type {
  ChangeOperation,
  ChangeOperationState,
  ChangeSet,
  ChangeValue,
  Reversibility,
} from '@/shared/api/types'
import { add, approximate, magnitude, ratio, subtract } from '@/shared/format/decimal'
import { change, count, money, NONE } from '@/shared/format/money'
import type { Tone } from '@/shared/ui/Badge'

export const STATES: Record<ChangeOperationState, { label: string; tone: Tone }> = {
  proposed: { label: 'Proposed', tone: 'neutral' },
  rejected: { label: 'Left out', tone: 'neutral' },
  approved: { label: 'Waits its turn', tone: 'slate' },
  intended: { label: 'Being written', tone: 'slate' },
  applied: { label: 'Verified', tone: 'good' },
  already: { label: 'Was so already', tone: 'good' },
  drifted: { label: 'Changed meanwhile', tone: 'warn' },
  refused: { label: 'Refused here', tone: 'warn' },
  failed: { label: 'Failed', tone: 'bad' },
  unknown: { label: 'Not known', tone: 'bad' },
  compensated: { label: 'Put back', tone: 'warn' },
  skipped: { label: 'Not tried', tone: 'neutral' },
}

const REVERSIBILITY: Record<Reversibility, string> = {
  exact: 'It can be undone: everything goes back to exactly what it was.',
  compensating: 'It can be made up for, but what happened in between stays.',
  irreversible: 'It cannot be undone.',
}

export function reversibilityText(kind: Reversibility): string {
  return REVERSIBILITY[kind]
}

export function valueText(value: ChangeValue | null | undefined): string {
  if (!value) return NONE
  if (value.type === 'money') return money(value.amount, value.currency)
  if (value.type === 'number') return count(value.value)
  if (value.type === 'tags') return value.tags.length > 0 ? value.tags.join(', ') : 'no tags'
  return value.text
}

/** Numbers stand in line and are not broken; sentences are, and tags wherever they must. */
export function valueClass(value: ChangeValue | null | undefined): string {
  if (value?.type === 'text') return 'wrap-break-word'
  return value?.type === 'tags' ? 'wrap-anywhere' : 'numeral'
}

const MOVES_MONEY = new Set([
  'price',
  'compare_at_price',
  'inventory',
  'cancel_order',
  'refund_order',
  'discount',
  'end_discount',
  'purchase_order',
  'cancel_purchase',
  'ad_status',
  'ad_budget',
  'supplier_order',
])

/** Whether money moves with it that stands in no amount before and after. */
export function movesMoney(operations: ChangeOperation[]): boolean {
  return operations.some(one => MOVES_MONEY.has(one.kind))
}

export interface Stake {
  before: string
  after: string
  /** What changes, whichever way: rises and falls do not hide each other. */
  moved: string
  currency: string
}

/** The amounts that change, together; null where no money does. */
export function stakeOf(operations: ChangeOperation[]): Stake | null {
  let stake = null as Stake | null
  for (const { before, after } of operations) {
    if (before?.type !== 'money' || after?.type !== 'money') continue
    const moved = magnitude(subtract(after.amount, before.amount))
    stake = {
      before: add(stake?.before ?? '0', before.amount),
      after: add(stake?.after ?? '0', after.amount),
      moved: add(stake?.moved ?? '0', moved),
      currency: after.currency,
    }
  }
  return stake
}

/** "$120.00 → $127.20 in prices (+6.0 %)". */
export function stakeText(stake: Stake): string {
  const part = ratio(subtract(stake.after, stake.before), stake.before)
  const text = `${money(stake.before, stake.currency)} → ${money(stake.after, stake.currency)}`
  return part === null ? text : `${text} (${change(part)})`
}

/** Prices are of one unit; a refund, an order or a budget is the whole amount. */
export function perUnit(operations: ChangeOperation[]): string {
  const isPrice = (one: ChangeOperation) => one.kind === 'price' || one.kind === 'compare_at_price'
  return operations.every(isPrice) ? ', per unit of each' : ''
}

const HOUR_MS = 3_600_000
const SHORTEST_HOURS = 0.25

/** Money at stake × urgency: what is decided last loses most. Without money, the risk decides. */
export function weight(set: ChangeSet, now: number): number {
  const stake = stakeOf(set.operations)
  const expected = set.effect ? Math.abs(approximate(set.effect.mean)) : 0
  const atStake = Math.max(expected, stake ? approximate(stake.moved) : 0, set.risk.score / 1000)
  const hours = Math.max(SHORTEST_HOURS, (Date.parse(set.expires_at) - now) / HOUR_MS)
  return atStake / hours
}

/** "2 h", "3 d": how long one may still decide. */
export function leftText(until: string, now: number): string {
  const minutes = Math.round((Date.parse(until) - now) / 60_000)
  if (minutes <= 0) return 'over'
  if (minutes < 60) return `${minutes} min`
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h`
  return `${Math.floor(minutes / 1_440)} days`
}

export function proposerText(set: ChangeSet): string {
  return set.origin.kind === 'agent' ? `the agent ${set.proposed_by.name}` : set.proposed_by.name
}
