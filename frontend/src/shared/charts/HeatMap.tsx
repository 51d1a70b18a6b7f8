/**
 * A value for every pair of a row and a column. It is a table with shaded cells: the value stands in the cell, so that
 * nothing depends on the shade, and what is not known says why.
 */
import { useId, useMemo } from 'react'
import { Absent } from '@/shared/ui/Amount'
import { cx } from '@/shared/ui/cx'
import type { ChartValue, Unit } from './kinds'
import { numeric, tickText, valueText } from './values'

export interface HeatCell {
  value: ChartValue
  reason?: string | undefined
  /** What else is worth knowing of it, on hover and for those who hear it. */
  note?: string | undefined
}

interface HeatMapProps {
  title: string
  rows: { key: string; label: string; note?: string | undefined }[]
  columns: { key: string; label: string }[]
  /** Undefined where there can be no value yet, as in the corner of a cohort table. */
  cell: (row: string, column: string) => HeatCell | undefined
  unit: Unit
  scale: 'sequential' | 'diverging'
  /** Where a diverging scale turns. */
  middle?: number
  rowTitle: string
  summary?: string
}

const UP = ['bg-good/8', 'bg-good/16', 'bg-good/24', 'bg-good/32', 'bg-good/40']
const DOWN = ['bg-bad/8', 'bg-bad/16', 'bg-bad/24', 'bg-bad/32', 'bg-bad/40']
const ONE_WAY = ['bg-slate/8', 'bg-slate/18', 'bg-slate/28', 'bg-slate/38', 'bg-slate/46']

/** Which of five shades, by the place between nothing and the furthest. */
export function shadeOf(value: number, furthest: number): number {
  if (furthest <= 0) return 0
  return Math.min(4, Math.floor((Math.abs(value) / furthest) * 5))
}

export function HeatMap(props: HeatMapProps) {
  const { title, rows, columns, cell, unit, scale, middle = 0, rowTitle } = props
  const id = useId()
  const levels = useMemo(
    () =>
      rows.flatMap(row =>
        columns.flatMap(column => {
          const value = numeric(cell(row.key, column.key)?.value)
          return value === null ? [] : [{ row, column, value }]
        }),
      ),
    [rows, columns, cell],
  )
  const base = scale === 'diverging' ? middle : Math.min(0, ...levels.map(level => level.value))
  const furthest = Math.max(0, ...levels.map(level => Math.abs(level.value - base)))
  const high = levels.reduce<(typeof levels)[number] | undefined>(
    (best, level) => (best && best.value >= level.value ? best : level),
    undefined,
  )
  const low = levels.reduce<(typeof levels)[number] | undefined>(
    (best, level) => (best && best.value <= level.value ? best : level),
    undefined,
  )
  const words =
    high && low
      ? `Highest ${valueText(high.value, unit)} (${high.row.label}, ${high.column.label}), lowest ${valueText(low.value, unit)} (${low.row.label}, ${low.column.label}).`
      : 'Nothing is known yet.'
  const tone = (value: number) => {
    const shade = shadeOf(value - base, furthest)
    if (scale === 'sequential') return ONE_WAY[shade]
    return value >= middle ? UP[shade] : DOWN[shade]
  }
  return (
    <figure aria-label={title} aria-describedby={id} className="flex min-w-0 flex-col gap-3">
      <section
        aria-label={title}
        tabIndex={0}
        className="relative max-h-[32rem] overflow-auto rounded-md border border-rule"
      >
        <table className="w-full border-separate border-spacing-0 text-sm">
          <caption className="sr-only">{title}</caption>
          <thead className="text-xs text-soft">
            <tr>
              <th
                scope="col"
                className="sticky top-0 left-0 z-20 border-b border-rule bg-sunk px-3 py-2 text-left font-semibold"
              >
                {rowTitle}
              </th>
              {columns.map(column => (
                <th
                  key={column.key}
                  scope="col"
                  className="sticky top-0 z-10 border-b border-rule bg-sunk px-2 py-2 text-right font-semibold whitespace-nowrap"
                >
                  {column.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(row => (
              <tr key={row.key}>
                <th
                  scope="row"
                  className="sticky left-0 z-10 border-r border-b border-rule bg-sheet px-3 py-1.5 text-left font-medium whitespace-nowrap"
                >
                  {row.label}
                  {row.note && <span className="block text-xs font-normal text-faint">{row.note}</span>}
                </th>
                {columns.map(column => (
                  <Cell key={column.key} cell={cell(row.key, column.key)} unit={unit} tone={tone} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <figcaption id={id} className="max-w-prose text-sm text-soft">
          {props.summary ?? words}
        </figcaption>
        {furthest > 0 && (
          <Scale scale={scale} low={low?.value ?? base} high={high?.value ?? base} unit={unit} />
        )}
      </div>
    </figure>
  )
}

interface CellProps {
  cell: HeatCell | undefined
  unit: Unit
  tone: (value: number) => string | undefined
}

function Cell({ cell, unit, tone }: CellProps) {
  const value = numeric(cell?.value)
  if (!cell) return <td className="border-b border-rule" />
  return (
    <td
      title={cell.note}
      className={cx(
        'numeral border-b border-rule px-2 py-1.5 text-right text-ink',
        value !== null && tone(value),
      )}
    >
      {value === null ? <Absent reason={cell.reason} /> : valueText(cell.value, unit)}
      {cell.note && <span className="sr-only">, {cell.note}</span>}
    </td>
  )
}

interface ScaleProps {
  scale: 'sequential' | 'diverging'
  low: number
  high: number
  unit: Unit
}

function Scale({ scale, low, high, unit }: ScaleProps) {
  const shades =
    scale === 'sequential' ? ONE_WAY : [...(low < 0 ? DOWN.toReversed() : []), ...(high > 0 ? UP : [])]
  return (
    <p aria-hidden="true" className="flex items-center gap-2 text-xs text-faint print:hidden">
      {tickText(low, unit)}
      <span className="flex overflow-hidden rounded-sm border border-rule">
        {shades.map(shade => (
          <span key={shade} className={cx('h-3 w-5', shade)} />
        ))}
      </span>
      {tickText(high, unit)}
    </p>
  )
}
