/** New prices from old ones: exact to the currency's last digit, halves away from zero. */
import { digitsOf, units } from '@/shared/format/units'

export type Rule =
  | { kind: 'set'; value: string }
  /** In percent: "-10" is a tenth less. */
  | { kind: 'percent'; value: string }
  | { kind: 'amount'; value: string }

export type Ending = 'none' | '99' | '95' | '00'

function divideRounded(value: bigint, by: bigint): bigint {
  const size = value < 0n ? -value : value
  const rounded = (size * 2n + by) / (by * 2n)
  return value < 0n ? -rounded : rounded
}

const PERCENT_DIGITS = 4
const WHOLE_PERCENT = 10n ** BigInt(PERCENT_DIGITS + 2)

function ruled(price: bigint, rule: Rule, digits: number): bigint | null {
  if (rule.kind === 'percent') {
    const percent = units(rule.value, PERCENT_DIGITS)
    return percent === null ? null : divideRounded(price * (WHOLE_PERCENT + percent), WHOLE_PERCENT)
  }
  const value = units(rule.value, digits)
  if (value === null) return null
  return rule.kind === 'set' ? value : price + value
}

/** The nearest price with that ending; never below the smallest such price. */
function ended(price: bigint, ending: Ending, digits: number): bigint {
  if (ending === 'none' || digits !== 2) return price
  const end = BigInt(ending)
  const nearest = divideRounded(price - end, 100n) * 100n + end
  return nearest > 0n ? nearest : end === 0n ? 100n : end
}

/** The price by the rule, or null where it says nothing or leads to no price above zero. */
export function newPrice(price: string, rule: Rule, ending: Ending, currency: string): string | null {
  const digits = digitsOf(currency)
  const old = units(price, digits)
  if (old === null) return null
  const raw = ruled(old, rule, digits)
  if (raw === null || raw <= 0n) return null
  const text = ended(raw, ending, digits)
    .toString()
    .padStart(digits + 1, '0')
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`
}
