/** One variant: what is expected of it, how long its stock lasts, and what to do about it. */
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ApiError } from '@/shared/api/problem'
import type { InventoryVariant, StockLocation, Store } from '@/shared/api/types'
import { count, money, NONE, number } from '@/shared/format/money'
import { asSentence, plural } from '@/shared/format/words'
import { variantQuery } from '@/shared/inventory/stock'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { useStore } from '@/shared/range/use-range'
import { Only } from '@/shared/session/may'
import { Absent } from '@/shared/ui/Amount'
import { buttonClass } from '@/shared/ui/Button'
import { cx } from '@/shared/ui/cx'
import { Page, Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading, Note } from '@/shared/ui/States'
import { BundleParts } from './BundleParts'
import { CoverChart } from './CoverChart'
import { FanChart } from './FanChart'
import { Figures } from './Figures'
import { ForecastFacts } from './ForecastFacts'
import { StateBadges, UrgencyBadge } from './StockBadges'
import { VariantSettings } from './VariantSettings'
import { between, days, orderByText, reasonOf, stockOutText, whyNoCover, whyNoReorder } from './words'

export function VariantPage() {
  const { id = '' } = useParams({ strict: false })
  const store = useStore()
  if (!store) return <Loading label="Loading the variant" />
  return <VariantOf key={`${store.id}/${id}`} id={id} store={store} />
}

function VariantOf({ id, store }: { id: string; store: Store }) {
  const { data, error, refetch } = useQuery(variantQuery(id, store.id))
  if (error instanceof ApiError && error.status === 404) {
    return (
      <Page title="Variant">
        <div className="sheet">
          <Empty title="There is no such variant" action={<ToInventory />}>
            It was taken out of the shop, or it is of another store.
          </Empty>
        </div>
      </Page>
    )
  }
  if (error && !data) {
    return (
      <Page title="Variant">
        <Failure error={error} onRetry={() => void refetch()} />
      </Page>
    )
  }
  if (!data) return <Loading label="Loading the variant" rows={12} />
  return <Found variant={data} store={store} />
}

function ToInventory() {
  return (
    <Link to={paths.inventory} search={keepRange} className={buttonClass('quiet')}>
      All of the inventory
    </Link>
  )
}

