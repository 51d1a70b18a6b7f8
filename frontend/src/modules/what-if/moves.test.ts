import { describe, expect, it } from 'vitest'
import { amountOf, askedOf, faultOf, sliderOf } from './moves'

describe('what is moved', () => {
  it('a slider goes three tenths to both sides of where it stands', () => {
    expect(sliderOf('20.00', undefined, 'USD')).toEqual({ low: 1400, high: 2600, stands: 2000, place: 2000 })
    expect(sliderOf('20.00', '22.5', 'USD')?.place).toBe(2250)
    expect(sliderOf('20.00', '99', 'USD')?.place).toBe(2600)
    expect(sliderOf('300', undefined, 'JPY')).toMatchObject({ low: 210, high: 390 })
    expect(sliderOf(null, undefined, 'USD')).toBeNull()
    expect(amountOf(2250, 'USD')).toBe('22.50')
  })
  it('asks only of what is moved and can be read', () => {
    const moves = { price: '21,90', unit_cost: 'much', shipping: '' }
    expect(askedOf('s', '7', moves, null, 'USD')).toEqual({ store_id: 's', variant_id: '7', price: '21.90' })
    expect(askedOf('s', undefined, moves, { account: 'a', id: 'c', change: -20 }, 'USD')).toEqual({
      store_id: 's',
      account_id: 'a',
      campaign_id: 'c',
      spend_change: '-20',
    })
    expect(askedOf('s', undefined, {}, { account: 'a', id: 'c', change: 0 }, 'USD')).toEqual({
      store_id: 's',
    })
    expect(faultOf('much', 'USD')).toBe('Enter an amount.')
    expect(faultOf('-1', 'USD')).toBe('Not below nothing.')
    expect(faultOf('1.005', 'USD')).toBe('Enter an amount.')
  })
})
