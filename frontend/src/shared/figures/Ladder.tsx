/** The ladder as people see it: every step with its exact amount, its bar, and its part of gross sales. */
import type { Row } from '@/shared/api/types'
import { approximate, ratio } from '@/shared/format/decimal'
import { share } from '@/shared/format/money'
import { Amount } from '@/shared/ui/Amount'
import { cx } from '@/shared/ui/cx'
import type { AmountField } from './glossary'
import { ladder, type Rung, widest } from './ladder'

interface LadderProps {
  row: Row
  unavailable: Record<string, string>
  currency: string
  onExplain: (field: AmountField) => void
}

export function Ladder({ row, unavailable, currency, onExplain }: LadderProps) {
  const rungs = ladder(row, unavailable)
  const most = approximate(widest(rungs)) || 1
  const low = Math.min(0, ...rungs.map(rung => Math.min(approximate(rung.start), approximate(rung.end))))
  const scale = (level: string) => ((approximate(level) - low) / (most - low || 1)) * 1000
  return (
    <table className="w-full text-sm">
      <caption className="sr-only">From gross sales to net profit</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">Figure</th>
          <th scope="col">Drawing</th>
          <th scope="col">Amount</th>
          <th scope="col">Part of gross sales</th>
        </tr>
      </thead>
      <tbody>
        {rungs.map(rung => (
          <tr
            key={rung.key}
            className={cx(rung.kind === 'total' && 'font-semibold', 'border-t border-rule first:border-0')}
          >
            <th
              scope="row"
              className={cx(
                'py-1.5 pr-3 text-left sm:min-w-40',
                rung.kind === 'total' && 'font-semibold',
                rung.kind !== 'total' && 'pl-4 font-normal text-soft',
              )}
            >
              <RungName rung={rung} onExplain={onExplain} />
            </th>
            <td className="hidden w-[30%] py-1.5 sm:table-cell">
              <Bar rung={rung} scale={scale} />
            </td>
            <td className="py-1.5 pl-3 text-right">
              <span className={cx(rung.field === 'net_profit' && 'total-rule inline-block pb-0.5')}>
                <Amount
                  value={rung.amount}
                  currency={currency}
                  reason={rung.reason}
                  style={rung.kind === 'step' || rung.kind === 'difference' ? 'signed' : 'exact'}
                  className={rung.kind === 'total' ? '' : 'text-soft!'}
                />
              </span>
            </td>
            <td className="w-16 py-1.5 pl-3 text-right text-xs text-faint">
              {partOf(rung, row.gross_sales)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function RungName({ rung, onExplain }: { rung: Rung; onExplain: (field: AmountField) => void }) {
  const field = rung.field
  if (!field) return rung.label
  return (
    <button
      type="button"
      onClick={() => onExplain(field)}
      className="min-h-6 rounded-sm text-left decoration-dotted underline-offset-4 hover:underline"
    >
      {rung.label}
    </button>
  )
}

function Bar({ rung, scale }: { rung: Rung; scale: (level: string) => number }) {
  if (rung.kind === 'absent') return <span className="block border-t border-dashed border-edge" />
  const from = scale(rung.start)
  const to = scale(rung.end)
  if (from === to) return null
  const gains = to >= from
  const tone =
    rung.kind === 'total'
      ? rung.field === 'net_profit'
        ? 'fill-brass'
        : 'fill-slate'
      : gains
        ? 'fill-good'
        : 'fill-bad'
  return (
    <svg aria-hidden="true" viewBox="0 0 1000 16" preserveAspectRatio="none" className="block h-4 w-full">
      <rect
        x={Math.min(from, to)}
        width={Math.max(2, Math.abs(to - from))}
        y={rung.kind === 'total' ? 1 : 4}
        height={rung.kind === 'total' ? 14 : 8}
        className={tone}
      />
    </svg>
  )
}

function partOf(rung: Rung, whole: string | null | undefined): string {
  if (rung.amount === null || whole == null) return ''
  const part = ratio(rung.amount, whole)
  if (part === null) return ''
  return part < 0 ? `\u2212${share(-part)}` : share(part)
}
