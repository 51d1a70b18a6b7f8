/** What each figure is, how it is computed and of which others it is made: the content of its passport. */
import type { Row } from '@/shared/api/types'
import type { Better } from '@/shared/ui/Change'

export type MoneyField = {
  [K in keyof Row]-?: NonNullable<Row[K]> extends string ? K : never
}[keyof Row]

export type AmountField = Exclude<MoneyField, 'key' | 'label'>

export interface Figure {
  field: AmountField
  label: string
  meaning: string
  formula: string
  inputs: { field: AmountField; sign: '+' | '−' }[]
  better: Better
}

function figure(
  field: AmountField,
  label: string,
  better: Better,
  meaning: string,
  formula: string,
  inputs: string[] = [],
): Figure {
  return {
    field,
    label,
    better,
    meaning,
    formula,
    inputs: inputs.map(input => ({
      sign: input.startsWith('-') ? ('−' as const) : ('+' as const),
      field: input.replace(/^[-+]/, '') as AmountField,
    })),
  }
}

const LIST: Figure[] = [
  figure(
    'gross_sales',
    'Gross sales',
    'up',
    'What the goods would have brought at their price, before discounts, taxes and shipping.',
    'Σ unit price × quantity',
  ),
  figure(
    'discounts',
    'Discounts',
    'down',
    'Discounts of lines and of whole orders, spread over the lines.',
    'Σ line and order discounts',
  ),
  figure(
    'returns',
    'Returns',
    'down',
    'The value of returned lines, net of their discounts, on the day of the return.',
    'Σ returned lines, net of discounts',
  ),
  figure(
    'net_sales',
    'Net sales',
    'up',
    'What the goods really brought.',
    'gross sales − discounts − returns',
    ['+gross_sales', '-discounts', '-returns'],
  ),
  figure(
    'shipping',
    'Shipping charged',
    'neither',
    'What customers paid for shipping, without tax.',
    'Σ shipping charged − shipping refunded',
  ),
  figure(
    'taxes',
    'Taxes',
    'neither',
    'Collected for the authorities; never part of profit.',
    'Σ taxes of lines and shipping',
  ),
  figure('duties', 'Duties', 'neither', 'Import duties collected at checkout.', 'Σ duties'),
  figure(
    'fees_charged',
    'Fees charged',
    'neither',
    'Additional fees charged to customers.',
    'Σ additional fees',
  ),
  figure('tips', 'Tips', 'up', 'What customers gave on top.', 'Σ tips'),
  figure(
    'total_sales',
    'Total sales',
    'up',
    'As Shopify defines it.',
    'net sales + shipping + duties + taxes + additional fees',
    ['+net_sales', '+shipping', '+duties', '+taxes', '+fees_charged'],
  ),
  figure(
    'gift_cards',
    'Gift cards sold',
    'neither',
    'A liability until it is used, so no revenue yet.',
    'Σ gift cards sold',
  ),
  figure(
    'net_revenue',
    'Net revenue',
    'up',
    'Everything earned, without tax.',
    'net sales + shipping charged + tips',
    ['+net_sales', '+shipping', '+tips'],
  ),
  figure(
    'net_revenue_without_cost',
    'Revenue without cost',
    'down',
    'Revenue of products whose cost nobody has told us. It is kept apart and never counted as profit.',
    'Σ net revenue of lines without a unit cost',
  ),
  figure(
    'cost_of_goods',
    'Cost of goods',
    'neither',
    'Unit cost valid at the time of sale, less the cost of restocked returns.',
    'Σ unit cost × quantity − restocked returns',
  ),
  figure(
    'cm1',
    'Gross profit (CM1)',
    'up',
    'What the goods earned after their cost.',
    'net revenue − revenue without known cost − cost of goods',
    ['+net_revenue', '-net_revenue_without_cost', '-cost_of_goods'],
  ),
  figure(
    'shipping_cost',
    'Shipping cost',
    'down',
    'What carriers and fulfilment cost you.',
    'Σ shipping and fulfilment cost',
  ),
  figure(
    'payment_fees',
    'Payment fees',
    'neither',
    'What the payment providers kept. A fee that is not given back on a refund stays a cost.',
    'Σ fees of transactions',
  ),
  figure(
    'cm2',
    'Margin after fees (CM2)',
    'up',
    'Gross profit less shipping cost and payment fees.',
    'CM1 − shipping cost − payment fees on what is covered',
    ['+cm1', '-shipping_cost', '-payment_fees'],
  ),
  figure('ad_spend', 'Ad spend', 'down', 'What advertising cost.', 'Σ spend of connected ad accounts'),
  figure(
    'cm3',
    'Contribution margin (CM3)',
    'up',
    'What sales contributed after advertising.',
    'CM2 − ad spend',
    ['+cm2', '-ad_spend'],
  ),
  figure(
    'fixed_costs',
    'Fixed costs',
    'down',
    'Rent, tools, salaries: by day.',
    'Σ fixed and custom costs of the period',
  ),
  figure('net_profit', 'Net profit', 'up', 'What is left.', 'CM3 − fixed costs', ['+cm3', '-fixed_costs']),
]

const BY_FIELD = new Map(LIST.map(entry => [entry.field, entry]))

export function figureOf(field: AmountField): Figure {
  const found = BY_FIELD.get(field)
  if (!found) throw new RangeError(`no passport for ${field}`)
  return found
}

export function labelOf(field: string): string {
  return BY_FIELD.get(field as AmountField)?.label ?? field.replaceAll('_', ' ')
}
