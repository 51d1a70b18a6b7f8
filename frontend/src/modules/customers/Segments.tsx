import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import type { CustomerSegment, CustomerSegments, ScoreCell } from '@/shared/api/types'
import { count, money, share } from '@/shared/format/money'
import { useMay } from '@/shared/session/may'
import { Amount } from '@/shared/ui/Amount'
import { buttonClass } from '@/shared/ui/Button'
import { cx } from '@/shared/ui/cx'
import { Section } from '@/shared/ui/Page'
import { Failure, Loading, Note } from '@/shared/ui/States'
import { useUrlFilters } from '@/shared/ui/use-url-filters'
import { segmentsQuery } from './queries'
import { Thresholds } from './Thresholds'

const NAMES = ['segment'] as const

export function Segments({ storeId }: { storeId: string }) {
  const { data, error, refetch } = useQuery(segmentsQuery(storeId))
  return (
    <Section title="Segments" note="By recency, frequency and money in fifths, and by thresholds">
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Loading the segments" rows={8} />}
      {data && <SegmentsOf segments={data} storeId={storeId} />}
    </Section>
  )
}

function SegmentsOf({ segments, storeId }: { segments: CustomerSegments; storeId: string }) {
  const { scored_reason: tooFew } = segments
  return (
    <div className="flex flex-col gap-5">
      {tooFew ? (
        <Note>{`No segments by fifths: ${tooFew}.`}</Note>
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
          <Grid segments={segments} />
          <SegmentTable
            label="Segments by fifths"
            rows={segments.scored}
            currency={segments.currency}
            storeId={storeId}
          />
        </div>
      )}
      <SegmentTable
        label="Segments by thresholds"
        rows={segments.fixed}
        currency={segments.currency}
        storeId={storeId}
      />
      <Thresholds storeId={storeId} currency={segments.currency} />
      {segments.notes.map(note => (
        <p key={note.code} className="text-xs text-faint">
          {note.message}.
        </p>
      ))}
    </div>
  )
}

const STEPS = ['bg-slate/6', 'bg-slate/14', 'bg-slate/22', 'bg-slate/30', 'bg-slate/38']
const ROWS = [5, 4, 3, 2, 1]
const COLUMNS = [1, 2, 3, 4, 5]

/** Recency upwards, worth to the right: the best are at the top right. */
function Grid({ segments }: { segments: CustomerSegments }) {
  const { values, set } = useUrlFilters(NAMES)
  const most = Math.max(1, ...segments.grid.map(cell => cell.sums.customers))
  const names = new Map(segments.scored.map(s => [s.id, s.name]))
  const find = (recency: number, worth: number) =>
    segments.grid.find(cell => cell.recency === recency && cell.worth === worth)
  return (
    <div>
      <table className="w-full table-fixed border-separate border-spacing-1 text-center text-sm">
        <caption className="pb-1 text-left text-xs text-faint">
          Customers by score: the higher, the later they bought; the further right, the more
        </caption>
        <thead>
          <tr>
            <th scope="col" className="w-6">
              <span className="sr-only">Recency</span>
            </th>
            {COLUMNS.map(worth => (
              <th key={worth} scope="col" className="text-xs font-normal text-faint">
                <span className="sr-only">Worth </span>
                {worth}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ROWS.map(recency => (
            <tr key={recency}>
              <th scope="row" className="w-6 text-xs font-normal text-faint">
                {recency}
              </th>
              {COLUMNS.map(worth => {
                const cell = find(recency, worth)
                return (
                  <td key={worth} className="p-0">
                    {cell && (
                      <GridCell
                        cell={cell}
                        name={names.get(cell.segment) ?? cell.segment}
                        step={
                          STEPS[
                            Math.min(
                              STEPS.length - 1,
                              Math.floor((cell.sums.customers / most) * STEPS.length),
                            )
                          ]
                        }
                        chosen={values.segment === cell.segment}
                        onChoose={() =>
                          void set({ segment: values.segment === cell.segment ? undefined : cell.segment })
                        }
                      />
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface GridCellProps {
  cell: ScoreCell
  name: string
  step: string | undefined
  chosen: boolean
  onChoose: () => void
}

function GridCell({ cell, name, step, chosen, onChoose }: GridCellProps) {
  return (
    <button
      type="button"
      aria-pressed={chosen}
      title={name}
      aria-label={`${name}: ${count(cell.sums.customers)} customers, recency ${cell.recency}, worth ${cell.worth}`}
      onClick={onChoose}
      className={cx(
        'numeral grid h-11 w-full place-items-center rounded-sm border border-transparent hover:border-edge',
        step,
        chosen && 'border-brass font-semibold',
      )}
    >
      {count(cell.sums.customers)}
    </button>
  )
}

interface SegmentTableProps {
  label: string
  rows: CustomerSegment[]
  currency: string
  storeId: string
}

function SegmentTable({ label, rows, currency, storeId }: SegmentTableProps) {
  const mayExport = useMay('customers:export')
  const { values, set } = useUrlFilters(NAMES)
  const cell = 'border-t border-rule px-1.5 py-1.5 align-top'
  return (
    <table aria-label={label} className="w-full text-sm">
      <thead>
        <tr className="text-xs text-soft">
          <th scope="col" className="py-1 text-left font-medium">
            Segment
          </th>
          <th scope="col" className="px-1.5 py-1 text-right font-medium">
            Customers
          </th>
          <th scope="col" className="hidden px-1.5 py-1 text-right font-medium sm:table-cell">
            Net revenue
          </th>
          <th scope="col" className="hidden px-1.5 py-1 text-right font-medium xs:table-cell">
            Margin
          </th>
          <th scope="col" className="py-1">
            <span className="sr-only">Export</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <tr key={row.id}>
            <th scope="row" className="border-t border-rule py-1.5 pr-1.5 text-left font-normal">
              <button
                type="button"
                aria-pressed={values.segment === row.id}
                onClick={() => void set({ segment: values.segment === row.id ? undefined : row.id })}
                className="inline-flex min-h-6 items-center text-left font-semibold decoration-dotted underline-offset-4 hover:underline aria-pressed:text-brass"
              >
                {row.name}
              </button>
              <span className="block text-xs text-faint">{row.rule}</span>
            </th>
            <td className={cx(cell, 'numeral text-right')}>
              {count(row.sums.customers)}
              <span className="block text-xs text-faint">{share(row.share)}</span>
            </td>
            <td className={cx(cell, 'numeral hidden text-right sm:table-cell')}>
              {money(row.sums.net_revenue, currency, 'whole')}
            </td>
            <td className={cx(cell, 'hidden text-right xs:table-cell')}>
              <Amount
                value={row.sums.customers === 0 ? null : row.sums.margin}
                currency={currency}
                style="whole"
                reason={
                  row.sums.customers === 0 ? 'Nobody is in it.' : 'No cost is known for what they bought.'
                }
              />
              {row.sums.coverage != null && row.sums.coverage < 1 && (
                <span className="block text-xs text-faint">costs {share(row.sums.coverage)}</span>
              )}
            </td>
            <td className="border-t border-rule py-1 text-right align-top">
              {mayExport && row.sums.customers > 0 && (
                <a
                  href={`/v1/customers/segments/${row.id}/export?store_id=${encodeURIComponent(storeId)}`}
                  download
                  aria-label={`Export ${row.name} as CSV`}
                  className={buttonClass('quiet')}
                >
                  <Download aria-hidden="true" className="size-4" />
                </a>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
