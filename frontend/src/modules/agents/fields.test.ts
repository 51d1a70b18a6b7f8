import { describe, expect, it } from 'vitest'
import type { AgentField } from '@/shared/api/types'
import { entryOf, fieldText, isOutside, parsed, rangeText } from './fields'

const field = (unit: AgentField['unit'], more: Partial<AgentField> = {}): AgentField => ({
  key: 'k',
  label: 'K',
  help: '',
  unit,
  default: 0,
  min: 0,
  max: 1_000_000,
  ...more,
})

describe('settings as people read them', () => {
  it.each([
    ['share', 1500, '15', '15\u202f%'],
    ['share', 1234, '12.34', '12.34\u202f%'],
    ['ratio', 25_000, '2.5', '2.5\u202f×'],
    ['ratio', 1, '0.0001', '0.0001\u202f×'],
    ['money', 1990, '19.9', '$19.90'],
    ['days', 1, '1', '1 day'],
    ['hours', 36, '36', '36 hours'],
    ['count', 12, '12', '12'],
  ] as const)('%s %d is typed “%s” and read “%s”, and comes back', (unit, raw, text, read) => {
    expect(entryOf(field(unit), raw, 'USD')).toBe(text)
    expect(fieldText(field(unit), raw, 'USD')).toBe(read)
    expect(parsed(field(unit), text, 'USD')).toBe(raw)
  })
  it('money has the digits of its currency', () => {
    expect(parsed(field('money'), '1990', 'JPY')).toBe(1990)
    expect(parsed(field('money'), '19.90', 'JPY')).toBe(null)
    expect(parsed(field('money'), '1,5', 'USD')).toBe(150)
  })
  it.each(['', 'a lot', '1.234', '1 2'])('“%s” is no share', text => {
    expect(parsed(field('share'), text, 'USD')).toBeNull()
  })
  it('words are told apart by commas, and what is not set has its default', () => {
    expect(parsed(field('words'), ' vip, ,press ', 'USD')).toEqual(['vip', 'press'])
    expect(entryOf(field('flag', { default: 1 }), undefined, 'USD')).toBe(true)
    expect(entryOf(field('flag', { default: 1 }), false, 'USD')).toBe(false)
    expect(entryOf(field('share', { default: 50 }), undefined, 'USD')).toBe('0.5')
  })
  it('says its range in its own unit', () => {
    const margin = field('share', { default: 1500, max: 9000 })
    expect(rangeText(margin, 'USD')).toBe('From 0\u202f% to 90\u202f%; 15\u202f% where nothing is set.')
    expect(isOutside(margin, 9001)).toBe(true)
    expect(isOutside(margin, 9000)).toBe(false)
  })
})
