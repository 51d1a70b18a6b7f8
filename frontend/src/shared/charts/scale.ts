/** The two scales that charts need. Of d3-scale alone its colours, formats and interpolators weigh five times as much. */
import { nice } from 'd3-array'

export type Position = (value: number) => number

/** From numbers to places, in proportion. */
export function linear(domain: [number, number], range: [number, number]): Position {
  const [from, to] = domain
  const [start, end] = range
  // Without a width everything stands in the middle.
  return value => (to === from ? (start + end) / 2 : start + ((value - from) / (to - from)) * (end - start))
}

/** A little wider, so that it begins and ends on round levels. */
export function rounded([low, high]: [number, number], count: number): [number, number] {
  return nice(low, high, count)
}

export interface Bands {
  /** Where the middle of a column stands. */
  middle: Position
  width: number
}

/** As many columns of one width as there are, with room between them and half as much at the ends. */
export function bands(count: number, [start, end]: [number, number], room = 0.28): Bands {
  const step = (end - start) / Math.max(1, count)
  return { middle: index => start + step * (index + 0.5), width: step * (1 - room) }
}
