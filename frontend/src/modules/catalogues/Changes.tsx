/** What changed at connected suppliers, the newest first. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { Store, SupplierChange } from '@/shared/api/types'
import { ageText } from '@/shared/format/time'
import { Badge } from '@/shared/ui/Badge'
import { DataTable } from '@/shared/ui/DataTable'
import type { Column } from '@/shared/ui/data-columns'
import { SelectField } from '@/shared/ui/Filters'
import { Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { changesQuery } from './queries'
import { KINDS, newsText } from './words'

const OPTIONS = (Object.keys(KINDS) as SupplierChange['kind'][]).map(kind => ({
  value: kind,
  label: KINDS[kind].label,
}))

const COLUMNS: Column<SupplierChange>[] = [
  {
    id: 'what',
    header: 'Product',
    cell: of => (
      <>
        <span className="font-semibold wrap-anywhere">{of.title ?? 'Without a title'}</span>
        <span className="block text-xs text-faint wrap-anywhere">{of.variant_name ?? of.variant}</span>
      </>
    ),
  },
  {
    id: 'kind',
    header: 'What',
    from: 'sm',
    cell: of => <Badge tone={KINDS[of.kind].tone}>{KINDS[of.kind].label}</Badge>,
  },
  {
    id: 'news',
    header: 'Change',
    align: 'right',
    cell: of => <span className="numeral">{newsText(of)}</span>,
  },
  {
    id: 'when',
    header: 'Seen',
    align: 'right',
    from: 'md',
    cell: of => <span className="whitespace-nowrap">{ageText(of.observed_at)}</span>,
  },
]

export function Changes({ store }: { store: Store }) {
  const [kind, setKind] = useState<SupplierChange['kind']>()
  const list = useInfiniteQuery(changesQuery(store.id, kind))
  const rows = useMemo(() => list.data?.pages.flatMap(page => page.changes) ?? [], [list.data])
  return (
    <Section title="What changed" note="From one reading to the next; the first is no change" flush>
      <div className="px-4 pb-3 sm:max-w-xs sm:px-5">
        <SelectField
          label="Kind"
          value={kind}
          options={OPTIONS}
          onChange={next => setKind(next as SupplierChange['kind'] | undefined)}
        />
      </div>
      {list.error && !list.data && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Loading label="Loading what changed" rows={3} />}
      {list.data && rows.length === 0 && (
        <Empty title="Nothing changed">Prices and stock are as they were at the reading before.</Empty>
      )}
      {rows.length > 0 && (
        <DataTable
          label="What changed"
          rows={rows}
          columns={COLUMNS}
          rowKey={of => of.id}
          total={list.data?.pages[0]?.total}
          hasMore={list.hasNextPage}
          fetchingMore={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
        />
      )}
    </Section>
  )
}
