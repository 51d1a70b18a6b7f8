/** Shipping table, fee rules, ad spend or fixed costs: a list with what can be done to its rows. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { explain } from '@/shared/api/problem'
import type { CostEntry, Store } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { Button } from '@/shared/ui/Button'
import { DataTable } from '@/shared/ui/DataTable'
import type { Column } from '@/shared/ui/data-columns'
import { Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { columnsOf } from './entry-columns'
import type { ListKind } from './kinds'
import { ChangePanel } from './LazyChangePanel'
import { entriesQuery, useApply, useMayChange } from './queries'

const TEXTS: Record<ListKind, { title: string; add: string; empty: string; about: string }> = {
  shipping_rate: {
    title: 'Shipping table',
    add: 'Add a shipping cost',
    empty: 'No shipping costs yet',
    about:
      'Say what sending an order costs you, by country, weight or order value. Orders are booked with it on the day of the sale, as an estimate.',
  },
  fee_rule: {
    title: 'Payment-fee rules',
    add: 'Add a fee rule',
    empty: 'No fee rules yet',
    about:
      'Where the store tells no fee for a payment, a rule for its gateway estimates it. Fees that the store tells always count first.',
  },
  ad_spend: {
    title: 'Ad spend',
    add: 'Add a day’s spend',
    empty: 'No ad spend yet',
    about: 'Say what was spent on advertisements, day by day. A told zero counts as known.',
  },
  fixed_cost: {
    title: 'Fixed costs',
    add: 'Add a fixed cost',
    empty: 'No fixed costs yet',
    about:
      'Rent, wages, software: spread over their days to the cent, and taken off the contribution margin.',
  },
}

interface EntryListProps {
  kind: ListKind
  store: Store
  suggestions?: string[]
}

interface Editing {
  entry?: CostEntry
  begin?: object
}

export function EntryList({ kind, store, suggestions = [] }: EntryListProps) {
  const texts = TEXTS[kind]
  const [editing, setEditing] = useState<Editing | null>(null)
  const mayChange = useMayChange()
  const list = useInfiniteQuery(entriesQuery(kind, store.id))
  const rows = useMemo(() => list.data?.pages.flatMap(page => page.entries) ?? [], [list.data])
  const total = list.data?.pages[0]?.total
  const columns = useMemo<Column<CostEntry>[]>(
    () => [
      ...columnsOf(kind, store.currency),
      {
        id: 'actions',
        header: '',
        align: 'right',
        cell: row =>
          mayChange && <Actions row={row} storeId={store.id} onEdit={() => setEditing({ entry: row })} />,
      },
    ],
    [kind, store.currency, store.id, mayChange],
  )
  const open = suggestions.filter(name => !rows.some(row => 'gateway' in row && row.gateway === name))
  const add = mayChange && (
    <Button kind={rows.length === 0 ? 'primary' : 'plain'} onClick={() => setEditing({})}>
      {texts.add}
    </Button>
  )
  return (
    <Section
      title={texts.title}
      note={total ? `${count(total)} ${total === 1 ? 'entry' : 'entries'}` : undefined}
      actions={rows.length > 0 && add}
      flush
    >
      {open.length > 0 && mayChange && (
        <p className="flex flex-wrap items-center gap-2 px-4 pb-3 text-sm text-soft sm:px-5">
          No fee is known for:
          {open.map(name => (
            <Button
              key={name}
              onClick={() => setEditing({ begin: { gateway: name, percent: '', fixed: '0', currency: '' } })}
            >
              {name}
            </Button>
          ))}
        </p>
      )}
      {list.error && !list.data && (
        <div className="p-4">
          <Failure error={list.error} onRetry={() => void list.refetch()} />
        </div>
      )}
      {list.isPending && <Loading label={`Loading: ${texts.title}`} rows={6} />}
      {list.data && rows.length === 0 && (
        <Empty title={texts.empty} action={add}>
          {texts.about}
        </Empty>
      )}
      {rows.length > 0 && (
        <DataTable
          label={texts.title}
          rows={rows}
          columns={columns}
          rowKey={row => row.id}
          sortedByServer
          total={total}
          hasMore={list.hasNextPage}
          fetchingMore={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
        />
      )}
      {editing && (
        <ChangePanel
          kind={kind}
          title={editing.entry ? 'Change it' : texts.add}
          storeId={store.id}
          currency={store.currency}
          entry={editing.entry ?? editing.begin}
          editing={editing.entry && { id: editing.entry.id, revision: editing.entry.revision }}
          onClose={() => setEditing(null)}
        />
      )}
    </Section>
  )
}

function Actions({ row, storeId, onEdit }: { row: CostEntry; storeId: string; onEdit: () => void }) {
  const apply = useApply()
  const [asked, setAsked] = useState(false)
  const remove = () =>
    apply.mutate({ store_id: storeId, changes: [{ remove: row.id, revision: row.revision }] })
  // The account tells it again: it is changed at the platform.
  if (row.told_by === 'ad_platform') return <span className="text-xs text-faint">From the ad account</span>
  return (
    <>
      <span className="inline-flex flex-wrap justify-end gap-1">
        <Button kind="quiet" onClick={onEdit}>
          Edit
        </Button>
        <Button
          kind={asked ? 'danger' : 'quiet'}
          busy={apply.isPending}
          onBlur={() => setAsked(false)}
          onClick={() => (asked ? remove() : setAsked(true))}
        >
          {asked ? 'Remove it' : 'Remove'}
        </Button>
      </span>
      {apply.error && (
        <span role="alert" className="block text-xs text-bad">
          {explain(apply.error)}
        </span>
      )}
    </>
  )
}
