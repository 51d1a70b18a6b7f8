import { describe, expect, it } from 'vitest'
import type { Row } from '@/shared/api/types'
import { add, compare } from '@/shared/format/decimal'
import { makeShop, rowOf } from '@/shared/testing/shop'
import { amountOf, columnTitle, LINES, linesFor } from './rows'

const ROW = rowOf('total', 'Total', makeShop('2026-11-22', 30).orders)

describe('the lines of the account', () => {
  it('add up, total by total', () => {
    let sum = '0'
    for (const line of LINES) {
      if (line.level === 'step') sum = add(sum, amountOf(ROW, line) ?? '0')
      if (line.field === 'gross_sales') sum = ROW.gross_sales ?? '0'
      if (line.level === 'total')
        expect([line.field, compare(amountOf(ROW, line) ?? 'x', sum)]).toEqual([line.field, 0])
    }
  })
  it('show the fees that are kept apart with revenue without cost', () => {
    const row: Row = { ...ROW, cm1: '100.00', payment_fees: '10.00', cm2: '93.00' }
    const line = linesFor([row]).find(candidate => candidate.field === 'fees_kept_apart')
    expect(line && amountOf(row, line)).toBe('3.00')
    expect(linesFor([ROW]).some(candidate => candidate.field === 'fees_kept_apart')).toBe(false)
  })
  it('leave what is not known empty', () => {
    const line = LINES.find(candidate => candidate.field === 'ad_spend')
    expect(line && amountOf(ROW, line)).toBeNull()
  })
})

describe('titles of columns', () => {
  it.each([
    ['2026-02-14', 'Feb 14', 'Sat'],
    ['2026-W07', 'Week 7', 'from Feb 9'],
    ['2026-W01', 'Week 1', 'from Dec 29'],
    ['2020-W53', 'Week 53', 'from Dec 28'],
    ['2026-02', 'Feb', '2026'],
    ['odd', 'odd', ''],
  ])('%s', (key, top, sub) => {
    expect(columnTitle(key, 'en-US')).toEqual({ top, sub })
  })
})
