/** What a variant was offered at, what it really brought, and what it cost, day by day, with the steps as a list. */
import { useMemo, useState } from 'react'
import type { ProductAnswer } from '@/shared/api/types'
import type { ChartPoint, ChartSeries } from '@/shared/charts/kinds'
import { LineChart } from '@/shared/charts/LineChart'
import { divide } from '@/shared/format/decimal'
import { addDays, dayText } from '@/shared/format/time'
import { words } from '@/shared/format/words'
import type { Range } from '@/shared/range/range'
import { Amount } from '@/shared/ui/Amount'
import { Section } from '@/shared/ui/Page'

type PriceStep = ProductAnswer['prices'][number]
type CostStep = ProductAnswer['costs'][number]

const SERIES: ChartSeries[] = [
  { key: 'price', label: 'Price', tone: 'slate', step: true },
  { key: 'cost', label: 'Unit cost', tone: 'bad', step: true },
  { key: 'charged', label: 'Charged on average', tone: 'brass' },
]

interface PriceHistoryProps {
  answer: ProductAnswer
  range: Range
}

export function PriceHistory({ answer, range }: PriceHistoryProps) {
  const { variants } = answer.product
  const [chosen, setChosen] = useState(variants[0]?.id)
  const prices = useMemo(() => answer.prices.filter(step => step.variant_id === chosen), [answer, chosen])
  const costs = useMemo(() => answer.costs.filter(step => step.variant_id === chosen), [answer, chosen])
  const alone = variants.length === 1
  const points = useMemo(
    () => pointsOf(prices, costs, range, alone ? answer.series : []),
    [prices, costs, range, alone, answer.series],
  )
  const picker = !alone && (
    <label className="flex items-center gap-2 text-sm">
      <span className="text-soft">Variant</span>
      <select
        value={chosen}
        onChange={event => setChosen(event.target.value)}
        className="field max-w-56 text-sm"
      >
        {variants.map(variant => (
          <option key={variant.id} value={variant.id}>
            {variant.title}
          </option>
        ))}
      </select>
    </label>
  )
  return (
    <Section title="Price and cost" note="As they were seen, with the source of each step" actions={picker}>
      <LineChart
        title="Price and cost per day"
        points={points}
        series={alone ? SERIES : SERIES.slice(0, 2)}
        unit={{ kind: 'money', currency: answer.currency }}
      />
      <Steps prices={prices} costs={costs} currency={answer.currency} />
    </Section>
  )
}

/** The last step that had begun by the end of the day. */
export function priceOn(prices: PriceStep[], day: string): string | null {
  return prices.findLast(step => step.seen_at.slice(0, 10) <= day)?.price ?? null
}

export function costOn(costs: CostStep[], day: string): string | null {
  const step = costs.findLast(entry => !entry.valid_from || entry.valid_from.slice(0, 10) <= day)
  return step?.unit_cost ?? null
}

function pointsOf(
  prices: PriceStep[],
  costs: CostStep[],
  range: Range,
  series: ProductAnswer['series'],
): ChartPoint[] {
  const sold = new Map(series.map(row => [row.day, row]))
  const points: ChartPoint[] = []
  for (let day = range.from; day <= range.to; day = addDays(day, 1)) {
    const row = sold.get(day)
    const price = priceOn(prices, day)
    const first = prices[0]?.seen_at
    points.push({
      at: day,
      values: {
        price,
        cost: costOn(costs, day),
        charged: row && row.units > 0 && row.net_sales != null ? divide(row.net_sales, row.units) : null,
      },
      reason:
        price === null && first
          ? `The price was first seen on ${dayText(first.slice(0, 10))}; providers keep no history.`
          : undefined,
    })
  }
  return points
}

interface Step {
  at: string | null
  what: 'Price' | 'Unit cost'
  value: string | null | undefined
  note: string
}

function Steps({ prices, costs, currency }: { prices: PriceStep[]; costs: CostStep[]; currency: string }) {
  const steps: Step[] = [
    ...prices.map(
      (step): Step => ({
        at: step.seen_at,
        what: 'Price',
        value: step.price,
        note: 'store, when it was first seen',
      }),
    ),
    ...costs.map(
      (step): Step => ({
        at: step.valid_from ?? null,
        what: 'Unit cost',
        value: step.unit_cost,
        note: step.source ? words(step.source) : 'no source knew one',
      }),
    ),
  ].sort((left, right) => (right.at ?? '').localeCompare(left.at ?? ''))
  if (steps.length === 0) return null
  return (
    // A region that scrolls must be reachable by keyboard.
    <section
      aria-label="Steps of price and cost"
      tabIndex={0}
      className="relative mt-4 max-h-72 overflow-auto"
    >
      <table className="w-full text-sm">
        <caption className="sr-only">Steps of price and cost, newest first</caption>
        <thead className="text-xs text-soft">
          <tr>
            <th scope="col" className="py-1.5 text-left font-medium">
              Valid from
            </th>
            <th scope="col" className="py-1.5 text-left font-medium">
              What
            </th>
            <th scope="col" className="py-1.5 text-right font-medium">
              Amount
            </th>
            <th scope="col" className="hidden py-1.5 pl-4 text-left font-medium sm:table-cell">
              Source
            </th>
          </tr>
        </thead>
        <tbody>
          {steps.map(step => (
            <tr key={`${step.what}${step.at}${step.value}`} className="border-t border-rule">
              <th scope="row" className="py-1.5 text-left font-normal">
                {step.at ? dayText(step.at.slice(0, 10)) : 'Since ever'}
              </th>
              <td className="py-1.5">{step.what}</td>
              <td className="py-1.5 text-right">
                <Amount value={step.value} currency={currency} reason="From here on the cost is unknown." />
              </td>
              <td className="hidden py-1.5 pl-4 text-soft sm:table-cell">{step.note}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
