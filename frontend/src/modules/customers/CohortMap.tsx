/** Cohorts as a heat map that is a table: rows by the month of the first order, columns by the months since. */
import { useQuery } from '@tanstack/react-query'
import type { CohortCell, Cohorts } from '@/shared/api/types'
import { approximate } from '@/shared/format/decimal'
import { count, money, share } from '@/shared/format/money'
import { Absent } from '@/shared/ui/Amount'
import { cx } from '@/shared/ui/cx'
import { Section } from '@/shared/ui/Page'
import { Failure, Loading } from '@/shared/ui/States'
import { useUrlFilters } from '@/shared/ui/use-url-filters'
import { type CohortMeasure, cohortsQuery } from './queries'
import { monthText } from './words'

const MEASURES: { value: CohortMeasure; label: string; note: string }[] = [
  { value: 'retention', label: 'Retention', note: 'Share of the cohort with an order in that month' },
  { value: 'repeat_rate', label: 'Repeat rate', note: 'Share with a second order by the end of that month' },
  { value: 'net_revenue', label: 'Net revenue', note: 'Of that month' },
  { value: 'margin', label: 'Contribution margin', note: 'CM2 of that month, where costs are known' },
  {
    value: 'cumulative_margin',
    label: 'Margin per customer',
    note: 'CM2 per customer from the first order to the end of that month',
  },
]
const NAMES = ['measure'] as const

export function CohortMap({ storeId }: { storeId: string }) {
  const { values, set } = useUrlFilters(NAMES)
  const measure = MEASURES.find(m => m.value === values.measure) ?? MEASURES[0]
  const { data, error, refetch } = useQuery(cohortsQuery(storeId, measure?.value ?? 'retention'))
  return (
    <Section
      title="Cohorts by month of first order"
      note={measure?.note}
      flush
      actions={
        <label className="flex items-center gap-2 text-sm text-soft">
          Show
          <select
            value={measure?.value}
            onChange={event => void set({ measure: event.target.value })}
            className="field w-auto pr-2 text-sm font-semibold"
          >
            {MEASURES.map(m => (
              <option key={m.value} value={m.value}>
                {m.label}
              </option>
            ))}
          </select>
        </label>
      }
    >
      {error && !data && (
        <div className="p-4">
          <Failure error={error} onRetry={() => void refetch()} />
        </div>
      )}
      {!data && !error && <Loading label="Loading the cohorts" rows={8} />}
      {data && <Map cohorts={data} label={measure?.label ?? ''} />}
    </Section>
  )
}

/** Steps of one hue; the text stays readable on each of them. */
const STEPS = ['bg-brass/5', 'bg-brass/12', 'bg-brass/20', 'bg-brass/28', 'bg-brass/36', 'bg-brass/44']

function Map({ cohorts, label }: { cohorts: Cohorts; label: string }) {
  const rated = cohorts.measure === 'retention'
  // Month 0 of a retention is always everybody: it would drown the others.
  const values = cohorts.cohorts.flatMap(c =>
    c.cells.filter((_, n) => !(rated && n === 0)).map(cell => size(cell)),
  )
  const most = Math.max(0, ...values.filter(v => v !== null))
  const shade = (cell: CohortCell, offset: number) => {
    const value = size(cell)
    if (value === null || most <= 0 || value <= 0) return ''
    if (rated && offset === 0) return STEPS.at(-1)
    return STEPS[Math.min(STEPS.length - 1, Math.floor((value / most) * STEPS.length))]
  }
  const head = 'border-b border-rule bg-sunk px-2 py-1.5 text-xs font-medium text-soft'
  return (
    <div className="overflow-x-auto" role="region" aria-label={`Cohorts: ${label}`} tabIndex={0}>
      <table className="w-full border-separate border-spacing-0 text-sm">
        <thead>
          <tr>
            <th scope="col" className={cx(head, 'sticky left-0 z-10 text-left sm:pl-5')}>
              First order
            </th>
            <th scope="col" className={cx(head, 'text-right')}>
              Size
            </th>
            {cohorts.columns.map(column => (
              <th key={column} scope="col" className={cx(head, 'text-right whitespace-nowrap')}>
                {column === 0 ? 'Same month' : `+${column}`}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {cohorts.cohorts.map(cohort => (
            <tr key={cohort.month}>
              <th
                scope="row"
                className="sticky left-0 z-10 border-b border-rule bg-sheet px-2 py-1.5 text-left font-normal whitespace-nowrap sm:pl-5"
              >
                {monthText(cohort.month)}
              </th>
              <td className="numeral border-b border-rule px-2 py-1.5 text-right text-soft">
                {count(cohort.customers)}
              </td>
              {cohort.cells.map((cell, offset) => (
                <Cell
                  key={cohorts.columns[offset]}
                  cell={cell}
                  currency={cohorts.currency}
                  className={shade(cell, offset)}
                />
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th
              scope="row"
              className="sticky left-0 z-10 bg-sheet px-2 py-2 text-left font-semibold sm:pl-5"
            >
              Average
            </th>
            <td />
            {cohorts.average.map((cell, offset) => (
              <Cell
                key={cohorts.columns[offset]}
                cell={cell}
                currency={cohorts.currency}
                className="border-b-0 font-semibold"
              />
            ))}
          </tr>
        </tfoot>
      </table>
      <p className="px-4 pt-1 pb-3 text-xs text-faint sm:px-5">
        <span className="italic">Italic</span>: the month is not over yet.
      </p>
    </div>
  )
}

function size(cell: CohortCell): number | null {
  if (cell.share != null) return cell.share
  return cell.amount == null ? null : approximate(cell.amount)
}

interface CellProps {
  cell: CohortCell
  currency: string
  className?: string | undefined
}

function Cell({ cell, currency, className }: CellProps) {
  const known = cell.share != null || cell.amount != null
  const future = !known && cell.reason?.includes('not begun')
  return (
    <td
      className={cx(
        'numeral border-b border-rule px-2 py-1.5 text-right whitespace-nowrap',
        cell.partial && 'italic',
        className,
      )}
    >
      {cell.share != null && share(cell.share)}
      {cell.amount != null && money(cell.amount, currency, 'whole')}
      {future && <span className="sr-only">{cell.reason}</span>}
      {!known && !future && <Absent reason={cell.reason ?? undefined} />}
    </td>
  )
}
