/** Every figure of a variant with the way it comes about, and why one is not known. */
import type { ReactNode } from 'react'
import type { InventoryVariant } from '@/shared/api/types'
import { count, money, number, share } from '@/shared/format/money'
import { dayText } from '@/shared/format/time'
import { Absent } from '@/shared/ui/Amount'
import {
  days,
  leadTimeSource,
  leadTimeText,
  orderByText,
  reasonOf,
  unitsText,
  whyNoCover,
  whyNoReorder,
} from './words'

interface Figure {
  name: string
  how: string
  value: ReactNode | null
  why?: string | undefined
}

export function Figures({ variant }: { variant: InventoryVariant }) {
  const groups: { title: string; figures: Figure[] }[] = [
    { title: 'Stock', figures: stockOf(variant) },
    { title: 'Demand', figures: demandOf(variant) },
    { title: 'Ordering', figures: orderingOf(variant) },
  ]
  return (
    <div className="grid gap-x-8 gap-y-5 lg:grid-cols-3">
      {groups.map(group => (
        <div key={group.title} className="min-w-0">
          <h3 className="label-caps pb-1">{group.title}</h3>
          <dl>
            {group.figures.map(figure => (
              <div
                key={figure.name}
                className="flex items-start justify-between gap-4 border-t border-rule py-2 text-sm"
              >
                <dt className="min-w-0">
                  {figure.name}
                  <span className="block text-xs text-faint">{figure.how}</span>
                </dt>
                <dd className="numeral text-right font-semibold">
                  {figure.value ?? <Absent reason={figure.why ?? 'It is not known.'} />}
                </dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
    </div>
  )
}

const known = (value: number | null | undefined, text: (value: number) => string = unitsText) =>
  value == null ? null : text(value)

function stockOf(variant: InventoryVariant): Figure[] {
  const { unavailable, currency, overstock } = variant
  const uncounted = reasonOf(unavailable, 'available') ?? 'Nobody tells how much of it there is.'
  return [
    { name: 'Available', how: 'what can be sold', value: known(variant.available, count), why: uncounted },
    { name: 'On hand', how: 'with what is committed', value: known(variant.on_hand, count), why: uncounted },
    {
      name: 'Committed',
      how: 'sold, and not sent yet',
      value: known(variant.committed, count),
      why: uncounted,
    },
    { name: 'Incoming', how: 'as the shop has it', value: known(variant.incoming, count), why: uncounted },
    { name: 'On order', how: 'own orders that are under way', value: count(variant.on_order) },
    {
      name: 'Not counted yet',
      how: 'received, until the shop’s count has grown by it',
      value: count(variant.uncounted),
    },
    {
      name: 'Position',
      how: 'available + incoming + on order + not counted yet',
      value: known(variant.position, count),
      why: uncounted,
    },
    {
      name: 'Stock value',
      how: 'on hand × cost of a unit',
      value: variant.value == null ? null : money(variant.value, currency),
      why: reasonOf(unavailable, 'value', 'reorder.unit_cost', 'available') ?? 'No cost of it is known.',
    },
    {
      name: 'Overstock',
      how: 'on hand beyond what the days of Settings will want',
      value:
        overstock.units == null
          ? null
          : `${unitsText(overstock.units)}${overstock.value == null ? '' : ` · ${money(overstock.value, currency)}`}`,
      why: reasonOf(unavailable, 'overstock', 'available', 'demand.per_day'),
    },
  ]
}

function demandOf(variant: InventoryVariant): Figure[] {
  const { demand, unavailable } = variant
  const unforecast = reasonOf(unavailable, 'demand.per_day') ?? 'There is no forecast of it yet.'
  return [
    {
      name: 'Expected a day',
      how: 'mean of the forecast’s next 28 days',
      value: known(demand.per_day, rate => number(rate, 2)),
      why: reasonOf(unavailable, 'demand.per_day') ?? unforecast,
    },
    {
      name: 'Next 28 days',
      how: 'sum of the forecast’s days',
      value: known(demand.next_28),
      why: reasonOf(unavailable, 'demand.next_28') ?? unforecast,
    },
    { name: 'Sold', how: 'in 7, 28 and 90 days', value: soldText(demand) },
    {
      name: 'Sell-through',
      how: 'sold in 28 days ÷ (sold + on hand)',
      value: known(demand.sell_through, share),
      why: reasonOf(unavailable, 'demand.sell_through', 'available') ?? 'Nothing was there to sell.',
    },
    {
      name: 'Lost sales',
      how: 'estimate: what days without stock would have sold, of 28',
      value: known(demand.lost_28),
      why: reasonOf(unavailable, 'demand.lost_28') ?? 'The stock of these days was not written down.',
    },
    {
      name: 'Last sold',
      how: 'by the store’s calendar',
      value: variant.last_sold_on ? dayText(variant.last_sold_on) : 'never',
    },
  ]
}

function soldText({ sold_7: week, sold_28: month, sold_90: quarter }: InventoryVariant['demand']): string {
  return [week, month, quarter].map(count).join(' · ')
}

function orderingOf(variant: InventoryVariant): Figure[] {
  const { reorder, unavailable, currency, lead_time: lead } = variant
  const why = whyNoReorder(variant)
  const amount = (value: string | null | undefined) => (value == null ? null : money(value, currency))
  const uncosted = reasonOf(unavailable, 'reorder.unit_cost') ?? 'No cost of it is known.'
  return [
    {
      name: 'Cover',
      how: 'days until expected demand has used up the stock, with what comes',
      value:
        variant.urgency === 'unknown'
          ? null
          : variant.cover_days == null
            ? 'over a year'
            : days(variant.cover_days),
      why: whyNoCover(variant),
    },
    {
      name: 'Lead time',
      how: lead ? leadTimeSource(lead) : 'from an order to its goods',
      value: lead ? leadTimeText(lead) : null,
      why: reasonOf(unavailable, 'lead_time') ?? 'None is set.',
    },
    {
      name: 'Safety stock',
      how: 'z × √(variance of demand over the lead time + (demand a day × spread of the lead time)²), z of the service level',
      value: known(reorder.safety_stock),
      why: reasonOf(unavailable, 'reorder.safety_stock') ?? why,
    },
    {
      name: 'Reorder point',
      how: 'demand over the lead time + safety stock',
      value: known(reorder.point),
      why: reasonOf(unavailable, 'reorder.point') ?? why,
    },
    {
      name: 'Economic quantity',
      how: '√(2 × demand of a year × cost of an order ÷ cost of holding a unit for a year)',
      value: known(reorder.economic_quantity),
      why: reasonOf(unavailable, 'reorder.economic_quantity') ?? why,
    },
    {
      name: 'Order now',
      how: 'the economic quantity, at least up to the reorder point, in whole packs',
      value: known(reorder.quantity, count),
      why: reasonOf(unavailable, 'reorder.quantity') ?? why,
    },
    {
      name: 'Order by',
      how: 'expected stock-out − lead time',
      value: orderByText(reorder.order_by, variant.today, 'short') ?? null,
      why:
        reasonOf(unavailable, 'reorder.order_by', 'stock_out', 'lead_time') ??
        'It does not run out within a year.',
    },
    { name: 'Cost of a unit', how: 'as told under Costs', value: amount(reorder.unit_cost), why: uncosted },
    {
      name: 'Cost of the order',
      how: 'order now × cost of a unit',
      value: amount(reorder.cost),
      why: uncosted,
    },
  ]
}
