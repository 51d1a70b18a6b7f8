/** Shapes: where lines, areas and stacks run, and which marks stand on the axes. */
import { max, min } from 'd3-array'
import { scaleBand, scaleLinear } from 'd3-scale'
import { area, curveMonotoneX, curveStepAfter, line } from 'd3-shape'
import type { ChartPoint, ChartSeries, ChartValue } from './kinds'
import { numeric } from './values'

export const PAD = { top: 12, right: 8, bottom: 26 }

export type Position = (value: number) => number

/** A run between two levels at one point; null where nothing is known. */
export interface Extent {
  low: number
  high: number
}

export function linePath(values: ChartValue[], x: Position, y: Position, step = false): string {
  return (
    line<ChartValue>()
      .defined(value => numeric(value) !== null)
      .x((_, index) => x(index))
      .y(value => y(numeric(value) ?? 0))
      .curve(step ? curveStepAfter : curveMonotoneX)(values) ?? ''
  )
}

export function areaPath(extents: (Extent | null)[], x: Position, y: Position, step = false): string {
  return (
    area<Extent | null>()
      .defined(extent => extent !== null)
      .x((_, index) => x(index))
      .y0(extent => y(extent?.low ?? 0))
      .y1(extent => y(extent?.high ?? 0))
      .curve(step ? curveStepAfter : curveMonotoneX)(extents) ?? ''
  )
}

/** From zero to the value, for the wash under a line. */
export function fromZero(values: ChartValue[]): (Extent | null)[] {
  return values.map(value => {
    const found = numeric(value)
    return found === null ? null : { low: 0, high: found }
  })
}

/** Points with nothing known on either side: a line alone would not show them. */
export function lonely(values: ChartValue[]): number[] {
  const known = values.map(value => numeric(value) !== null)
  return values.flatMap((_, index) => (known[index] && !known[index - 1] && !known[index + 1] ? [index] : []))
}

/** Each series on top of those before it: what is above zero upwards, what is below downwards. */
export function stacked(points: ChartPoint[], series: ChartSeries[]): (Extent | null)[][] {
  const rows = series.map(() => [] as (Extent | null)[])
  for (const point of points) {
    let up = 0
    let down = 0
    series.forEach((entry, index) => {
      const value = numeric(point.values[entry.key])
      if (value === null) {
        rows[index]?.push(null)
        return
      }
      const from = value < 0 ? down : up
      rows[index]?.push({ low: from, high: from + value })
      if (value < 0) down += value
      else up += value
    })
  }
  return rows
}

/** The levels that must be seen, always with zero. */
export function domainOf(levels: (number | null | undefined)[]): [number, number] {
  const known = levels.filter(level => level != null)
  const low = Math.min(0, min(known) ?? 0)
  const high = Math.max(0, max(known) ?? 0)
  return [low, high === low ? low + 1 : high]
}

export function valuesOf(points: ChartPoint[], series: ChartSeries[]): (number | null)[] {
  return points.flatMap(point =>
    series.flatMap(entry => [entry.key, ...(entry.band ?? [])].map(key => numeric(point.values[key]))),
  )
}

export interface Scales {
  x: Position
  y: Position
  /** The width of a column; zero where points are joined by lines. */
  band: number
  ticks: number[]
}

export function scalesOf(
  count: number,
  domain: [number, number],
  inner: number,
  height: number,
  columns: boolean,
): Scales {
  const y = scaleLinear(domain, [height, 0]).nice(5)
  const ticks = y.ticks(5)
  if (columns) {
    const bands = scaleBand(
      Array.from({ length: count }, (_, index) => index),
      [0, inner],
    )
      .paddingInner(0.28)
      .paddingOuter(0.14)
    const band = bands.bandwidth()
    return { x: index => (bands(index) ?? 0) + band / 2, y, band, ticks }
  }
  const x = scaleLinear([0, Math.max(1, count - 1)], [0, inner])
  return { x, y, band: 0, ticks }
}

/** Indexes that are written under the axis: as many as fit, the last always among them. */
export function labelled(count: number, inner: number, room: number): number[] {
  const last = count - 1
  if (last < 1) return count === 1 ? [0] : []
  const fits = Math.max(2, Math.floor(inner / room))
  const step = Math.max(1, Math.ceil(last / (fits - 1)))
  const chosen: number[] = []
  for (let index = last; index >= 0; index -= step) chosen.unshift(index)
  return chosen
}
