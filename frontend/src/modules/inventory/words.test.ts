import { describe, expect, it } from 'vitest'
import { between, orderByText, reasonOf } from './words'

describe('why something is not known', () => {
  it('is told by its own name first, then by what it is made of', () => {
    const told = {
      'reorder.quantity': 'no lead time',
      'reorder.point': 'no service level',
      available: 'not counted',
    }
    expect(reasonOf(told, 'reorder.point', 'available')).toBe('No service level.')
    expect(reasonOf(told, 'reorder.safety_stock', 'reorder.quantity')).toBe('No lead time.')
    expect(reasonOf(told, 'value', 'available')).toBe('Not counted.')
    expect(reasonOf(told, 'value')).toBeUndefined()
  })
})

describe('days', () => {
  it('of an interval are told as far as they are known', () => {
    expect(between('2026-12-03', '2026-12-09')).toBe('Dec 3 – Dec 9')
    expect(between('2026-12-03', null)).toBe('Dec 3 or later')
    expect(between(null, null)).toBeUndefined()
  })
  it('to order by that are over mean at once', () => {
    expect(orderByText('2026-12-03', '2026-11-28')).toBe('Dec 3')
    expect(orderByText('2026-11-28', '2026-11-28')).toBe('at once')
    expect(orderByText(null, '2026-11-28')).toBeUndefined()
  })
})
