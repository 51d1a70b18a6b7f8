import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { InventoryItem } from '@/shared/api/types'
import { count, number } from '@/shared/format/money'
import { plural } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { Absent, Amount } from '@/shared/ui/Amount'
import type { Column } from '@/shared/ui/data-columns'
import { StateBadges, UrgencyBadge } from './StockBadges'
import {
  between,
  days,
  leadTimeText,
  orderByText,
  reasonOf,
  stockOutText,
  whyNoCover,
  whyNoReorder,
} from './words'

/** Which rows are chosen; left out for who may order nothing. */
export interface Selecting {
  has: (id: string) => boolean
  toggle: (id: string) => void
}

export function inventoryColumns(
  currency: string,
  today: string,
  selecting?: Selecting,
): Column<InventoryItem>[] {
  return [
    {
      id: 'title',
      header: 'Variant',
      sortable: true,
      cell: item => <VariantCell item={item} selecting={selecting} />,
    },
    { id: 'stock', header: 'Stock', align: 'right', from: 'sm', cell: item => <Stock item={item} /> },
    {
      id: 'units',
      header: 'Demand',
      align: 'right',
      from: 'md',
      sortable: true,
      cell: item => <Demand item={item} />,
    },
    { id: 'cover', header: 'Cover', align: 'right', sortable: true, cell: item => <Cover item={item} /> },
    { id: 'lead', header: 'Lead time', align: 'right', from: 'lg', cell: item => <Lead item={item} /> },
    {
      id: 'reorder',
      header: 'Order',
      align: 'right',
      from: 'sm',
      cell: item => <Order item={item} today={today} />,
    },
    {
      id: 'value',
      header: 'Value',
      align: 'right',
      from: 'lg',
      sortable: true,
      cell: item => (
        <Amount
          value={item.value}
          currency={currency}
          reason={
            reasonOf(item.unavailable, 'value', 'reorder.unit_cost', 'available') ?? 'No cost of it is known.'
          }
        />
      ),
    },
  ]
}

function VariantCell({ item, selecting }: { item: InventoryItem; selecting: Selecting | undefined }) {
  if (!selecting) return <Variant item={item} />
  return (
    <span className="flex items-start gap-2.5">
      <input
        type="checkbox"
        aria-label={`Select ${item.title}`}
        checked={selecting.has(item.variant_id)}
        onChange={() => selecting.toggle(item.variant_id)}
        className="size-6 shrink-0 accent-(--action)"
      />
      <span className="min-w-0">
        <Variant item={item} />
      </span>
    </span>
  )
}

function Variant({ item }: { item: InventoryItem }) {
  return (
    <>
      <Link
        to={paths.stocked}
        params={{ id: item.variant_id }}
        search={keepRange}
        className="inline-flex min-h-6 items-center font-semibold decoration-dotted underline-offset-4 wrap-anywhere hover:underline"
      >
        {item.title}
      </Link>
      <span className="block text-xs text-faint wrap-anywhere">
        {[item.sku, item.vendor].filter(Boolean).join(' · ')}
        <span className="sm:hidden">
          {(item.sku || item.vendor) && ' · '}
          {item.available == null ? 'stock not known' : `${count(item.available)} in stock`}
        </span>
      </span>
      <span className="mt-1 flex flex-wrap gap-1 empty:hidden">
        <StateBadges item={item} />
      </span>
    </>
  )
}

function Under({ children }: { children: ReactNode }) {
  return <span className="block text-xs text-faint">{children}</span>
}

function Stock({ item }: { item: InventoryItem }) {
  const there = item.available ?? item.on_hand
  return (
    <>
      {there == null ? (
        <Absent reason={reasonOf(item.unavailable, 'available') ?? 'Nobody tells how much of it there is.'} />
      ) : (
        <span className="numeral font-semibold">{count(there)}</span>
      )}
      {item.uncounted > 0 && <Under>{count(item.uncounted)} came, not counted</Under>}
      {item.on_order > 0 && <Under>{count(item.on_order)} on order</Under>}
    </>
  )
}

function Demand({ item }: { item: InventoryItem }) {
  const { per_day: rate, sold_28: sold } = item.demand
  return (
    <>
      {rate == null ? (
        <Absent reason={reasonOf(item.unavailable, 'demand.per_day') ?? 'There is no forecast of it yet.'} />
      ) : (
        <span className="numeral">{number(rate, 2)} a day</span>
      )}
      <Under>{count(sold)} sold in 28 days</Under>
    </>
  )
}

function Cover({ item }: { item: InventoryItem }) {
  const interval = between(item.stock_out?.earliest, item.stock_out?.latest)
  return (
    <span className="inline-flex flex-col items-end gap-0.5">
      {item.urgency === 'unknown' ? (
        <Absent reason={whyNoCover(item)} />
      ) : (
        <>
          <span className="numeral font-semibold">
            {item.cover_days == null ? 'over a year' : days(item.cover_days)}
          </span>
          <UrgencyBadge item={item} />
          {item.urgency !== 'out' && item.cover_days != null && (
            <span className="text-xs text-faint">{interval ?? stockOutText(item)}</span>
          )}
        </>
      )}
    </span>
  )
}

function Lead({ item }: { item: InventoryItem }) {
  if (!item.lead_time) return <Absent reason={reasonOf(item.unavailable, 'lead_time') ?? 'None is set.'} />
  return <span className="numeral">{leadTimeText(item.lead_time)}</span>
}

function Order({ item, today }: { item: InventoryItem; today: string }) {
  const { quantity, order_by: day } = item.reorder
  const by = orderByText(day, today)
  if (quantity == null) return <Absent reason={whyNoReorder(item)} />
  if (quantity === 0) return <span className="text-soft">nothing now</span>
  return (
    <>
      <span className="numeral font-semibold">
        {count(quantity)} {plural(quantity, 'unit')}
      </span>
      {by && <Under>{by === 'at once' ? by : `by ${by}`}</Under>}
    </>
  )
}
