/** What our own orders say of the ad sets of one campaign, and what no link decides: together they are the campaign. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { AdSetNotToldReason, CampaignAdSet, CampaignAdSets } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { plural } from '@/shared/format/words'
import type { Range } from '@/shared/range/range'
import { Absent, Amount } from '@/shared/ui/Amount'
import { Badge } from '@/shared/ui/Badge'
import { DataTable } from '@/shared/ui/DataTable'
import type { Column } from '@/shared/ui/data-columns'
import { Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { ownAdSetsQuery } from './queries'
import { STATUSES, times } from './words'

const REASONS: Record<AdSetNotToldReason, { label: string; about: string }> = {
  not_read: {
    label: 'Read before',
    about:
      'These orders were read before links were read this far. A complete sync of the store reads them again.',
  },
  no_words: {
    label: 'Nothing said',
    about: 'The link names the campaign and nothing below it.',
  },
  no_such: {
    label: 'Another word',
    about: 'The link says something that is no number or name of these.',
  },
  several: {
    label: 'More than one',
    about: 'More than one is, or was, called as the link says.',
  },
}

type Row = { kind: 'set'; set: CampaignAdSet } | { kind: 'rest'; rest: CampaignAdSets['not_told'][number] }

function own(row: Row) {
  return row.kind === 'set' ? row.set.own : row.rest.own
}

function columns(currency: string, what: string, unavailable: string | undefined): Column<Row>[] {
  const nobody = 'no link decides for it'
  const costless = 'the cost of something sold is not known'
  return [
    {
      id: 'name',
      header: what,
      value: row => (row.kind === 'set' ? row.set.name : REASONS[row.rest.reason].label),
      sortable: true,
      cell: row =>
        row.kind === 'set' ? (
          <>
            <span className="font-semibold wrap-anywhere">{row.set.name || row.set.number}</span>
            <span className="mt-0.5 flex flex-wrap items-center gap-1.5 text-xs text-faint">
              {row.set.number}
              <Badge tone={STATUSES[row.set.status].tone}>{STATUSES[row.set.status].label}</Badge>
            </span>
          </>
        ) : (
          <>
            <span className="text-soft">Not told: {REASONS[row.rest.reason].label.toLowerCase()}</span>
            <span className="mt-0.5 block max-w-80 text-xs text-faint">{REASONS[row.rest.reason].about}</span>
          </>
        ),
    },
    {
      id: 'spent',
      header: 'Spent',
      align: 'right',
      from: 'sm',
      sortable: true,
      decimal: true,
      value: row => (row.kind === 'set' ? row.set.spent : undefined),
      cell: row =>
        row.kind === 'set' ? (
          <Amount value={row.set.spent} currency={currency} reason={unavailable} />
        ) : (
          <Absent reason={`it is no ${what.toLowerCase()}'s`} />
        ),
    },
    {
      id: 'orders',
      header: 'Orders',
      align: 'right',
      from: 'sm',
      sortable: true,
      decimal: true,
      value: row => (own(row) ? String(own(row)?.orders) : undefined),
      cell: row => {
        const sold = own(row)
        return sold ? <span className="numeral">{count(sold.orders)}</span> : <Absent reason={nobody} />
      },
    },
    {
      id: 'revenue',
      header: 'Revenue',
      align: 'right',
      sortable: true,
      decimal: true,
      value: row => own(row)?.net_revenue,
      cell: row => <Amount value={own(row)?.net_revenue} currency={currency} reason={nobody} />,
    },
    {
      id: 'cm2',
      header: 'Margin',
      align: 'right',
      from: 'md',
      sortable: true,
      decimal: true,
      value: row => own(row)?.cm2,
      cell: row => <Amount value={own(row)?.cm2} currency={currency} reason={own(row) ? costless : nobody} />,
    },
    {
      id: 'poas',
      header: 'POAS',
      align: 'right',
      sortable: true,
      decimal: true,
      value: row => (row.kind === 'set' && row.set.poas != null ? String(row.set.poas) : undefined),
      cell: row => {
        if (row.kind === 'rest') return <Absent reason={`it is no ${what.toLowerCase()}'s`} />
        if (row.set.poas != null) return <span className="numeral">{times(row.set.poas)}</span>
        return <Absent reason={row.set.own ? 'nothing was spent, or a cost is missing' : nobody} />
      },
    },
  ]
}

export function OwnAdSets({ id, range, isMeta }: { id: string; range: Range; isMeta: boolean }) {
  const what = isMeta ? 'ad set' : 'ad group'
  const { data, error, refetch } = useQuery(ownAdSetsQuery(id, range))
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading label={`Looking at our own orders by ${what}`} rows={3} />
  return (
    <Section
      title={`Our own orders by ${what}`}
      note={`By what the link of the last visit says: the ${what}’s number, or a name that one alone has. Together they are the campaign’s own orders.`}
      flush
    >
      <Told told={data} what={isMeta ? 'Ad set' : 'Ad group'} />
    </Section>
  )
}

function Told({ told, what }: { told: CampaignAdSets; what: string }) {
  const [sort, setSort] = useState('-spent')
  const rows: Row[] = [
    ...told.ad_sets.map((set): Row => ({ kind: 'set', set })),
    ...told.not_told.map((rest): Row => ({ kind: 'rest', rest })),
  ]
  if (rows.length === 0) return <Empty title="None is known yet" />
  const unread = told.orders_not_read
  return (
    <>
      <DataTable
        label={`Our own orders by ${what.toLowerCase()}`}
        rows={rows}
        columns={columns(told.currency, what, told.unavailable ?? undefined)}
        rowKey={row => (row.kind === 'set' ? row.set.number : row.rest.reason)}
        sort={sort}
        onSort={setSort}
        total={rows.length}
      />
      {unread > 0 && (
        <p className="px-4 py-3 text-xs text-faint sm:px-5">
          Of {count(unread)} {plural(unread, 'order')} of these days no visits were read.
        </p>
      )}
    </>
  )
}
