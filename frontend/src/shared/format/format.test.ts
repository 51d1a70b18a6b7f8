import { describe, expect, it } from 'vitest'
import { add, compare, magnitude, negate, ratio, sign, subtract } from './decimal'
import { change, inMoney, money, share } from './money'
import { addDays, ageText, byClockOf, daysBetween, durationText, endOfDay, todayIn, untilText } from './time'
import { countryName, words } from './words'

describe('decimal arithmetic', () => {
  it('adds where a float would not', () => {
    expect(add('0.10', '0.20')).toBe('0.30')
    expect(add('9007199254740993.01', '0.01')).toBe('9007199254740993.02')
  })
  it('keeps the finer scale', () => {
    expect(add('1', '0.005')).toBe('1.005')
    expect(subtract('1.00', '2.5')).toBe('-1.50')
  })
  it('knows signs, also of zero', () => {
    expect(sign('-0.00')).toBe(0)
    expect(sign('-0.01')).toBe(-1)
    expect(negate('0')).toBe('0')
    expect(magnitude('-12.30')).toBe('12.30')
    expect(compare('10', '9.99')).toBe(1)
  })
  it('refuses what is no decimal', () => {
    expect(() => add('1,00')).toThrow(RangeError)
    expect(() => add('1e3')).toThrow(RangeError)
    expect(() => add('')).toThrow(RangeError)
  })
  it('divides for shares, and not by zero', () => {
    expect(ratio('1', '3')).toBeCloseTo(0.333333, 6)
    expect(ratio('1', '0.00')).toBeNull()
  })
})

describe('money', () => {
  it('prints long amounts to the last cent', () => {
    expect(money('9007199254740993.01', 'USD')).toBe('$9,007,199,254,740,993.01')
  })
  it('is written in the reader’s way where the server tells it in a sentence', () => {
    expect(inMoney('16\u202f116.72 USD of sales and \u22120.99 EUR have no cost.')).toBe(
      '$16,116.72 of sales and −€0.99 have no cost.',
    )
    expect(inMoney('1\u202f234\u202f567 JPY, by 3 SKU of 2026.')).toBe('¥1,234,567, by 3 SKU of 2026.')
  })
  it('has a real minus', () => {
    expect(money('-1234.5', 'USD')).toBe('−$1,234.50')
  })
  it('follows the currency: none, two, three digits', () => {
    expect(money('1234', 'JPY')).toBe('¥1,234')
    expect(money('1.5', 'KWD')).toMatch(/1\.500/)
  })
  it('shows what is not known as a dash, never as zero', () => {
    expect(money(null, 'USD')).toBe('—')
    expect(money(undefined, 'USD')).toBe('—')
  })
  it('never rounds a share to nothing or to everything', () => {
    expect(share(0.004)).toBe('<\u202f1\u202f%')
    expect(share(0.9996)).toBe('99.9\u202f%')
    expect(share(1)).toBe('100\u202f%')
    expect(share(null)).toBe('—')
  })
  it('writes changes with their sign', () => {
    expect(change(0.124)).toBe('+12.4\u202f%')
    expect(change(-0.05)).toBe('−5.0\u202f%')
  })
})

describe('time', () => {
  it('counts days across the change of the clock', () => {
    expect(addDays('2026-03-28', 2)).toBe('2026-03-30')
    expect(daysBetween('2026-10-24', '2026-10-26')).toBe(2)
  })
  it('takes the day of the store, not of the reader', () => {
    const moment = new Date('2026-11-22T03:00:00Z')
    expect(todayIn('America/New_York', moment)).toBe('2026-11-21')
    expect(todayIn('Asia/Tokyo', moment)).toBe('2026-11-22')
    expect(todayIn('Nowhere/Land', moment)).toBe('2026-11-22')
  })
  it('tells ages', () => {
    const now = Date.parse('2026-11-22T12:00:00Z')
    expect(ageText('2026-11-22T11:59:58Z', now)).toBe('just now')
    expect(ageText('2026-11-22T11:30:00Z', now)).toBe('30 min ago')
    expect(ageText(null, now)).toBe('never')
    expect(durationText(7200)).toBe('2 h')
  })
})

describe('the end of a day', () => {
  it.each([
    ['2026-07-15', 'America/New_York', '2026-07-16T04:00:00.000Z'],
    ['2026-12-15', 'America/New_York', '2026-12-16T05:00:00.000Z'],
    // Clocks go back, and then forward: these days have 25 and 23 hours.
    ['2026-11-01', 'America/New_York', '2026-11-02T05:00:00.000Z'],
    ['2026-03-29', 'Europe/Copenhagen', '2026-03-29T22:00:00.000Z'],
    ['2026-12-15', 'Pacific/Kiritimati', '2026-12-15T10:00:00.000Z'],
    ['2026-12-15', 'Pacific/Pago_Pago', '2026-12-16T11:00:00.000Z'],
    // No midnight: the clock goes from 23:59:59 to 01:00.
    ['2026-04-23', 'Africa/Cairo', '2026-04-23T22:00:00.000Z'],
  ])('%s in %s', (day, zone, end) => {
    expect(endOfDay(day, zone).toISOString()).toBe(end)
    expect(untilText(end, zone)).toMatch(/^the end of /)
  })
  it('is told as that day, and every other moment as itself', () => {
    expect(byClockOf('America/New_York', '2026-12-16 05:00 UTC', untilText)).toBe('the end of Dec 15, 2026')
    expect(byClockOf('America/New_York', '2026-12-16 05:01 UTC', untilText)).toMatch(/^Dec 16, 2026, 12:01/)
    expect(byClockOf('America/New_York', 'until it is ended', untilText)).toBe('until it is ended')
  })
})

describe('words', () => {
  it('reads codes, known or not', () => {
    expect(words('PARTIALLY_REFUNDED')).toBe('Partially refunded')
    expect(words('some_new_code')).toBe('Some new code')
    expect(words(null)).toBe('—')
    expect(countryName('DE')).toBe('Germany')
    expect(countryName('unknown')).toBe('unknown')
  })
})
