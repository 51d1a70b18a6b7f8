/** Costs that nobody told, the worst first, each with the reason as far as one is known. */
import { Link } from '@tanstack/react-router'
import type { CoverageGap } from '@/shared/api/types'
import { count, money } from '@/shared/format/money'
import { countryName, plural } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'

interface MissingCostsProps {
  label: string
  gaps: CoverageGap[]
  /** How many there are in all. */
  total: number
  currency: string
  kind: 'cost' | 'shipping' | 'fees' | 'ad_spend'
}

export function MissingCosts({ label, gaps, total, currency, kind }: MissingCostsProps) {
  return (
    <>
      <ol aria-label={label} className="divide-y divide-rule text-sm">
        {gaps.map(gap => (
          <li key={gap.key} className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5 py-2">
            <span className="min-w-0 flex-1 basis-56">
              <span className="font-semibold">{nameOf(gap, kind)}</span>
              {gap.reasons.map(reason => (
                <span key={reason.code + reason.message} className="block text-xs text-soft">
                  {reason.message}
                  {reason.code === 'no_rate' && (
                    <>
                      {' '}
                      <Link
                        to={paths.settingsCurrencies}
                        search={keepRange}
                        className="underline decoration-dotted underline-offset-4"
                      >
                        Open Currencies
                      </Link>
                    </>
                  )}
                </span>
              ))}
            </span>
            <span className="numeral text-right">
              {money(gap.net_sales, currency)}
              <span className="ml-2 text-xs text-faint">
                {count(gap.orders)} {plural(gap.orders, 'order')}
              </span>
            </span>
          </li>
        ))}
      </ol>
      {total > gaps.length && (
        <p className="pt-2 text-xs text-faint">
          The worst {count(gaps.length)} of {count(total)}.
        </p>
      )}
    </>
  )
}

function nameOf(gap: CoverageGap, kind: MissingCostsProps['kind']): string {
  return kind === 'shipping' && /^[A-Z]{2}$/.test(gap.key) ? countryName(gap.key) : gap.label
}
