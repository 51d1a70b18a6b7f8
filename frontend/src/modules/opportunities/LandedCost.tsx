/** What it costs until it is with a customer, part by part with its source, against the price. */
import type { Opportunity, SourcedAmount } from '@/shared/api/types'
import { money } from '@/shared/format/money'
import { asSentence } from '@/shared/format/words'
import { Absent } from '@/shared/ui/Amount'
import { cx } from '@/shared/ui/cx'
import { LandedStack, type StackPart } from './LandedStack'
import { amountText, marginText, PARTS, reasonOf, whyNoMargin } from './words'

/** For drawing only: what is printed stays a decimal text. */
const size = (figure: SourcedAmount) => Math.max(0, Number(figure.value ?? 0))

export function LandedCost({ of }: { of: Opportunity }) {
  return (
    <div className="flex flex-col gap-5">
      <Drawn of={of} />
      <CostTable of={of} />
    </div>
  )
}

function Drawn({ of }: { of: Opportunity }) {
  const { landed_cost: landed, price, currency } = of
  const known = PARTS.filter(part => size(landed[part.key]) > 0)
  const cost = known.reduce((sum, part) => sum + size(landed[part.key]), 0)
  const whole = Math.max(cost, size(price))
  const parts: StackPart[] = known.map(part => ({ ...part, share: size(landed[part.key]) / whole }))
  if (size(price) > cost) {
    const share = (size(price) - cost) / whole
    // Where a part is missing, nobody knows what of the rest would be left.
    const isWhole = landed.total.value != null
    parts.push(
      isWhole
        ? { key: 'left', label: 'Left', tone: 'good', share }
        : { key: 'unknown', label: 'Not known', tone: 'faint', share },
    )
  }
  const priceMark =
    price.value == null ? null : { share: size(price) / whole, label: money(price.value, currency) }
  if (known.length === 0) return null
  return (
    <LandedStack
      title="Landed cost against the price"
      summary={summaryOf(of)}
      parts={parts}
      price={priceMark}
    />
  )
}

function summaryOf(of: Opportunity): string {
  const { landed_cost: landed, price, currency } = of
  const total = amountText(landed.total, currency)
  const sold = amountText(price, currency)
  if (total === null) return `The whole cost is not known: ${asSentence(landed.total.reason ?? '')}`
  if (sold === null) return `It costs ${total} until it is with a customer. ${reasonOf(price)}`
  const margin = marginText(of)
  return `Of a price of ${sold}, it costs ${total} until it is with a customer${margin ? `; ${margin} are left` : ''}. Bars are drawn at the dearer end.`
}

function CostTable({ of }: { of: Opportunity }) {
  const { landed_cost: landed, currency } = of
  const rows = PARTS.map(({ key, label }) => ({ label, figure: landed[key], strong: false }))
  const margin = marginText(of)
  return (
    <table aria-label="Landed cost" className="w-full text-sm">
      <thead className="sr-only">
        <tr>
          <th scope="col">Part</th>
          <th scope="col">Amount</th>
          <th scope="col">Source</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <Row key={row.label} {...row} currency={currency} />
        ))}
        <Row label="Landed cost" figure={landed.total} currency={currency} strong />
        <Row label="Price" figure={of.price} currency={currency} strong />
        <tr className="border-t border-rule">
          <th scope="row" className="py-2 pr-3 text-left align-top font-semibold">
            Margin
          </th>
          <td className="numeral py-2 text-right align-top font-semibold whitespace-nowrap">
            {margin ?? <Absent reason={whyNoMargin(of)} />}
          </td>
          <td className="hidden py-2 pl-5 align-top text-xs text-soft sm:table-cell">
            The price less the landed cost.
          </td>
        </tr>
        <Row label="Ads to break even" figure={of.break_even_cost_per_order} currency={currency} strong />
      </tbody>
    </table>
  )
}

interface RowProps {
  label: string
  figure: SourcedAmount
  currency: string
  strong: boolean
}

function Row({ label, figure, currency, strong }: RowProps) {
  const text = amountText(figure, currency)
  const source = figure.source ? asSentence(figure.source) : reasonOf(figure)
  return (
    <tr className="border-t border-rule first:border-0">
      <th
        scope="row"
        className={cx('py-2 pr-3 text-left align-top', strong ? 'font-semibold' : 'font-normal')}
      >
        {label}
        <span className="block text-xs font-normal text-soft sm:hidden">{source}</span>
      </th>
      <td className={cx('numeral py-2 text-right align-top whitespace-nowrap', strong && 'font-semibold')}>
        {text ?? <Absent reason={reasonOf(figure)} />}
      </td>
      <td className="hidden py-2 pl-5 align-top text-xs text-soft sm:table-cell">{source}</td>
    </tr>
  )
}
