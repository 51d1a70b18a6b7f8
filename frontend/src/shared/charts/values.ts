/** Values as numbers for the geometry, and as people read them. */

import { change, count, money, NONE, number } from '@/shared/format/money'
import { dayText } from '@/shared/format/time'
import type { ChartPoint, ChartSeries, ChartValue, Unit } from './kinds'

/** Where it is drawn, or null where there is nothing to draw. */
export function numeric(value: ChartValue): number | null {
  if (value == null) return null
  const found = Number(value)
  return Number.isFinite(found) ? found : null
}

export function valueText(value: ChartValue, unit: Unit): string {
  const found = numeric(value)
  if (value == null || found === null) return NONE
  if (unit.kind === 'money') return money(String(value), unit.currency)
  if (unit.kind === 'share') return percent(found)
  if (unit.kind === 'ratio') return number(found, 2)
  if (unit.kind === 'units') return number(found, 1)
  if (unit.kind === 'days') return `${number(found, 1)} ${Math.abs(found) === 1 ? 'day' : 'days'}`
  return count(found)
}

/** Short enough for an axis: "$12.5K", "40 %". */
export function tickText(value: number, unit: Unit): string {
  if (unit.kind === 'money') return money(String(value), unit.currency, 'compact')
  if (unit.kind === 'share') return percent(value, 0)
  if (unit.kind === 'ratio') return number(value, 2)
  return Math.abs(value) >= 10_000 ? number(value, 1, 'compact') : number(value, 1)
}

function percent(value: number, digits = 1): string {
  return change(value, digits).replace(/^[+±]/, '')
}

const DAY = /^\d{4}-\d{2}-\d{2}$/

export function axisText(point: ChartPoint): string {
  return point.label ?? (DAY.test(point.at) ? dayText(point.at, 'axis') : point.at)
}

export function longText(point: ChartPoint): string {
  return point.long ?? point.label ?? (DAY.test(point.at) ? dayText(point.at, 'long') : point.at)
}

export function notKnown(point: ChartPoint): string {
  return point.reason ? `not known: ${point.reason}` : 'not known'
}

/** The series that say something at a point. Where none does, the first says why. */
export function toldAt(point: ChartPoint, series: ChartSeries[]): ChartSeries[] {
  const told = series.filter(entry => !entry.partial || point.values[entry.key] != null)
  return told.length > 0 ? told : series.slice(0, 1)
}

/** One point as a sentence, for those who hear it. */
export function spoken(point: ChartPoint | undefined, series: ChartSeries[], unit: Unit): string {
  if (!point) return 'no data'
  const parts = toldAt(point, series).map(entry => {
    const value = point.values[entry.key]
    if (value == null) return `${entry.label} ${notKnown(point)}`
    return `${entry.label} ${valueText(value, unit)}${intervalText(point, entry, unit)}`
  })
  return `${longText(point)}: ${parts.join(', ')}`
}

/** " (between … and …)" where a series has an interval. */
export function intervalText(point: ChartPoint, entry: ChartSeries, unit: Unit): string {
  if (!entry.band) return ''
  const [low, high] = entry.band.map(key => point.values[key])
  if (low == null || high == null) return ''
  return ` (between ${valueText(low, unit)} and ${valueText(high, unit)})`
}
