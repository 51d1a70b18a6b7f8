/** One day: both sides, figure by figure, and the orders that differ, by cause. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { Mended, ReconciledDayDetail, ReconciliationFinding } from '@/shared/api/types'
import { sign } from '@/shared/format/decimal'
import { dayText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { Only } from '@/shared/session/may'
import { Amount } from '@/shared/ui/Amount'
import { Button } from '@/shared/ui/Button'
import { cx } from '@/shared/ui/cx'
import { Section } from '@/shared/ui/Page'
import { Failure, Loading } from '@/shared/ui/States'
import { CAUSES } from './causes'
import { dayQuery } from './queries'

const MendDialog = lazy(() => import('./MendDialog'))

export function DayDetail({ store, day }: { store: string; day: string }) {
  const { data, error, refetch } = useQuery(dayQuery(store, day))
  const [mending, setMending] = useState(false)
  const [mended, setMended] = useState<Mended | null>(null)
  const mendable = data?.findings.filter(finding => finding.mendable) ?? []
  return (
    <Section
      title={dayText(day, 'long')}
      note="Difference: the shop’s less ours."
      actions={
        mendable.length > 0 && (
          <Only may="reconciliation:run">
            <Button onClick={() => setMending(true)}>
              Mend {mendable.length} {plural(mendable.length, 'order')}
            </Button>
          </Only>
        )
      }
      flush
    >
      {error && !data && (
        <div className="p-4">
          <Failure error={error} onRetry={() => void refetch()} />
        </div>
      )}
      {!data && !error && <Loading label="Loading the day" rows={6} />}
      {mended && <Outcome mended={mended} />}
      {data && <Sides day={data} />}
      {data && <Findings day={data} />}
      {mending && (
        <Suspense fallback={null}>
          <MendDialog
            store={store}
            day={day}
            findings={mendable}
            onClose={() => setMending(false)}
            onMended={setMended}
          />
        </Suspense>
      )}
    </Section>
  )
}

const OUTCOMES = {
  reread: 'read again',
  removed: 'removed: the shop deleted it',
  untouched: 'left alone: the shop did not tell',
} as const

function Outcome({ mended }: { mended: Mended }) {
  return (
    <p role="status" className="px-4 pb-3 text-sm sm:px-5">
      {mended.orders.map(order => `${order.name} ${OUTCOMES[order.outcome]}`).join('; ')}.
    </p>
  )
}

const FIGURES = [
  ['gross_sales', 'Gross sales'],
  ['discounts', 'Discounts'],
  ['reversals', 'Returns and reversals'],
  ['net_sales', 'Net sales'],
  ['shipping', 'Shipping'],
  ['taxes', 'Taxes'],
  ['total_sales', 'Total sales'],
] as const

const CELL = 'px-1.5 py-1.5 first:pl-4 last:pr-4 sm:px-5 sm:first:pl-5 sm:last:pr-5'
const UNTOLD = 'The orders’ own totals do not tell this figure.'

function Sides({ day }: { day: ReconciledDayDetail }) {
  const rows = FIGURES.filter(([key]) => key === 'total_sales' || day.theirs[key] != null)
  return (
    <section
      className="relative overflow-x-auto"
      aria-label="Both sides, scrolls sideways"
      // A region that scrolls must be reachable by keyboard.
      tabIndex={0}
    >
      <table className="w-full max-w-3xl text-sm">
        <thead className="border-b border-rule text-xs text-faint">
          <tr>
            <th scope="col" className={cx(CELL, 'text-left')}>
              Figure
            </th>
            {['Ours', 'The shop’s', 'Difference'].map(title => (
              <th key={title} scope="col" className={cx(CELL, 'text-right')}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([key, title]) => (
            <tr key={key} className={cx('border-b border-rule', key === 'total_sales' && 'font-semibold')}>
              <th scope="row" className={cx(CELL, 'text-left', key !== 'total_sales' && 'font-normal')}>
                {title}
              </th>
              {[day.ours, day.theirs].map((side, index) => (
                <td key={index === 0 ? 'ours' : 'theirs'} className={cx(CELL, 'text-right')}>
                  <Amount value={side[key]} currency={day.currency} reason={UNTOLD} />
                </td>
              ))}
              <td className={cx(CELL, 'text-right')}>
                <Amount value={day.difference[key]} currency={day.currency} style="signed" reason={UNTOLD} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Findings({ day }: { day: ReconciledDayDetail }) {
  if (day.state === 'agrees') {
    return <p className="px-4 py-4 text-sm text-soft sm:px-5">Nothing differs on this day.</p>
  }
  const causes = [...new Set(day.findings.map(finding => finding.cause))]
  return (
    <div className="flex flex-col gap-4 px-4 py-4 sm:px-5">
      {causes.map(cause => (
        <div key={cause}>
          <h3 className="font-semibold">{CAUSES[cause].title}</h3>
          <p className="text-sm text-soft">{CAUSES[cause].means}</p>
          <ul className="mt-1">
            {day.findings
              .filter(finding => finding.cause === cause)
              .map(finding => (
                <Row key={finding.order_id} finding={finding} currency={day.currency} />
              ))}
          </ul>
        </div>
      ))}
      {sign(day.unexplained.total_sales) !== 0 && (
        <p className="flex justify-between gap-4 border-t border-rule pt-3 font-semibold">
          <span>Not explained</span>
          <Amount value={day.unexplained.total_sales} currency={day.currency} style="signed" />
        </p>
      )}
    </div>
  )
}

function Row({ finding, currency }: { finding: ReconciliationFinding; currency: string }) {
  return (
    <li className="flex items-baseline justify-between gap-4 border-b border-rule py-1.5 text-sm last:border-0">
      {finding.held ? (
        <Link
          to={paths.order}
          params={{ id: finding.order_id }}
          className="min-h-6 font-medium underline decoration-dotted underline-offset-4"
        >
          {finding.name}
        </Link>
      ) : (
        <span className="font-medium">{finding.name}</span>
      )}
      <Amount value={finding.difference.total_sales} currency={currency} style="signed" />
    </li>
  )
}
