/** What is spent for nothing, when a new customer has paid for itself, and which products the spend sells, by our own orders. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type {
  AdCampaignProfit,
  AdCampaignRef,
  AdOtherChannel,
  AdProductProfit,
  AdProfit,
} from '@/shared/api/types'
import { count, money, share } from '@/shared/format/money'
import { dayText } from '@/shared/format/time'
import { plural } from '@/shared/format/words'
import { paths } from '@/shared/paths'
import { keepRange, type Range } from '@/shared/range/range'
import { Absent, Amount } from '@/shared/ui/Amount'
import { Badge } from '@/shared/ui/Badge'
import { DataTable } from '@/shared/ui/DataTable'
import type { Column } from '@/shared/ui/data-columns'
import { Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading, Note } from '@/shared/ui/States'
import { Facts } from './Facts'
import { adProfitQuery } from './queries'
import { times } from './words'

export default function ProfitOnAds({ storeId, range }: { storeId: string; range: Range }) {
  const { data, error, refetch } = useQuery(adProfitQuery(storeId, range))
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading label="Working out what the spend sold" rows={6} />
  return <Told told={data} />
}

function Named({ of }: { of: AdCampaignRef }) {
  return (
    <Link
      to={paths.campaign}
      params={{ id: of.id }}
      search={keepRange}
      className="inline-flex min-h-6 items-center underline decoration-dotted underline-offset-4 wrap-anywhere"
    >
      {of.name}
    </Link>
  )
}

function Names({ of }: { of: AdCampaignRef[] }) {
  return (
    <span>
      {of.map((one, at) => (
        <span key={one.id}>
          {at > 0 && ', '}
          <Named of={one} />
        </span>
      ))}
    </span>
  )
}

function Told({ told }: { told: AdProfit }) {
  const { currency, waste, payback } = told
  if (told.campaigns.length === 0 && told.other_channels.length > 0) return <Others told={told} />
  if (told.unavailable) return <Note tone="warn">Profit on ads is not told: {told.unavailable}.</Note>
  return (
    <>
      <Section
        title="Wasted spend"
        note={
          waste.final_through
            ? `Of ${money(waste.final_spend, currency)} on days up to ${dayText(waste.final_through)}, which do not move any more`
            : 'No day is final yet'
        }
      >
        <Facts
          facts={[
            {
              label: 'Wasted in all',
              value: <Amount value={waste.total} currency={currency} reason={waste.unavailable.total} />,
              note: waste.share != null && `${share(waste.share)} of what is final; nothing counts twice`,
            },
            {
              label: 'By campaigns below break-even',
              value: (
                <Amount
                  value={waste.below_break_even}
                  currency={currency}
                  reason={waste.unavailable.below_break_even}
                />
              ),
              note: waste.lost != null && `They left ${money(waste.lost, currency)} less than that`,
            },
            {
              label: 'For products without stock',
              value: (
                <Amount
                  value={waste.without_stock}
                  currency={currency}
                  reason={waste.unavailable.without_stock}
                />
              ),
              note: 'On days with nothing to sell of them',
            },
            {
              label: 'Pays for itself after',
              value:
                payback.payback_days == null ? (
                  <Absent reason={payback.reason ?? undefined} />
                ) : (
                  `${payback.payback_days} ${plural(payback.payback_days, 'day')}`
                ),
              note:
                payback.cac != null &&
                `${count(payback.new_customers)} new ${plural(payback.new_customers, 'customer')} at ${money(payback.cac, currency)}`,
            },
          ]}
        />
        {waste.campaigns.length > 0 && (
          <p className="mt-3 text-sm text-soft">
            Below break-even: <Names of={waste.campaigns.map(one => one.campaign)} />.
          </p>
        )}
      </Section>
      {told.without_stock.length > 0 && (
        <Section
          title="Ads for products without stock"
          note="Active campaigns sell them, and nothing is left of any variant"
        >
          <ul className="flex flex-col divide-y divide-rule">
            {told.without_stock.map(of => (
              <li
                key={of.product_id}
                className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5 py-2 text-sm"
              >
                <span className="min-w-0">
                  <Product id={of.product_id} title={of.title} />
                  <span className="block text-xs text-faint">
                    <Names of={of.campaigns} />
                  </span>
                </span>
                <Amount value={of.spent} currency={currency} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Products told={told} />
      <Campaigns told={told} />
      <Others told={told} />
    </>
  )
}

function Product({ id, title }: { id: string; title: string | null | undefined }) {
  return (
    <Link
      to={paths.product}
      params={{ id }}
      search={keepRange}
      className="inline-flex min-h-6 items-center font-semibold decoration-dotted underline-offset-4 wrap-anywhere hover:underline"
    >
      {title ?? `Product ${id}`}
    </Link>
  )
}

const NO_COST = 'the cost of something sold is not known'

const UNNAMED = 'no order of these days names it'

function spentColumn<Row extends { spent: string }>(currency: string): Column<Row> {
  return {
    id: 'spent',
    header: 'Spent',
    align: 'right',
    sortable: true,
    decimal: true,
    value: of => of.spent,
    cell: of => <Amount value={of.spent} currency={currency} />,
  }
}

function revenueColumn<Row extends { own?: { net_revenue: string } | null }>(currency: string): Column<Row> {
  return {
    id: 'revenue',
    header: 'Our revenue',
    align: 'right',
    from: 'sm',
    sortable: true,
    decimal: true,
    value: of => of.own?.net_revenue,
    cell: of => <Amount value={of.own?.net_revenue} currency={currency} reason={UNNAMED} />,
  }
}

function poasColumn<Row extends { poas?: number | null }>(why: (of: Row) => string): Column<Row> {
  return {
    id: 'poas',
    header: 'Our POAS',
    align: 'right',
    sortable: true,
    decimal: true,
    value: of => (of.poas == null ? undefined : String(of.poas)),
    cell: of =>
      of.poas == null ? <Absent reason={why(of)} /> : <span className="numeral">{times(of.poas)}</span>,
  }
}

function productColumns(currency: string): Column<AdProductProfit>[] {
  return [
    {
      id: 'title',
      header: 'Product',
      sortable: true,
      value: of => of.title ?? of.product_id,
      cell: of => (
        <>
          <Product id={of.product_id} title={of.title} />
          <span className="mt-0.5 flex flex-wrap items-center gap-1.5 text-xs text-faint">
            <Names of={of.campaigns} />
            {of.stock === 'empty' && <Badge tone="bad">No stock</Badge>}
          </span>
        </>
      ),
    },
    spentColumn(currency),
    revenueColumn(currency),
    {
      id: 'cm2',
      header: 'Our margin',
      align: 'right',
      from: 'md',
      sortable: true,
      decimal: true,
      value: of => of.own.cm2,
      cell: of => <Amount value={of.own.cm2} currency={currency} reason={NO_COST} />,
    },
    poasColumn(of => (of.own.cm2 == null ? NO_COST : 'nothing was spent for it')),
  ]
}

function Products({ told }: { told: AdProfit }) {
  const [sort, setSort] = useState('-spent')
  return (
    <Section
      title="Products"
      note={`What a campaign spends is split over the products of its own orders, by their net revenue. ${money(told.unattributed, told.currency)} is of campaigns that no order names.`}
      flush
    >
      {told.products.length === 0 ? (
        <Empty title="No order of these days names a campaign">
          Links of ads that carry the campaign’s number (utm_campaign) let orders tell which campaign sold
          them.
        </Empty>
      ) : (
        <DataTable
          label="Products that ads sell"
          rows={told.products}
          columns={productColumns(told.currency)}
          rowKey={of => of.product_id}
          sort={sort}
          onSort={setSort}
          total={told.products.length}
        />
      )}
    </Section>
  )
}

function campaignColumns(currency: string): Column<AdCampaignProfit>[] {
  return [
    {
      id: 'name',
      header: 'Campaign',
      sortable: true,
      value: of => of.campaign.name,
      cell: of => <Named of={of.campaign} />,
    },
    {
      id: 'orders',
      header: 'Our orders',
      align: 'right',
      from: 'sm',
      sortable: true,
      decimal: true,
      value: of => (of.own ? String(of.own.orders) : undefined),
      cell: of =>
        of.own ? <span className="numeral">{count(of.own.orders)}</span> : <Absent reason={UNNAMED} />,
    },
    poasColumn(of => (of.own ? NO_COST : UNNAMED)),
    {
      id: 'new',
      header: 'New customers',
      align: 'right',
      from: 'md',
      sortable: true,
      decimal: true,
      value: of => String(of.payback.new_customers),
      cell: of => <span className="numeral">{count(of.payback.new_customers)}</span>,
    },
    {
      id: 'cac',
      header: 'One costs',
      align: 'right',
      sortable: true,
      decimal: true,
      value: of => of.payback.cac,
      cell: of => (
        <Amount
          value={of.payback.cac}
          currency={currency}
          reason="nobody bought for the first time through it"
        />
      ),
    },
    {
      id: 'payback',
      header: 'Paid back after',
      align: 'right',
      from: 'sm',
      sortable: true,
      decimal: true,
      value: of => (of.payback.payback_days == null ? undefined : String(of.payback.payback_days)),
      cell: of =>
        of.payback.payback_days == null ? (
          <Absent reason={of.payback.reason ?? undefined} />
        ) : (
          <span className="numeral">{`${of.payback.payback_days} ${plural(of.payback.payback_days, 'day')}`}</span>
        ),
    },
  ]
}

function Campaigns({ told }: { told: AdProfit }) {
  const [sort, setSort] = useState('-poas')
  if (told.campaigns.length === 0) return null
  return (
    <Section
      title="By our own orders"
      note="Last visit before the order; what the platforms claim is not in it. A customer has paid for itself once the margin of an average customer reaches what a new one costs."
      flush
    >
      {told.orders_not_read > 0 && (
        <div className="px-4 pb-3 sm:px-5">
          <Note>
            Of {count(told.orders_not_read)} {plural(told.orders_not_read, 'order')} no visits were read.
          </Note>
        </div>
      )}
      <DataTable
        label="Campaigns by our own orders"
        rows={told.campaigns}
        columns={campaignColumns(told.currency)}
        rowKey={of => of.campaign.id}
        sort={sort}
        onSort={setSort}
        total={told.campaigns.length}
      />
    </Section>
  )
}

function otherColumns(currency: string): Column<AdOtherChannel>[] {
  return [
    {
      id: 'campaign',
      header: 'Campaign',
      sortable: true,
      value: of => of.campaign ?? of.channel,
      cell: of => (
        <>
          <span className="font-semibold wrap-anywhere">{of.campaign ?? 'Without a campaign'}</span>
          <span className="mt-0.5 block text-xs text-faint">
            {of.channel}
            {of.last_day && `, up to ${dayText(of.last_day)}`}
          </span>
        </>
      ),
    },
    spentColumn(currency),
    revenueColumn(currency),
    poasColumn(of => (of.own ? NO_COST : UNNAMED)),
    {
      id: 'cac',
      header: 'A new customer costs',
      align: 'right',
      from: 'md',
      sortable: true,
      decimal: true,
      value: of => of.payback.cac,
      cell: of => (
        <Amount
          value={of.payback.cac}
          currency={currency}
          reason="nobody bought for the first time through it"
        />
      ),
    },
  ]
}

/** Of channels that are not connected here: what files and people told of each day. */
function Others({ told }: { told: AdProfit }) {
  const [sort, setSort] = useState('-spent')
  if (told.other_channels.length === 0) return null
  return (
    <Section
      title="Other channels, from files"
      note="Spend by day and campaign, as it was told under Costs or imported"
      flush
    >
      <DataTable
        label="Campaigns of other channels"
        rows={told.other_channels}
        columns={otherColumns(told.currency)}
        rowKey={of => `${of.channel}|${of.campaign ?? ''}`}
        sort={sort}
        onSort={setSort}
        total={told.other_channels.length}
      />
    </Section>
  )
}
