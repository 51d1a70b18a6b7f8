import { describe, expect, it } from 'vitest'
import { bundlesText, readBundles } from './bundles'

describe('bundles as CSV', () => {
  it('are read in any order of rows, from any spreadsheet, and written back', () => {
    const read = readBundles('\ufeffbundle,component,quantity\r\n1;2;3\n7,8,1\n\n"1";"3";1\n1,2,1\n')
    expect(read).toEqual({
      bundles: [
        {
          variant_id: '1',
          components: [
            { variant_id: '2', quantity: 4 },
            { variant_id: '3', quantity: 1 },
          ],
        },
        { variant_id: '7', components: [{ variant_id: '8', quantity: 1 }] },
      ],
    })
    if ('bundles' in read) expect(bundlesText(read.bundles)).toBe('1,2,4\n1,3,1\n7,8,1')
    expect(readBundles('')).toEqual({ bundles: [] })
  })

  it('say which row is none', () => {
    for (const wrong of ['1,2,0', '1,2', '1,x,2', '1,2,1.5', '1,2,3,4'])
      expect(readBundles(`5,6,1\n${wrong}`)).toEqual({
        fault: 'Row 2: a bundle’s number, a component’s number and how many of it.',
      })
    expect(readBundles('4,4,1')).toEqual({ fault: 'Row 1: a bundle is no component of itself.' })
  })
})
