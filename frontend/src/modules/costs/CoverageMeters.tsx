/** How much of net sales has known costs, kind by kind; each leads to where it can be mended. */
import type { CoverageReport, Share } from '@/shared/api/types'
import { money, share } from '@/shared/format/money'
import { Meter } from '@/shared/ui/Meter'
import type { Tab } from './CostsPage'

const KINDS = [
  { kind: 'cost', field: 'cost', tab: 'units', label: 'Product costs', what: ['variant', 'variants'] },
  { kind: 'shipping', field: 'shipping', tab: 'shipping', label: 'Shipping', what: ['country', 'countries'] },
  { kind: 'fees', field: 'fees', tab: 'fees', label: 'Payment fees', what: ['channel', 'channels'] },
  { kind: 'ad_spend', field: 'ad_spend', tab: 'spend', label: 'Ad spend', what: ['day', 'days'] },
] as const

interface CoverageMetersProps {
  answer: CoverageReport
  tab: Tab
  onShow: (tab: Tab) => void
}

export function CoverageMeters({ answer, tab, onShow }: CoverageMetersProps) {
  return (
    <section aria-label="Coverage" className="sheet grid grid-cols-1 sm:grid-cols-2 xl:grid-cols-4">
      {KINDS.map(entry => {
        const part = answer.coverage[entry.field]
        const gaps = answer.kinds.find(kind => kind.kind === entry.kind)
        const worst = gaps?.missing[0]
        const missing = gaps?.count ?? 0
        return (
          <div
            key={entry.kind}
            className="flex flex-col gap-2 border-rule p-4 not-last:border-b sm:px-5 sm:nth-last-2:border-b-0 xl:not-last:border-r xl:border-b-0"
          >
            <p className="flex items-baseline justify-between gap-3">
              <span className="text-sm font-semibold">{entry.label}</span>
              <span className="numeral text-sm">{share(known(part))}</span>
            </p>
            <Meter
              label={`${entry.label}: known part of net sales`}
              value={known(part)}
              tone={(known(part) ?? 0) >= 1 ? 'good' : 'brass'}
            />
            <p className="text-xs text-soft">{sentence(part, missing, entry.what)}</p>
            {worst && (
              <p className="text-xs text-faint">
                Most: {worst.label}, {money(worst.net_sales, answer.currency)}
              </p>
            )}
            {missing > 0 && entry.tab !== tab && (
              <button
                type="button"
                onClick={() => onShow(entry.tab)}
                className="mt-auto min-h-6 self-start text-sm font-semibold underline decoration-dotted underline-offset-4 hover:decoration-solid"
              >
                Fill in
              </button>
            )}
          </div>
        )
      })}
    </section>
  )
}

function known(part: Share): number | null {
  if (part.missing == null) return null
  return Math.min(1, (part.actual ?? 0) + (part.estimated ?? 0))
}

function sentence(part: Share, missing: number, [one, many]: readonly [string, string]): string {
  if (part.missing == null) return 'No sales in this period.'
  const estimated = part.estimated ? `${share(part.estimated)} estimated` : null
  const gap = missing > 0 ? `${missing} ${missing === 1 ? one : many} missing` : 'nothing missing'
  return [estimated, gap].filter(Boolean).join(' · ')
}
