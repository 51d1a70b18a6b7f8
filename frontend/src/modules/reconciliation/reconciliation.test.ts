import { describe, expect, it } from 'vitest'
import { CAUSES, STATES } from './causes'

describe('what causes mean', () => {
  it('each has a title and a sentence of its own', () => {
    const titles = Object.values(CAUSES).map(cause => cause.title)
    expect(new Set(titles).size).toBe(titles.length)
    for (const cause of Object.values(CAUSES)) expect(cause.means).toMatch(/\.$/)
  })
  it('states differ by more than their colour', () => {
    const marks = Object.values(STATES).map(state => state.mark)
    expect(new Set(marks).size).toBe(marks.length)
  })
})
