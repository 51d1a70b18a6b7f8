/** Exact arithmetic on decimal strings such as "-1234.50". Money never passes through a float. */

interface Decimal {
  units: bigint
  scale: number
}

const SHAPE = /^([-+]?)(\d+)(?:\.(\d+))?$/

function parse(text: string): Decimal {
  const match = SHAPE.exec(text.trim())
  if (!match) throw new RangeError(`not a decimal: ${text}`)
  const [, sign, whole = '0', fraction = ''] = match
  const units = BigInt(whole + fraction)
  return { units: sign === '-' ? -units : units, scale: fraction.length }
}

function rescale(value: Decimal, scale: number): bigint {
  return value.units * 10n ** BigInt(scale - value.scale)
}

function print(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  const fraction = scale > 0 ? `.${digits.slice(-scale)}` : ''
  return `${units < 0n ? '-' : ''}${whole}${fraction}`
}

export function add(...values: string[]): string {
  const parsed = values.map(parse)
  const scale = Math.max(0, ...parsed.map(value => value.scale))
  return print(
    parsed.reduce((sum, value) => sum + rescale(value, scale), 0n),
    scale,
  )
}

export function negate(value: string): string {
  const { units, scale } = parse(value)
  return print(-units, scale)
}

export function subtract(left: string, right: string): string {
  return add(left, negate(right))
}

export function compare(left: string, right: string): -1 | 0 | 1 {
  const difference = parse(subtract(left, right)).units
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

export function sign(value: string): -1 | 0 | 1 {
  return compare(value, '0')
}

export function magnitude(value: string): string {
  return sign(value) < 0 ? negate(value) : print(parse(value).units, parse(value).scale)
}

/** `part / whole` to four digits, or null when nothing can be divided. For shares and changes, never for amounts. */
export function ratio(part: string, whole: string): number | null {
  const a = parse(part)
  const b = parse(whole)
  if (b.units === 0n) return null
  const scale = Math.max(a.scale, b.scale)
  return Number((rescale(a, scale) * 1_000_000n) / rescale(b, scale)) / 1_000_000
}

/** An average: `total / parts` to the digits of the total, half away from zero. */
export function divide(total: string, parts: number): string {
  const { units, scale } = parse(total)
  const by = BigInt(parts)
  if (by <= 0n) throw new RangeError(`cannot be divided by ${parts}`)
  const size = units < 0n ? -units : units
  const rounded = (size * 2n + by) / (by * 2n)
  return print(units < 0n ? -rounded : rounded, scale)
}

/** For geometry only: where a point is drawn. */
export function approximate(value: string): number {
  return Number(value)
}
