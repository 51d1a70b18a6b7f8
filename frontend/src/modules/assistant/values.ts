/** Values of answers as people read them, and as charts draw them. */
import type { AssistantAmount, AssistantTable } from '@/shared/api/types'
import type { ChartPoint, Unit } from '@/shared/charts/kinds'
import { count, money, NONE, number } from '@/shared/format/money'
import { plural } from '@/shared/format/words'

export function valueText(value: AssistantAmount | null | undefined): string {
  if (!value) return NONE
  switch (value.unit) {
    case 'money':
      return money(value.value, value.currency ?? 'USD')
    case 'percent':
      return `${number(Number(value.value), 1)}\u202f%`
    case 'ratio':
      return number(Number(value.value), 2)
    case 'days':
      return `${count(Number(value.value))} ${plural(Number(value.value), 'day')}`
    default:
      return count(Number(value.value))
  }
}

const UNITS: Record<string, Unit> = {
  count: { kind: 'count' },
  ratio: { kind: 'ratio' },
  percent: { kind: 'share' },
  days: { kind: 'days' },
}

/** Of a table whose rows follow each other in time: what a line through them is drawn from. */
export function seriesOf(table: AssistantTable): { points: ChartPoint[]; unit: Unit } | undefined {
  const first = table.rows.map(row => row.values[0]).find(value => value != null)
  if (!table.is_series || table.rows.length < 2 || !first) return undefined
  const unit: Unit =
    first.unit === 'money'
      ? { kind: 'money', currency: first.currency ?? 'USD' }
      : (UNITS[first.unit] ?? { kind: 'count' })
  const points = table.rows.map(row => {
    const value = row.values[0]?.value
    const drawn = value != null && first.unit === 'percent' ? Number(value) / 100 : value
    return {
      at: row.label,
      values: { value: drawn ?? null },
      ...(value == null && { reason: 'Not known for these days.' }),
    }
  })
  return { points, unit }
}
