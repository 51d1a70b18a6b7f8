/** Settings between what the API counts in and what people read and type. */
import type { AgentField, AgentValue } from '@/shared/api/types'
import { money } from '@/shared/format/money'
import { digitsOf, typed, units } from '@/shared/format/units'

const RATIO_DIGITS = 4
/** 1500 ten-thousandths are 15 %. */
const PERCENT_DIGITS = 2

/** What stands in the form: a switch, or a text. */
export type Entry = boolean | string

function digitsIn(field: AgentField, currency: string): number {
  if (field.unit === 'share') return PERCENT_DIGITS
  if (field.unit === 'ratio') return RATIO_DIGITS
  return field.unit === 'money' ? digitsOf(currency) : 0
}

/** What is set, or the default of the field. */
export function entryOf(field: AgentField, value: AgentValue | undefined, currency: string): Entry {
  if (field.unit === 'flag') return value === undefined ? field.default !== 0 : value === true || value === 1
  if (field.unit === 'words') return Array.isArray(value) ? value.join(', ') : ''
  return typed(typeof value === 'number' ? value : field.default, digitsIn(field, currency))
}

/** What the API takes; null for what is no number of this kind. */
export function parsed(field: AgentField, entry: Entry, currency: string): AgentValue | null {
  if (field.unit === 'flag') return entry === true
  const text = String(entry)
  if (field.unit === 'words') {
    const words = text.split(',').map(word => word.trim())
    return words.filter(Boolean)
  }
  const found = units(text, digitsIn(field, currency))
  return found === null ? null : Number(found)
}

export function isOutside(field: AgentField, value: AgentValue | null): boolean {
  return typeof value === 'number' && (value < field.min || value > field.max)
}

export function fieldText(field: AgentField, raw: number, currency: string): string {
  const exact = typed(raw, digitsIn(field, currency))
  const text = exact.replace('-', '\u2212')
  switch (field.unit) {
    case 'share':
      return `${text}\u202f%`
    case 'ratio':
      return `${text}\u202f×`
    case 'money':
      return money(exact, currency)
    case 'flag':
      return raw === 0 ? 'off' : 'on'
    case 'count':
    case 'words':
      return text
    default:
      return `${text} ${raw === 1 ? field.unit.replace(/s$/, '') : field.unit}`
  }
}

/** "From 0 % to 90 %; 15 % where nothing is set." */
export function rangeText(field: AgentField, currency: string): string {
  if (field.unit === 'flag') return `${field.default === 0 ? 'Off' : 'On'} where nothing is set.`
  if (field.unit === 'words') return `Separated by commas, at most ${field.max}.`
  return `From ${limitsText(field, currency)}; ${fieldText(field, field.default, currency)} where nothing is set.`
}

/** "0 % to 90 %", "1 to 720 hours". */
export function limitsText(field: AgentField, currency: string): string {
  const [low, high] = [fieldText(field, field.min, currency), fieldText(field, field.max, currency)]
  // "0 to 100 points": a word is said once.
  return `${low.replace(/ [a-z]+$/, '')} to ${high}`
}

export function unitText(field: AgentField, currency: string): string | null {
  switch (field.unit) {
    case 'share':
      return '%'
    case 'ratio':
      return '×'
    case 'money':
      return currency
    case 'hours':
    case 'days':
    case 'points':
      return field.unit
    default:
      return null
  }
}

/** Whether it is other than what stands where nothing is set. */
export function isDefault(field: AgentField, value: AgentValue | null): boolean {
  if (Array.isArray(value)) return value.length === 0
  return Number(value) === field.default
}
