/** What the figures of a row are called, and which way is better. Everything else about them is told by the server: `/v1/figures`. */
import type { Row } from '@/shared/api/types'
import type { Better } from '@/shared/ui/Change'

export type MoneyField = {
  [K in keyof Row]-?: NonNullable<Row[K]> extends string ? K : never
}[keyof Row]

export type AmountField = Exclude<MoneyField, 'key' | 'label'>

export interface Figure {
  label: string
  better: Better
}

const FIGURES: Partial<Record<AmountField, Figure>> = {
  gross_sales: { label: 'Gross sales', better: 'up' },
  discounts: { label: 'Discounts', better: 'down' },
  returns: { label: 'Returns', better: 'down' },
  net_sales: { label: 'Net sales', better: 'up' },
  shipping: { label: 'Shipping charged', better: 'neither' },
  taxes: { label: 'Taxes', better: 'neither' },
  duties: { label: 'Duties', better: 'neither' },
  fees_charged: { label: 'Fees charged', better: 'neither' },
  tips: { label: 'Tips', better: 'up' },
  total_sales: { label: 'Total sales', better: 'up' },
  gift_cards: { label: 'Gift cards sold', better: 'neither' },
  net_revenue: { label: 'Net revenue', better: 'up' },
  net_revenue_without_cost: { label: 'Revenue without cost', better: 'down' },
  cost_of_goods: { label: 'Cost of goods', better: 'neither' },
  cm1: { label: 'Gross profit (CM1)', better: 'up' },
  shipping_cost: { label: 'Shipping cost', better: 'down' },
  payment_fees: { label: 'Payment fees', better: 'neither' },
  cm2: { label: 'Margin after fees (CM2)', better: 'up' },
  ad_spend: { label: 'Ad spend', better: 'down' },
  cm3: { label: 'Contribution margin (CM3)', better: 'up' },
  fixed_costs: { label: 'Fixed costs', better: 'down' },
  net_profit: { label: 'Net profit', better: 'up' },
}

export function figureOf(field: AmountField): Figure {
  const found = FIGURES[field]
  if (!found) throw new RangeError(`${field} has no name`)
  return found
}

export function labelOf(field: string): string {
  return FIGURES[field as AmountField]?.label ?? field.replaceAll('_', ' ')
}
