import type { Pulse } from '@/shared/api/types'
import { CoverageParts } from '@/shared/figures/CoverageParts'
import { coverageSentence, knownShare } from '@/shared/figures/coverage'
import type { AmountField } from '@/shared/figures/glossary'
import { LeftOut } from '@/shared/figures/LeftOut'
import { count, isNegative, money } from '@/shared/format/money'
import { dayText } from '@/shared/format/time'
import { Button } from '@/shared/ui/Button'
import { Change, relativeChange } from '@/shared/ui/Change'
import { cx } from '@/shared/ui/cx'

interface HeroProps {
  pulse: Pulse
  onExplain: (field: AmountField) => void
}

/** Figures of more characters than this are set smaller, so that they stay on one line. */
const LONG = 13

export function Hero({ pulse, onExplain }: HeroProps) {
  const value = pulse.total.net_profit
  const shown = money(value, pulse.currency)
  const known = knownShare(pulse.coverage.cost)
  return (
    <section
      aria-labelledby="net-profit"
      className="sheet grid gap-x-10 gap-y-5 p-5 sm:p-7 lg:grid-cols-[minmax(0,1fr)_20rem] lg:items-center"
    >
      <div className="min-w-0">
        <h2 id="net-profit" className="label-caps">
          Net profit
        </h2>
        {value == null ? (
          <p className="mt-1 max-w-prose text-lg">
            <span className="mr-2 text-2xl text-faint">—</span>
            {pulse.unavailable.net_profit ?? 'Not known for this period.'}
          </p>
        ) : (
          <p
            className={cx(
              'mt-1 font-semibold tracking-tight',
              shown.length > LONG ? 'text-2xl sm:text-[2.5rem] sm:leading-12' : 'text-hero',
              isNegative(value) && 'text-bad',
            )}
          >
            <span data-testid="net-profit" className="total-rule pb-1 wrap-anywhere">
              {shown}
            </span>
          </p>
        )}
        <div className="mt-4 flex flex-col gap-1 text-sm">
          <Against pulse={pulse} />
          <WeekdayMedian pulse={pulse} />
        </div>
      </div>
      <div className="flex max-w-sm flex-col gap-2.5 text-sm">
        <p className="font-semibold">
          {coverageSentence(pulse.coverage)}
          {known === 0 &&
            value != null &&
            ' What stands here came in besides the goods, as shipping or tips.'}
        </p>
        <CoverageParts coverage={pulse.coverage} />
        <Uncosted pulse={pulse} />
        <p className="text-soft empty:hidden">
          <LeftOut field="net_profit" excludes={pulse.excludes} />
        </p>
        <Button
          kind="quiet"
          className="-ml-3.5 self-start underline decoration-dotted underline-offset-4"
          data-key="e"
          onClick={() => onExplain('net_profit')}
        >
          Where this comes from
        </Button>
      </div>
    </section>
  )
}

function Against({ pulse }: { pulse: Pulse }) {
  const comparison = pulse.comparison
  if (!comparison) return null
  const before = comparison.total.net_profit
  const label = comparison.kind === 'year' ? 'a year before' : 'the period before'
  if (comparison.total.orders === 0) return <p className="text-soft">Nothing was sold in {label}.</p>
  if (before == null) return <p className="text-soft">Nothing is known of {label} to compare with.</p>
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-soft">
      <Change value={relativeChange(pulse.total.net_profit, before)} />
      <span>
        against {label} (<span className="numeral">{money(before, pulse.currency)}</span>)
      </span>
    </p>
  )
}

function WeekdayMedian({ pulse }: { pulse: Pulse }) {
  const median = pulse.weekday_median
  if (!median || median.value == null || median.samples === 0) return null
  const change = relativeChange(median.day_value, median.value)
  if (change === null) return null
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-soft">
      <Change value={change} />
      <span>
        {dayText(median.day, 'axis')} against the usual {dayText(median.day, 'weekday')} (median{' '}
        <span className="numeral">{money(median.value, pulse.currency)}</span> of {median.samples})
      </span>
    </p>
  )
}

function Uncosted({ pulse }: { pulse: Pulse }) {
  const { variants, net_sales: sales } = pulse.products_without_cost
  if (variants === 0) return null
  return (
    <p className="text-soft">
      {count(variants)} {variants === 1 ? 'variant has' : 'variants have'} no cost
      {sales != null && (
        <>
          : <span className="numeral">{money(sales, pulse.currency)}</span> of sales kept apart, not counted
          as profit
        </>
      )}
      .
    </p>
  )
}
