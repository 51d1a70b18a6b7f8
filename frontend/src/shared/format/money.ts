/** Amounts, counts and shares as people read them. Amounts stay decimal strings until Intl prints them. */
import { sign } from './decimal'

function readingLocale(): string {
  const wanted = globalThis.navigator?.languages ?? []
  return wanted.find(language => language.startsWith('en')) ?? 'en-US'
}

export const locale = readingLocale()
export const NONE = '—'
const MINUS = '\u2212'

const printers = new Map<string, Intl.NumberFormat>()

function printer(key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const kept = printers.get(key)
  if (kept) return kept
  const made = new Intl.NumberFormat(locale, options)
  printers.set(key, made)
  return made
}

type MoneyStyle = 'exact' | 'whole' | 'compact' | 'signed'

const STYLES: Record<MoneyStyle, Intl.NumberFormatOptions> = {
  exact: {},
  whole: { maximumFractionDigits: 0 },
  compact: { notation: 'compact', maximumFractionDigits: 1 },
  signed: { signDisplay: 'exceptZero' },
}

/** Prints "-1234.5" USD as "−$1,234.50". A currency that Intl does not know is printed with its code. */
export function money(
  value: string | null | undefined,
  currency: string,
  style: MoneyStyle = 'exact',
): string {
  if (value == null) return NONE
  const options = { style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...STYLES[style] } as const
  const text = printer(`${currency}/${style}`, options).format(value as Intl.StringNumericLiteral)
  return text.replace('-', MINUS)
}

/** As the server writes amounts into its sentences: "16\u202f116.72 USD". */
const TOLD = /(\u2212?)(\d{1,3}(?:\u202f\d{3})*(?:\.\d+)?) ([A-Z]{3})\b/g

/** A sentence of the server, with its amounts as the reader's own language writes them. */
export function inMoney(sentence: string): string {
  return sentence.replace(TOLD, (told: string, minus: string, digits: string, code: string) => {
    if (!Intl.supportedValuesOf('currency').includes(code)) return told
    return money(`${minus && '-'}${digits.replaceAll('\u202f', '')}`, code)
  })
}

export function count(value: number | null | undefined): string {
  if (value == null) return NONE
  return printer('count', { maximumFractionDigits: 0 }).format(value).replace('-', MINUS)
}

export function number(value: number, digits: number, notation: 'standard' | 'compact' = 'standard'): string {
  return printer(`number/${digits}/${notation}`, { maximumFractionDigits: digits, notation })
    .format(value)
    .replace('-', MINUS)
}

/** 0.9234 → "92 %"; never rounds a share that is not whole up to 100 or down to 0. */
export function share(value: number | null | undefined): string {
  if (value == null) return NONE
  const percent = value * 100
  if (percent > 0 && percent < 1) return '<\u202f1\u202f%'
  if (percent > 99 && percent < 100) return `${(Math.floor(percent * 10) / 10).toFixed(1)}\u202f%`
  return `${Math.round(percent)}\u202f%`
}

/** A change such as 0.124 → "+12.4 %". */
export function change(value: number, digits = Math.abs(value) >= 10 ? 0 : 1): string {
  const text = (Math.abs(value) * 100).toFixed(digits)
  const mark = value > 0 ? '+' : value < 0 ? MINUS : '±'
  return `${mark}${text}\u202f%`
}

export function isNegative(value: string | null | undefined): boolean {
  return value != null && sign(value) < 0
}
