/** Cohorts by the month of the first order: what became of them in each month since. */
import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import type { CohortCell, Cohorts } from '@/shared/api/types'
import { HeatMap } from '@/shared/charts/HeatMap'
import type { Unit } from '@/shared/charts/kinds'
import { count, share } from '@/shared/format/money'
import { Section } from '@/shared/ui/Page'
import { Failure, Skeleton } from '@/shared/ui/States'
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
const AVERAGE = 'average'

export function CohortMap({ storeId }: { storeId: string }) {
  const { values, set } = useUrlFilters(NAMES)
  const chosen = MEASURES.find(measure => measure.value === values.measure)
  const measure = chosen?.value ?? 'retention'
  const { data, error, refetch } = useQuery(cohortsQuery(storeId, measure))
  return (
    <Section
      title="Cohorts by month of first order"
      note={(chosen ?? MEASURES[0])?.note}
      actions={
        <label className="flex items-center gap-2 text-sm text-soft">
          Show
          <select
            value={measure}
            onChange={event => void set({ measure: event.target.value })}
            className="field w-auto pr-2 text-sm font-semibold"
          >
            {MEASURES.map(option => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
        </label>
      }
    >
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && (
        <div role="status" aria-label="Loading the cohorts">
          <Skeleton className="h-[35rem] rounded-md" />
        </div>
      )}
      {data && <Cells cohorts={data} title={`Cohorts: ${(chosen ?? MEASURES[0])?.label}`} />}
    </Section>
  )
}

function Cells({ cohorts, title }: { cohorts: Cohorts; title: string }) {
  const shares = cohorts.measure === 'retention' || cohorts.measure === 'repeat_rate'
  const unit: Unit = shares ? { kind: 'share' } : { kind: 'money', currency: cohorts.currency }
  // In its first month a whole cohort is there: that would outshine everything else.
  const first = cohorts.measure === 'retention' ? 1 : 0
  const rows = useMemo(
    () => [
      ...cohorts.cohorts.map(cohort => ({
        key: cohort.month,
        label: monthText(cohort.month),
        note: `${count(cohort.customers)} ${cohort.customers === 1 ? 'customer' : 'customers'}`,
      })),
      { key: AVERAGE, label: 'Average', note: 'whole months' },
    ],
    [cohorts],
  )
  const columns = useMemo(
    () =>
      cohorts.columns
        .slice(first)
        .map(column => ({ key: String(column), label: column === 0 ? 'Same month' : `+${column}` })),
    [cohorts, first],
  )
  const cell = useCallback(
    (row: string, column: string) => {
      const cells =
        row === AVERAGE ? cohorts.average : cohorts.cohorts.find(cohort => cohort.month === row)?.cells
      return heatOf(cells?.[Number(column)])
    },
    [cohorts],
  )
  if (columns.length === 0) {
    return (
      <p className="text-sm text-soft">
        The first cohort is still in its first month: there is nothing to follow yet.
      </p>
    )
  }
  return (
    <HeatMap
      title={title}
      rowTitle="First order"
      rows={rows}
      columns={columns}
      cell={cell}
      unit={unit}
      scale="sequential"
    />
  )
}

const NOT_YET = 'not begun'

function heatOf(cell: CohortCell | undefined) {
  // A month that has not come is an empty corner, not a gap in what is known.
  if (!cell || cell.reason?.includes(NOT_YET)) return undefined
  const notes = [
    cell.partial && 'the month is not over yet',
    cell.coverage != null && cell.coverage < 1 && `costs known for ${share(cell.coverage)} of revenue`,
  ].filter(Boolean)
  return {
    value: cell.share ?? cell.amount,
    reason: cell.reason ?? undefined,
    note: notes.length > 0 ? notes.join(', ') : undefined,
  }
}
