/** From where sales came: by our own orders, and beside it, never mixed, what the platforms claim. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Attribution, AttributionModel, AttributionRow, Store } from '@/shared/api/types'
import { money, number } from '@/shared/format/money'
import { paths } from '@/shared/paths'
import { keepRange, type Range, rangeTitle } from '@/shared/range/range'
import { useRange, useStore } from '@/shared/range/use-range'
import { Absent, Amount } from '@/shared/ui/Amount'
import { DataTable } from '@/shared/ui/DataTable'
import type { Column } from '@/shared/ui/data-columns'
import { SelectField } from '@/shared/ui/Filters'
import { Page, Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading, Note } from '@/shared/ui/States'
import { useUrlFilters } from '@/shared/ui/use-url-filters'
import { attributionQuery } from './queries'
import { PLATFORMS, times } from './words'

const MODELS: { value: AttributionModel; label: string; about: string }[] = [
  { value: 'last', label: 'Last visit', about: 'The last visit before the order has the sale.' },
  { value: 'first', label: 'First visit', about: 'The first known visit has the sale.' },
  {
    value: 'position',
    label: 'Half each',
    about:
      'The first and the last visit have half of the sale each. Only these two are read: the shop’s full exports cannot tell the visits in between.',
  },
]

const SOURCES: Record<string, string> = {
  meta: 'Meta',
  google: 'Google',
  tiktok: 'TikTok',
  microsoft: 'Microsoft',
  direct: 'Direct',
}

export function AttributionPage() {
  const store = useStore()
  const range = useRange()
  if (!store || !range) return <Loading label="Loading the attribution" rows={8} />
  return <AttributionOf key={store.id} store={store} range={range} />
}

function AttributionOf({ store, range }: { store: Store; range: Range }) {
  const { values, set } = useUrlFilters(['model'] as const)
  const model = MODELS.find(one => one.value === values.model) ?? MODELS[0]
  const { data, error, refetch } = useQuery(attributionQuery(store.id, range, model?.value ?? 'last'))
  return (
    <Page
      title="Attribution"
      lead={
        <span className="flex flex-wrap items-center gap-x-2">
          <Link
            to={paths.campaigns}
            search={keepRange}
            className="underline decoration-dotted underline-offset-4"
          >
            Campaigns
          </Link>
          <span>{model?.about}</span>
        </span>
      }
      actions={
        <SelectField
          label="Which visit has the sale"
          value={model?.value}
          options={MODELS}
          onChange={next => set({ model: next === 'last' ? undefined : next })}
        />
      }
    >
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Loading the attribution" rows={8} />}
      {data && <Told told={data} range={range} />}
    </Page>
  )
}

function nameOf(row: AttributionRow): string {
  if (row.claims) return row.claims.name
  return row.campaign ?? (row.source === 'direct' ? 'Without another page before' : 'No campaign named')
}

function sourceOf(row: AttributionRow): string {
  if (row.source == null) return row.claims ? PLATFORMS[row.claims.platform] : ''
  return SOURCES[row.source] ?? row.source
}

function columns(currency: string, unavailable: string | undefined): Column<AttributionRow>[] {
  const unspent = unavailable ?? 'no spend of a platform belongs to it'
  return [
    {
      id: 'name',
      header: 'From',
      value: nameOf,
      sortable: true,
      cell: row => (
        <>
          {row.claims ? (
            <Link
              to={paths.campaign}
              params={{ id: row.claims.campaign_id }}
              search={keepRange}
              className="inline-flex min-h-6 items-center font-semibold decoration-dotted underline-offset-4 wrap-anywhere hover:underline"
            >
              {nameOf(row)}
            </Link>
          ) : (
            <span className="font-semibold wrap-anywhere">{nameOf(row)}</span>
          )}
          <span className="mt-0.5 block text-xs text-faint">
            {sourceOf(row)}
            {row.source == null && ', named by no order'}
          </span>
        </>
      ),
    },
    {
      id: 'orders',
      header: 'Our orders',
      align: 'right',
      from: 'sm',
      sortable: true,
      decimal: true,
      value: row => String(row.own.orders),
      cell: row => <span className="numeral">{number(row.own.orders, 1)}</span>,
    },
    {
      id: 'revenue',
      header: 'Our revenue',
      align: 'right',
      sortable: true,
      decimal: true,
      value: row => row.own.net_revenue,
      cell: row => <Amount value={row.own.net_revenue} currency={currency} />,
    },
    {
      id: 'cm2',
      header: 'Our margin',
      align: 'right',
      from: 'md',
      sortable: true,
      decimal: true,
      value: row => row.own.cm2,
      cell: row => (
        <Amount value={row.own.cm2} currency={currency} reason="the cost of something sold is not known" />
      ),
    },
    {
      id: 'spent',
      header: 'Spent',
      align: 'right',
      from: 'sm',
      sortable: true,
      decimal: true,
      value: row => row.claims?.spent,
      cell: row =>
        row.claims ? <Amount value={row.claims.spent} currency={currency} /> : <Absent reason={unspent} />,
    },
    {
      id: 'poas',
      header: 'Our POAS',
      align: 'right',
      from: 'xs',
      sortable: true,
      decimal: true,
      value: row => (row.poas == null ? undefined : String(row.poas)),
      cell: row =>
        row.poas == null ? (
          <Absent reason={row.claims ? 'nothing was spent, or a cost is missing' : unspent} />
        ) : (
          <span className="numeral">{times(row.poas)}</span>
        ),
    },
    {
      id: 'claimed',
      header: 'They claim',
      align: 'right',
      from: 'md',
      sortable: true,
      decimal: true,
      value: row => row.claims?.claimed_revenue,
      cell: row =>
        row.claims ? (
          <span className="text-soft">
            <Amount value={row.claims.claimed_revenue} currency={currency} />
          </span>
        ) : (
          <Absent reason="no platform claims it" />
        ),
    },
  ]
}

function Told({ told, range }: { told: Attribution; range: Range }) {
  const [sort, setSort] = useState('-revenue')
  const { currency, not_read: unread } = told
  return (
    <div className="flex flex-col gap-5">
      {told.unavailable && <Note tone="warn">What platforms tell is left out: {told.unavailable}.</Note>}
      {unread.orders !== 0 && (
        <Note>
          Of {number(unread.orders, 1)} of {number(told.total.orders, 1)} orders, with{' '}
          {money(unread.net_revenue, currency)}, no visits were read. A complete sync of the store reads them.
        </Note>
      )}
      <Section
        title="Where sales came from"
        note={`${rangeTitle(range)}: ${money(told.total.net_revenue, currency)} of net revenue in all. What a platform claims counts the same sales its own way.`}
        flush
      >
        {told.rows.length === 0 ? (
          <Empty title="No visits are known of these days">
            The shop tells from where buyers came with each order. Orders that were read before this was asked
            for tell it after a complete sync.
          </Empty>
        ) : (
          <DataTable
            label="Sales by source"
            rows={told.rows}
            columns={columns(currency, told.unavailable ?? undefined)}
            rowKey={row => `${row.source ?? ''}|${row.campaign ?? ''}|${row.claims?.campaign_id ?? ''}`}
            sort={sort}
            onSort={setSort}
            total={told.rows.length}
          />
        )}
      </Section>
    </div>
  )
}
