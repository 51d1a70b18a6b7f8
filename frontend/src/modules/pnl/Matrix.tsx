import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef } from 'react'
import type { ProfitReport, Row } from '@/shared/api/types'
import { type AmountField, labelOf } from '@/shared/figures/glossary'
import { differenceLabel } from '@/shared/figures/ladder'
import { count, locale, money } from '@/shared/format/money'
import { Absent, Amount } from '@/shared/ui/Amount'
import { cx } from '@/shared/ui/cx'
import { amountOf, columnTitle, linesFor, type PnlLine } from './rows'

interface MatrixProps {
  report: ProfitReport
  onExplain: (field: AmountField) => void
}

const CHARACTER_PX = 9
const PADDING_PX = 26
const NARROWEST_PX = 92

export function Matrix({ report, onExplain }: MatrixProps) {
  const scroller = useRef<HTMLElement>(null)
  const width = useMemo(() => columnWidth(report), [report])
  const before = report.comparison?.total
  const lines = useMemo(
    () => linesFor([report.total, ...report.rows, ...(before ? [before] : [])]),
    [report, before],
  )
  const virtual = useVirtualizer({
    count: report.rows.length,
    horizontal: true,
    getScrollElement: () => scroller.current,
    estimateSize: () => width,
    overscan: 6,
    // Something to draw before the scroller is measured.
    initialRect: { width: 1_200, height: 0 },
  })
  const items = virtual.getVirtualItems()
  const left = items[0]?.start ?? 0
  const right = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  const shown = items.map(item => report.rows[item.index]).filter(row => row !== undefined)

  return (
    <section
      ref={scroller}
      aria-label="Profit and loss by period"
      // A region that scrolls must be reachable by keyboard.
      tabIndex={0}
      className="sheet overflow-x-auto"
    >
      <table
        aria-colcount={report.rows.length + (before ? 3 : 2)}
        className="border-separate border-spacing-0 text-sm"
      >
        <thead>
          <tr>
            <th
              scope="col"
              className={cx(
                STICKY,
                'border-b border-rule bg-sunk px-4 py-2 text-left text-xs font-medium text-soft',
              )}
            >
              Figure
            </th>
            <Head title="Total" sub="" strong />
            {before && (
              <Head title="Before" sub={report.comparison?.kind === 'year' ? 'a year ago' : 'period'} />
            )}
            <Gap size={left} />
            {shown.map(row => {
              const title = columnTitle(row.key, locale)
              return <Head key={row.key} title={title.top} sub={title.sub} />
            })}
            <Gap size={right} />
          </tr>
        </thead>
        <tbody>
          {lines.map(line => (
            <tr
              key={line.field}
              className={cx(line.level === 'total' && 'font-semibold', line.level !== 'total' && 'text-soft')}
            >
              <th
                scope="row"
                className={cx(
                  STICKY,
                  cellLine(line),
                  'min-w-36 px-4 py-1.5 text-left sm:min-w-60',
                  line.level === 'total' ? 'font-semibold' : 'font-normal',
                  line.level === 'step' && 'pl-7',
                )}
              >
                <LineName line={line} onExplain={onExplain} />
              </th>
              <Cell line={line} row={report.total} report={report} width={width} strong />
              {before && <Cell line={line} row={before} report={report} width={width} />}
              <Gap size={left} className={cellLine(line)} />
              {shown.map(row => (
                <Cell key={row.key} line={line} row={row} report={report} width={width} />
              ))}
              <Gap size={right} className={cellLine(line)} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const STICKY = 'sticky left-0 z-10 bg-sheet border-r border-r-rule'

function cellLine(line: PnlLine): string {
  if (line.field === 'net_profit') return 'border-b-3 border-b-brass [border-bottom-style:double]'
  return line.level === 'total' ? 'border-b border-b-edge' : 'border-b border-b-rule'
}

function Head({ title, sub, strong }: { title: string; sub: string; strong?: boolean }) {
  return (
    <th
      scope="col"
      className={cx(
        'border-b border-rule bg-sunk px-3 py-2 text-right text-xs whitespace-nowrap',
        strong ? 'font-semibold text-ink' : 'font-medium text-soft',
      )}
    >
      {title}
      <span className="block font-normal text-faint">{sub || '\u00a0'}</span>
    </th>
  )
}

function Gap({ size, className }: { size: number; className?: string }) {
  if (size <= 0) return null
  return <td aria-hidden="true" className={cx('p-0', className)} style={{ minWidth: size }} />
}

function LineName({ line, onExplain }: { line: PnlLine; onExplain: (field: AmountField) => void }) {
  const field = line.field
  if (field === 'orders' || field === 'units') return field === 'orders' ? 'Orders' : 'Units'
  if (field === 'fees_kept_apart') return differenceLabel('cm2')
  return (
    <button
      type="button"
      onClick={() => onExplain(field)}
      className="min-h-6 rounded-sm text-left decoration-dotted underline-offset-4 hover:underline"
    >
      {labelOf(field)}
    </button>
  )
}

interface CellProps {
  line: PnlLine
  row: Row
  report: ProfitReport
  width: number
  strong?: boolean
}

function Cell({ line, row, report, width, strong }: CellProps) {
  return (
    <td
      style={{ minWidth: width }}
      className={cx('px-3 py-1.5 text-right', cellLine(line), strong && 'bg-sunk/45 text-ink')}
    >
      <CellValue line={line} row={row} report={report} reasonHere={strong === true} />
    </td>
  )
}

function CellValue({
  line,
  row,
  report,
  reasonHere,
}: {
  line: PnlLine
  row: Row
  report: ProfitReport
  reasonHere: boolean
}) {
  if (line.field === 'orders' || line.field === 'units')
    return <span className="numeral">{count(row[line.field])}</span>
  const value = amountOf(row, line)
  // The reason is the same along the whole line: it is told once, in the column of totals.
  if (value === null) return <Absent reason={reasonHere ? report.unavailable[line.field] : undefined} />
  return (
    <Amount
      value={value}
      currency={report.currency}
      className={line.level === 'total' ? '' : 'text-inherit!'}
    />
  )
}

function columnWidth(report: ProfitReport): number {
  const longest = Math.max(
    ...[report.total, ...report.rows].map(row => money(row.gross_sales, report.currency).length),
    ...[report.total].map(row => money(row.total_sales, report.currency).length + 1),
  )
  return Math.max(NARROWEST_PX, longest * CHARACTER_PX + PADDING_PX)
}
