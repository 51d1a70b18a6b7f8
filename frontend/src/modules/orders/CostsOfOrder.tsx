/** How well the costs of one order are known: the parts of its sales, what is missing and why, and what was converted. */
import { Link } from '@tanstack/react-router'
import type { OrderAnswer, OrderCostConversion, OrderCostGap } from '@/shared/api/types'
import { CoverageParts } from '@/shared/figures/CoverageParts'
import { dayText } from '@/shared/format/time'
import { words } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Section } from '@/shared/ui/Page'

export function CostsOfOrder({ answer }: { answer: OrderAnswer }) {
  const { unknown_costs: gaps, converted_costs: conversions } = answer
  return (
    <Section title="How well its costs are known">
      <div className="grid items-start gap-x-10 gap-y-4 lg:grid-cols-2">
        <CoverageParts coverage={answer.ledger_totals.coverage} />
        <div className="flex flex-col gap-3 text-sm">
          {gaps.length === 0 ? (
            <p className="text-soft">Nothing of this order is missing.</p>
          ) : (
            <ul aria-label="What is missing" className="flex flex-col gap-2">
              {gaps.map(gap => (
                <Gap key={gap.of + (gap.line_id ?? '') + (gap.gateway ?? '')} gap={gap} answer={answer} />
              ))}
            </ul>
          )}
          {conversions.length > 0 && (
            <ul aria-label="Costs in another currency" className="flex flex-col gap-1 text-soft">
              {conversions.map(conversion => (
                <li key={conversion.of + (conversion.line_id ?? '') + (conversion.gateway ?? '')}>
                  {partOf(conversion, answer)}: {rateText(conversion)}
                </li>
              ))}
            </ul>
          )}
        </div>
      </div>
    </Section>
  )
}

function Gap({ gap, answer }: { gap: OrderCostGap; answer: OrderAnswer }) {
  const line = answer.order.lines.find(candidate => candidate.id === gap.line_id)
  const search =
    gap.of === 'cost'
      ? { state: 'missing', q: line?.product_id ?? line?.sku ?? undefined }
      : { tab: gap.of === 'shipping' ? 'shipping' : 'fees' }
  const rate = gap.why.code === 'no_rate'
  return (
    <li>
      <span className="font-semibold">{partOf(gap, answer)}</span>
      <span className="block text-soft">{gap.why.message}</span>
      <Link
        to={rate ? paths.settingsCurrencies : paths.costs}
        search={old => ({ ...keepRange(old), ...(rate ? {} : search) })}
        className="inline-flex min-h-6 items-center underline decoration-dotted underline-offset-4"
      >
        {rate ? 'Enter the rate' : 'Tell it under Costs'}
      </Link>
    </li>
  )
}

function partOf(part: OrderCostGap | OrderCostConversion, answer: OrderAnswer): string {
  if (part.of === 'shipping') return 'Shipping'
  if (part.of === 'fees') return `Fee of ${part.gateway ? words(part.gateway) : 'an unnamed gateway'}`
  return answer.order.lines.find(line => line.id === part.line_id)?.title ?? 'A product'
}

const SOURCES: Record<string, string> = { entered: 'entered', imported: 'from a file', feed: 'published' }

function rateText(of: OrderCostConversion): string {
  const via = of.via ? ` through ${of.via}` : ''
  return `1 ${of.from} = ${of.rate} ${of.to}${via}, ${SOURCES[of.source] ?? of.source} for ${dayText(of.rate_day)}`
}
