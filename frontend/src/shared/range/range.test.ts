import { describe, expect, it } from 'vitest'
import { keepRange, parseRangeSearch, rangeDetail, rangeTitle, resolveRange } from './range'

const SPAN = { first_day: '2025-05-01', last_day: '2026-11-22' }
const TODAY = '2026-11-22'

describe('the period in the URL', () => {
  it('drops what it does not understand', () => {
    expect(parseRangeSearch({ range: 'fortnight', from: 'x', to: '2026-01-01', compare: 'mars' })).toEqual({})
  })
  it('puts swapped days right', () => {
    expect(parseRangeSearch({ from: '2026-02-10', to: '2026-02-01' })).toEqual({
      from: '2026-02-01',
      to: '2026-02-10',
    })
  })
  it('keeps period and store on the way to another page, not its filters', () => {
    expect(keepRange({ range: '7d', store: 's', q: 'mug', cursor: 'x' })).toEqual({
      range: '7d',
      store: 's',
      from: undefined,
      to: undefined,
      compare: undefined,
    })
  })
})

describe('the days of a period', () => {
  const days = (search: Parameters<typeof resolveRange>[0]) => {
    const { from, to } = resolveRange(search, SPAN, TODAY)
    return `${from}..${to}`
  }
  it('is the last 30 days against the previous ones without a choice', () => {
    expect(resolveRange({}, SPAN, TODAY)).toMatchObject({
      from: '2026-10-24',
      to: TODAY,
      compare: 'previous',
    })
  })
  it.each([
    ['today', '2026-11-22..2026-11-22'],
    ['yesterday', '2026-11-21..2026-11-21'],
    ['7d', '2026-11-16..2026-11-22'],
    ['mtd', '2026-11-01..2026-11-22'],
    ['last-month', '2026-10-01..2026-10-31'],
    ['ytd', '2026-01-01..2026-11-22'],
    ['12m', '2025-11-23..2026-11-22'],
    ['all', '2025-05-01..2026-11-22'],
  ] as const)('%s', (range, expected) => {
    expect(days({ range })).toBe(expected)
  })
  it('prefers chosen days to a preset', () => {
    expect(days({ range: '7d', from: '2026-01-05', to: '2026-01-06' })).toBe('2026-01-05..2026-01-06')
  })
  it('ends on the last day with orders when that lies far back, and says so', () => {
    const range = resolveRange({ range: '7d' }, { first_day: '2009-12-01', last_day: '2010-12-09' }, TODAY)
    expect(range).toMatchObject({ from: '2010-12-03', to: '2010-12-09', anchoredAt: '2010-12-09' })
    expect(rangeDetail(range)).toMatch(/last day with orders/)
    expect(rangeTitle(range)).toBe('Last 7 days')
  })
  it('can compare with nothing', () => {
    expect(resolveRange({ compare: 'none' }, SPAN, TODAY).compare).toBeNull()
  })
})
