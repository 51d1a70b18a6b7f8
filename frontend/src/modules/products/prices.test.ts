import { describe, expect, it } from 'vitest'
import { newPrice } from './prices'

const by = (kind: 'set' | 'percent' | 'amount', value: string) => ({ kind, value })

describe('a new price', () => {
  it('is set, or moved by a part or an amount, to the last cent', () => {
    expect(newPrice('19.00', by('set', '21.5'), 'none', 'USD')).toBe('21.50')
    expect(newPrice('19.99', by('percent', '-10'), 'none', 'USD')).toBe('17.99')
    expect(newPrice('0.05', by('percent', '10'), 'none', 'USD')).toBe('0.06')
    expect(newPrice('19.00', by('amount', '-1.25'), 'none', 'USD')).toBe('17.75')
    expect(newPrice('90071992547409.93', by('amount', '0.01'), 'none', 'USD')).toBe('90071992547409.94')
  })
  it('takes the nearest ending', () => {
    expect(newPrice('20.00', by('percent', '6'), '99', 'USD')).toBe('20.99')
    expect(newPrice('20.00', by('set', '20.40'), '99', 'USD')).toBe('19.99')
    expect(newPrice('20.00', by('set', '20.40'), '00', 'USD')).toBe('20.00')
    expect(newPrice('20.00', by('set', '0.10'), '95', 'USD')).toBe('0.95')
  })
  it('follows the currency: without cents there is neither a cent nor such an ending', () => {
    expect(newPrice('1000', by('percent', '6'), '99', 'JPY')).toBe('1060')
    expect(newPrice('1000', by('amount', '0.5'), 'none', 'JPY')).toBeNull()
  })
  it('is refused where it is no price', () => {
    expect(newPrice('10.00', by('amount', '-10'), 'none', 'USD')).toBeNull()
    expect(newPrice('10.00', by('set', 'ten'), 'none', 'USD')).toBeNull()
    expect(newPrice('10.00', by('set', ''), 'none', 'USD')).toBeNull()
    expect(newPrice('10.00', by('set', '9.999'), 'none', 'USD')).toBeNull()
  })
})
