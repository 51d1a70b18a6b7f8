/** What a chart is given, and how its parts are coloured. Colours are class names: the policy allows no style text. */

export type ChartTone = 'brass' | 'slate' | 'good' | 'bad' | 'warn' | 'faint'

/** Amounts are decimal strings; counts and shares may be numbers. */
export type ChartValue = string | number | null | undefined

export interface ChartPoint {
  /** An ISO day, or a key of its own together with `label`. */
  at: string
  label?: string
  /** In full, for the read-out and the table. */
  long?: string
  values: Record<string, ChartValue>
  /** Why values are not known. */
  reason?: string | undefined
}

export interface ChartSeries {
  key: string
  label: string
  tone: ChartTone
  area?: boolean
  /** Stands until the next value, as prices do. */
  step?: boolean
  /** Something to compare with: thin, and not marked point by point. */
  dashed?: boolean
  /** Says nothing where it has no value, as a forecast of days that are over. */
  partial?: boolean
  /** The keys of the lower and the upper end of an interval around the line. */
  band?: [low: string, high: string]
}

export type Unit =
  | { kind: 'money'; currency: string }
  | { kind: 'count' }
  | { kind: 'share' }
  | { kind: 'ratio' }
  | { kind: 'days' }
  /** Of goods; what is expected of them has parts. */
  | { kind: 'units' }

/** What all charts over points have in common. */
export interface ChartProps {
  title: string
  points: ChartPoint[]
  series: ChartSeries[]
  unit: Unit
  /** What the drawing shows, in words; made from the points where it is not given. */
  summary?: string
  /** What a point is: the heading of the table's first column. */
  xTitle?: string
}

export const STROKE: Record<ChartTone, string> = {
  brass: 'stroke-brass',
  slate: 'stroke-slate',
  good: 'stroke-good',
  bad: 'stroke-bad',
  warn: 'stroke-warn',
  faint: 'stroke-faint',
}
export const WASH: Record<ChartTone, string> = {
  brass: 'fill-brass/15',
  slate: 'fill-slate/12',
  good: 'fill-good/15',
  bad: 'fill-bad/15',
  warn: 'fill-warn/15',
  faint: 'fill-faint/10',
}
export const FILL: Record<ChartTone, string> = {
  brass: 'fill-brass',
  slate: 'fill-slate',
  good: 'fill-good',
  bad: 'fill-bad',
  warn: 'fill-warn',
  faint: 'fill-faint',
}
export const HOLLOW: Record<ChartTone, string> = {
  brass: 'fill-sheet stroke-brass',
  slate: 'fill-sheet stroke-slate',
  good: 'fill-sheet stroke-good',
  bad: 'fill-sheet stroke-bad',
  warn: 'fill-sheet stroke-warn',
  faint: 'fill-sheet stroke-faint',
}
