/** Shapes of the charts. Colours are class names, because the policy allows no inline style text. */
import { area, curveMonotoneX, line } from 'd3-shape'
import { approximate } from '@/shared/format/decimal'

export type ChartTone = 'brass' | 'slate' | 'faint'

export interface ChartPoint {
  day: string
  values: Record<string, string | null | undefined>
}

export interface ChartSeries {
  key: string
  label: string
  tone: ChartTone
  area?: boolean
  dashed?: boolean
}

export const STROKE: Record<ChartTone, string> = {
  brass: 'stroke-brass',
  slate: 'stroke-slate',
  faint: 'stroke-faint',
}
export const AREA: Record<ChartTone, string> = {
  brass: 'fill-brass/15',
  slate: 'fill-slate/12',
  faint: 'fill-faint/10',
}
export const CROSS: Record<ChartTone, string> = {
  brass: 'fill-sheet stroke-brass',
  slate: 'fill-sheet stroke-slate',
  faint: 'fill-sheet stroke-faint',
}
export const SWATCH: Record<ChartTone, string> = { brass: 'bg-brass', slate: 'bg-slate', faint: 'bg-faint' }

type Scale = (value: number) => number

interface Placed {
  index: number
  value: string | null | undefined
}

function place(points: ChartPoint[], key: string): Placed[] {
  return points.map((point, index) => ({ index, value: point.values[key] }))
}

export function linePath(points: ChartPoint[], key: string, x: Scale, y: Scale): string {
  return (
    line<Placed>()
      .defined(point => point.value != null)
      .x(point => x(point.index))
      .y(point => y(approximate(point.value ?? '0')))
      .curve(curveMonotoneX)(place(points, key)) ?? ''
  )
}

export function areaPath(points: ChartPoint[], key: string, x: Scale, y: Scale): string {
  return (
    area<Placed>()
      .defined(point => point.value != null)
      .x(point => x(point.index))
      .y0(y(0))
      .y1(point => y(approximate(point.value ?? '0')))
      .curve(curveMonotoneX)(place(points, key)) ?? ''
  )
}
