/** Whole smallest units out of what people type, and back. */

const DECIMAL = /^([-+\u2212]?)(\d{1,15})(?:\.(\d{1,6}))?$/

/** How many digits the smallest unit of a currency has. */
export function digitsOf(currency: string): number {
  try {
    return (
      new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ??
      2
    )
  } catch {
    return 2
  }
}

/** In units of the given decimal place; null for what is no number, or finer than that. */
export function units(text: string, digits: number): bigint | null {
  const match = DECIMAL.exec(text.trim().replace(',', '.'))
  if (!match) return null
  const [, sign, whole = '0', given = ''] = match
  const fraction = given.replace(/0+$/, '')
  if (fraction.length > digits) return null
  const value = BigInt(whole + fraction.padEnd(digits, '0'))
  return sign === '-' || sign === '\u2212' ? -value : value
}

/** 1500 with two digits is "15", 1234 is "12.34": without zeros that say nothing. */
export function typed(value: number, digits: number): string {
  const size = Math.abs(value)
    .toString()
    .padStart(digits + 1, '0')
  const whole = size.slice(0, size.length - digits)
  const fraction = digits > 0 ? size.slice(-digits).replace(/0+$/, '') : ''
  return `${value < 0 ? '-' : ''}${whole}${fraction && `.${fraction}`}`
}
