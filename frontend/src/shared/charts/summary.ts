/** What a drawing shows, in words: the way it goes, the ends, the highest and the lowest, and what is missing. */
import type { ChartPoint, ChartSeries, Unit } from './kinds'
import { axisText, numeric, valueText } from './values'

interface Known {
  point: ChartPoint
  value: number
}

/** A difference of the halves below this part of their size is called level. */
const LEVEL = 0.05

export function summaryOf(points: ChartPoint[], series: ChartSeries[], unit: Unit): string {
  if (points.length === 0) return 'There is nothing to draw.'
  const main = series.filter(entry => !entry.dashed)
  const sentences = main.map(entry => sentenceOf(points, entry, unit))
  return [...sentences, gaps(points, main)].filter(Boolean).join(' ')
}

function sentenceOf(points: ChartPoint[], entry: ChartSeries, unit: Unit): string {
  const known = points.flatMap((point): Known[] => {
    const value = numeric(point.values[entry.key])
    return value === null ? [] : [{ point, value }]
  })
  const last = known.at(-1)
  if (!last) return `${entry.label} is not known at any point.`
  const text = (item: Known) => valueText(item.point.values[entry.key], unit)
  if (known.length === 1) return `${entry.label}: ${text(last)} (${axisText(last.point)}).`
  const high = known.reduce((best, item) => (item.value > best.value ? item : best))
  const low = known.reduce((best, item) => (item.value < best.value ? item : best))
  if (high.value === low.value) return `${entry.label} is ${text(last)} throughout.`
  return (
    `${entry.label} ${trendOf(known.map(item => item.value))}: ` +
    `highest ${text(high)} (${axisText(high.point)}), lowest ${text(low)} (${axisText(low.point)}), ` +
    `last ${text(last)} (${axisText(last.point)}).`
  )
}

/** The second half against the first, which one odd day at an end does not turn around. */
export function trendOf(values: number[]): 'rises' | 'falls' | 'stays level' {
  const half = Math.floor(values.length / 2)
  const mean = (part: number[]) => part.reduce((sum, value) => sum + value, 0) / Math.max(1, part.length)
  const before = mean(values.slice(0, half))
  const after = mean(values.slice(-half))
  const size = Math.max(Math.abs(before), Math.abs(after))
  if (size === 0 || Math.abs(after - before) / size < LEVEL) return 'stays level'
  return after > before ? 'rises' : 'falls'
}

function gaps(points: ChartPoint[], series: ChartSeries[]): string {
  const missing = points.filter(point => series.some(entry => numeric(point.values[entry.key]) === null))
  if (missing.length === 0 || missing.length === points.length) return ''
  const reasons = [...new Set(missing.map(point => point.reason).filter(Boolean))]
  const why = reasons.length > 0 ? `: ${reasons.join('; ').replace(/\.$/, '')}` : ''
  return `Not known at ${missing.length} of ${points.length} points${why}.`
}
