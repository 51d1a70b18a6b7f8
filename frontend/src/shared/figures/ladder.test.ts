import { describe, expect, it } from 'vitest'
import type { Row } from '@/shared/api/types'
import { add, compare, subtract } from '@/shared/format/decimal'
import { makeShop, rowOf } from '@/shared/testing/shop'
import { coverageSentence } from './coverage'
import { ladder, widest } from './ladder'

const SHOP = makeShop('2026-11-22', 40)
const ROW = rowOf('total', 'Total', SHOP.orders)
const REASONS = {
  shipping_cost: 'No carrier is connected.',
  ad_spend: 'No ads.',
  fixed_costs: 'None entered.',
}

describe('the ladder', () => {
  it('leads from gross sales to net profit, each step from where the last one ended', () => {
    const rungs = ladder(ROW, REASONS)
    expect(rungs[0]).toMatchObject({ field: 'gross_sales', amount: ROW.gross_sales })
    expect(rungs.at(-1)).toMatchObject({ field: 'net_profit', amount: ROW.net_profit })
    let level = rungs[0]?.end ?? '0'
    for (const rung of rungs.slice(1)) {
      if (rung.kind === 'step') {
        expect(compare(rung.start, level)).toBe(0)
        expect(compare(subtract(rung.end, rung.start), rung.amount ?? '0')).toBe(0)
        level = rung.end
      } else if (rung.kind === 'total') expect(compare(rung.end, level)).toBe(0)
    }
    expect(rungs.some(rung => rung.kind === 'difference')).toBe(false)
  })
  it('shows what is not connected with its reason, and counts it as nothing known', () => {
    const absent = ladder(ROW, REASONS).filter(rung => rung.kind === 'absent')
    expect(absent.map(rung => [rung.field, rung.reason])).toEqual([
      ['shipping_cost', 'No carrier is connected.'],
      ['ad_spend', 'No ads.'],
      ['fixed_costs', 'None entered.'],
    ])
  })
  it('names a difference instead of hiding it', () => {
    const odd: Row = { ...ROW, net_sales: add(ROW.net_sales ?? '0', '0.01') }
    const difference = ladder(odd, REASONS).find(rung => rung.kind === 'difference')
    expect(difference).toMatchObject({ amount: '0.01' })
  })
  it('stops where nothing more is known', () => {
    const unknown: Row = { ...ROW, cost_of_goods: null, cm1: null, cm2: null, cm3: null, net_profit: null }
    const rungs = ladder(unknown, { cm1: 'No cost.' })
    expect(rungs.at(-1)).toMatchObject({ field: 'cm1', amount: null, reason: 'No cost.' })
  })
  it('is drawn as wide as its largest level, losses included', () => {
    expect(widest(ladder(ROW, REASONS))).toBe(ROW.gross_sales)
    const loss: Row = { ...ROW, gross_sales: '1.00', discounts: '0', returns: '5.00', net_sales: '-4.00' }
    expect(compare(widest(ladder(loss, REASONS).slice(0, 4)), '4.00')).toBe(0)
  })
})

describe('coverage', () => {
  it('is told in a sentence', () => {
    const share = { actual: 0.9, estimated: 0.02, missing: 0.08 }
    const coverage = { cost: share, shipping: share, fees: share, ad_spend: share }
    expect(coverageSentence(coverage)).toBe('Profit known for 92\u202f% of net sales.')
    expect(coverageSentence({ ...coverage, cost: { actual: 1, estimated: 0, missing: 0 } })).toBe(
      'Profit known for all net sales.',
    )
    expect(coverageSentence({ ...coverage, cost: { actual: null } })).toMatch(/No sales/)
    expect(coverageSentence({ ...coverage, cost: { actual: 0, estimated: 0, missing: 1 } })).toMatch(
      /none of the net sales/,
    )
  })
})
