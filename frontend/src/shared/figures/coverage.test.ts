import { describe, expect, it } from 'vitest'
import { partText } from './CoverageParts'

describe('coverage in words', () => {
  it('tells the parts that there are, and never calls a missing one zero', () => {
    expect(partText({ actual: 0.92, estimated: 0.05, missing: 0.03 })).toMatch(
      /^92.%? ?.*actual, 5.*estimated, 3.*missing$/,
    )
    expect(partText({ actual: 1, estimated: 0, missing: 0 })).toBe('all actual')
    expect(partText({ actual: 0, estimated: 1, missing: 0 })).toBe('all estimated')
    expect(partText({ actual: 0, estimated: 0, missing: 1 })).toBe('missing')
    expect(partText({ actual: null, estimated: null, missing: null })).toBe('no sales')
    expect(partText(undefined)).toBe('no sales')
  })
})
