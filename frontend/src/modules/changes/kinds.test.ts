import { describe, expect, it } from 'vitest'
import type { ChangeOperation } from '@/shared/api/types'
import { kindOf, kindsText } from './kinds'
import { movesMoney } from './words'

function operation(kind: string): ChangeOperation {
  return {
    no: 1,
    kind,
    label: 'Acme',
    entity: 'supplier:1',
    before: null,
    after: { type: 'text', text: '60 units for 240.00 USD' },
    details: [{ label: 'Line', value: '60 × Mug at 4 USD' }],
    relative: null,
    state: 'proposed',
    reversibility: 'compensating',
    error: null,
    intended_at: null,
    ended_at: null,
  }
}

describe('an order of goods', () => {
  it('has words of its own, and is money that moves', () => {
    for (const kind of ['purchase_order', 'cancel_purchase']) {
      expect(kindOf(kind).label).toMatch(/goods$/)
      expect(movesMoney([operation(kind)])).toBe(true)
    }
    expect(kindsText(['purchase_order', 'purchase_order'])).toBe('Order goods')
    expect(movesMoney([operation('add_tags')])).toBe(false)
  })
})