function Found({ variant, store }: { variant: InventoryVariant; store: Store }) {
  return (
    <Page
      title={variant.title}
      lead={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {[variant.sku, variant.vendor, variant.product_type].filter(Boolean).join(' · ')}
          <UrgencyBadge item={variant} />
          <StateBadges item={variant} />
        </span>
      }
      actions={
        <>
          <Only may="inventory:write">
            <Link
              to={paths.purchaseOrder}
              params={{ id: 'new' }}
              search={old => ({ ...keepRange(old), variants: variant.variant_id })}
              className={buttonClass('primary')}
            >
              Order it
            </Link>
          </Only>
          <Link
            to={paths.product}
            params={{ id: variant.product_id }}
            search={keepRange}
            className={buttonClass('plain')}
          >
            Its product
          </Link>
          <ToInventory />
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <Tiles variant={variant} />
        <Demand variant={variant} />
        <Section title="Stock ahead" note="At the end of each day, with the goods that are expected">
          {variant.cover.length > 0 ? (
            <CoverChart variant={variant} />
          ) : (
            <p className="text-sm text-soft">{whyNoCover(variant)}</p>
          )}
        </Section>
        <Section title="How each figure comes about">
          <Figures variant={variant} />
        </Section>
        <BundleParts variant={variant} />
        <VariantSettings variant={variant} store={store} />
        {variant.locations.length > 0 && (
          <Section title="Where it is" flush>
            <Locations locations={variant.locations} />
          </Section>
        )}
      </div>
    </Page>
  )
}

function stockNote({ uncounted, on_order: ordered }: InventoryVariant): string {
  const came = uncounted > 0 ? `${count(uncounted)} came and are not counted yet` : ''
  if (ordered > 0) return came ? `${came}, ${count(ordered)} on order` : `${count(ordered)} more on order`
  return came || 'Nothing on order'
}

function Tiles({ variant }: { variant: InventoryVariant }) {
  const { reorder, currency, stock_out: out, unavailable } = variant
  const there = variant.available ?? variant.on_hand
  const interval = between(out?.earliest, out?.latest)
  const by = orderByText(reorder.order_by, variant.today)
  return (
    <ul
      aria-label="Key figures"
      className="grid grid-cols-[repeat(auto-fill,minmax(9.75rem,1fr))] gap-3 lg:grid-cols-5"
    >
      <Tile label="Available" note={stockNote(variant)}>
        {there == null ? (
          <Absent reason={reasonOf(unavailable, 'available') ?? 'Nobody tells how much of it there is.'} />
        ) : (
          count(there)
        )}
      </Tile>
      <Tile label="Expected a day" note={`${count(variant.demand.sold_28)} sold in the last 28 days`}>
        {variant.demand.per_day == null ? (
          <Absent reason={reasonOf(unavailable, 'demand.per_day') ?? 'There is no forecast of it yet.'} />
        ) : (
          number(variant.demand.per_day, 2)
        )}
      </Tile>
      <Tile label="Lasts" note={variant.urgency === 'unknown' ? 'not known' : 'with what comes until then'}>
        {variant.urgency === 'unknown' ? (
          <Absent reason={whyNoCover(variant)} />
        ) : variant.cover_days == null ? (
          'over a year'
        ) : (
          days(variant.cover_days)
        )}
      </Tile>
      <Tile
        label="Runs out"
        note={interval && variant.urgency !== 'out' ? `${interval}, four times of five` : NONE}
      >
        {variant.urgency === 'unknown' ? <Absent reason={whyNoCover(variant)} /> : stockOutText(variant)}
      </Tile>
      <Tile
        label="Order now"
        note={
          [
            (reorder.quantity ?? 0) > 0 && by && (by === 'at once' ? by : `by ${by}`),
            reorder.cost != null && (reorder.quantity ?? 0) > 0 && money(reorder.cost, currency),
          ]
            .filter(Boolean)
            .join(' · ') || NONE
        }
      >
        {reorder.quantity == null ? (
          <Absent reason={whyNoReorder(variant)} />
        ) : reorder.quantity === 0 ? (
          'nothing'
        ) : (
          `${count(reorder.quantity)} ${plural(reorder.quantity, 'unit')}`
        )}
      </Tile>
    </ul>
  )
}

function Tile({ label, note, children }: { label: string; note: string; children: ReactNode }) {
  return (
    <li className="sheet flex flex-col p-3.5">
      <span className="text-sm text-soft">{label}</span>
      <span className="mt-0.5 text-lg font-semibold wrap-anywhere">{children}</span>
      <span className="mt-auto pt-1.5 text-xs text-faint">{note}</span>
    </li>
  )
}

const TOO_LITTLE = {
  too_little: 'There is too little history for a forecast of its own.',
  none: 'It has not sold yet, so there is no forecast of its own.',
} as const

function Demand({ variant }: { variant: InventoryVariant }) {
  const { forecast, history } = variant
  const ready = forecast.state === 'ready' ? forecast : null
  const standing = forecast.history
  const reason = forecast.history_reason
  return (
    <Section title="Demand" note="Sold less returned, day by day, and the forecast with its interval of 80 %">
      <div className="flex flex-col gap-4">
        {ready && standing !== 'enough' && (
          <Note tone="warn">
            <p className="font-semibold">{TOO_LITTLE[standing]}</p>
            {reason && <p>{asSentence(reason)}</p>}
          </Note>
        )}
        {!ready && (
          <Note tone="warn">
            {reasonOf(forecast.unavailable, 'steps') ??
              reasonOf(variant.unavailable, 'demand.per_day') ??
              'There is no forecast of it yet.'}
          </Note>
        )}
        {history.length > 0 || ready ? (
          <FanChart title={variant.title} history={history} forecast={ready} today={variant.today} />
        ) : (
          <p className="text-sm text-soft">Nothing was sold yet.</p>
        )}
        {ready && (
          <div className="border-t border-rule pt-4">
            <ForecastFacts forecast={ready} />
          </div>
        )}
      </div>
    </Section>
  )
}

const PLACE_COLUMNS = [
  { name: 'On hand', of: (place: StockLocation) => place.on_hand },
  { name: 'Available', of: (place: StockLocation) => place.available },
  { name: 'Committed', of: (place: StockLocation) => place.committed, wide: true },
  { name: 'Incoming', of: (place: StockLocation) => place.incoming, wide: true },
]

function Locations({ locations }: { locations: StockLocation[] }) {
  const edge = (wide: boolean | undefined) =>
    cx('px-2 py-2 text-right last:pr-4 sm:last:pr-5', wide && 'hidden xs:table-cell')
  return (
    <table aria-label="Stock by location" className="w-full text-sm">
      <thead className="border-y border-rule bg-sunk text-xs text-soft">
        <tr>
          <th scope="col" className="px-4 py-2 text-left font-medium sm:px-5">
            Location
          </th>
          {PLACE_COLUMNS.map(column => (
            <th key={column.name} scope="col" className={cx(edge(column.wide), 'font-medium')}>
              {column.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {locations.map(place => (
          <tr key={place.id} className="border-b border-rule last:border-0">
            <th scope="row" className="px-4 py-2 text-left font-normal wrap-anywhere sm:px-5">
              {place.name}
            </th>
            {PLACE_COLUMNS.map(({ name, of, wide }) => (
              <td key={name} className={cx(edge(wide), 'numeral')}>
                <Told value={of(place)} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Told({ value }: { value: number | null | undefined }) {
  if (value == null) return <Absent reason="The shop does not tell it for this place." />
  return count(value)
}
