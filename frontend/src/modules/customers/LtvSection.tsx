import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { CohortLtv, HorizonValue, Ltv } from '@/shared/api/types'
import { LazyPassport, useExplained } from '@/shared/figures/LazyPassport'
import { count, money } from '@/shared/format/money'
import { dayText } from '@/shared/format/time'
import { Absent } from '@/shared/ui/Amount'
import { Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { LtvCurve } from './LtvCurve'
import { ltvQuery } from './queries'
import { monthText } from './words'

export function LtvSection({ storeId }: { storeId: string }) {
  const { data, error, refetch } = useQuery(ltvQuery(storeId))
  return (
    <Section
      title="Lifetime value and payback"
      note="Contribution margin (CM2) per customer since the first order; only of customers who have been there that long"
    >
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Loading the lifetime value" rows={8} />}
      {data && <LtvOf ltv={data} storeId={storeId} />}
    </Section>
  )
}

interface LtvProps {
  ltv: Ltv
  storeId: string
}

function LtvOf({ ltv, storeId }: LtvProps) {
  if (ltv.points.length === 0) {
    return (
      <Empty title="No lifetime value yet">
        {ltv.values[0]?.reason ? `${capital(ltv.values[0].reason)}.` : 'Nobody has ordered yet.'}
      </Empty>
    )
  }
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <LtvCurve ltv={ltv} />
      <div className="flex flex-col gap-4">
        <Payback ltv={ltv} storeId={storeId} />
        <CohortValues ltv={ltv} />
      </div>
    </div>
  )
}

function Payback({ ltv, storeId }: LtvProps) {
  const { acquisition, payback, currency } = ltv
  const explained = useExplained()
  const span = `${dayText(acquisition.from)} – ${dayText(acquisition.to)}`
  return (
    <>
      <dl className="grid grid-cols-2 gap-3 text-sm">
        <div>
          <dt>
            <Opens onOpen={() => explained.explain('ncac')}>A new customer costs (nCAC)</Opens>
          </dt>
          <dd className="text-lg font-semibold">
            {acquisition.cost == null ? (
              <Absent reason={acquisition.reason ?? undefined} />
            ) : (
              money(acquisition.cost, currency)
            )}
          </dd>
          <dd className="text-xs text-faint">
            {acquisition.cost == null
              ? `${capital(acquisition.reason ?? '')}.`
              : `${money(acquisition.spend, currency)} for ${count(acquisition.new_customers)} new, ${span}`}
          </dd>
        </div>
        <div>
          <dt>
            <Opens onOpen={() => explained.explain('payback_day')}>Paid back on day</Opens>
          </dt>
          <dd className="text-lg font-semibold">
            {payback.day == null ? <Absent reason={payback.reason ?? undefined} /> : count(payback.day)}
          </dd>
          <dd className="text-xs text-faint">
            {payback.day == null
              ? `${capital(payback.reason ?? '')}.`
              : 'First day with LTV of at least nCAC'}
          </dd>
        </div>
      </dl>
      <LazyPassport
        explained={explained}
        scope={{ store: storeId, from: acquisition.from, to: acquisition.to, currency: undefined }}
      />
    </>
  )
}

function Opens({ onOpen, children }: { onOpen: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      onClick={onOpen}
      className="min-h-6 text-left text-soft underline decoration-dotted underline-offset-4 hover:text-ink"
    >
      {children}
    </button>
  )
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function CohortValues({ ltv }: { ltv: Ltv }) {
  const rows: { name: string; key: string; of: Pick<CohortLtv, 'values'> }[] = [
    { name: 'All', key: 'all', of: ltv },
    ...ltv.cohorts.slice(0, 6).map(c => ({ name: monthText(c.month), key: c.month, of: c })),
  ]
  return (
    <section className="relative overflow-x-auto" aria-label="Lifetime value by cohort" tabIndex={0}>
      <table className="w-full text-sm">
        <thead>
          <tr className="text-xs text-soft">
            <th scope="col" className="py-1.5 pr-2 text-left font-medium">
              First order
            </th>
            {ltv.values.map(value => (
              <th key={value.days} scope="col" className="px-1.5 py-1.5 text-right font-medium">
                {value.days}
                <span className="sr-only"> days</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.key} className="border-t border-rule">
              <th scope="row" className="py-1.5 pr-2 text-left font-normal whitespace-nowrap">
                {row.name}
              </th>
              {row.of.values.map(value => (
                <td key={value.days} className="numeral px-1.5 py-1.5 text-right whitespace-nowrap">
                  <Value value={value} currency={ltv.currency} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="pt-2 text-xs text-faint">
        Days since the first order. <span className="italic">≈ projected</span> from what older customers
        brought afterwards.
      </p>
    </section>
  )
}

function Value({ value, currency }: { value: HorizonValue; currency: string }) {
  if (value.observed) return <>{money(value.observed.value, currency, 'whole')}</>
  if (value.projected) {
    const { low, high } = value.projected
    return (
      <span
        className="text-soft italic"
        title={`Projected: ${money(low, currency)} – ${money(high, currency)} (95 %)`}
      >
        ≈ {money(value.projected.value, currency, 'whole')}
        <span className="block text-xs not-italic text-faint">
          {money(low, currency, 'whole')}–{money(high, currency, 'whole')}
        </span>
      </span>
    )
  }
  return <Absent reason={value.reason ?? undefined} />
}
