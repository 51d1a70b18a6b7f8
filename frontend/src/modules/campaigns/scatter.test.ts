import { describe, expect, it } from 'vitest'
import { ceiling } from './Scatter'

describe('the axis of spend', () => {
  it('ends on a round number at or above the largest', () => {
    expect([0, 7, 480, 2310, 4812].map(ceiling)).toEqual([1, 10, 500, 2500, 5000])
  })
})
