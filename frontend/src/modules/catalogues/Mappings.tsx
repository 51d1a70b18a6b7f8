/** Which variants of suppliers the store's are: what is mapped, and what looks the same and waits for somebody to say so. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { Store, SupplierMapping, SupplierMappingSuggestion } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { plural } from '@/shared/format/words'
import { Only } from '@/shared/session/may'
import { Badge } from '@/shared/ui/Badge'
import { Button, buttonClass } from '@/shared/ui/Button'
import { DataTable } from '@/shared/ui/DataTable'
import type { Column } from '@/shared/ui/data-columns'
import { Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { SupplierPicture } from '@/shared/ui/SupplierPicture'
import { mappingsQuery, suggestionsQuery, useAccept } from './queries'

const MappingPanel = lazy(() => import('./MappingPanel'))
const MappingFilePanel = lazy(() => import('./MappingFilePanel'))

const ORIGINS: Record<SupplierMapping['origin'], string> = {
  draft: 'Drafted from the offer',
  sku: 'Same SKU',
  barcode: 'Same barcode',
  person: 'By hand',
  file: 'From a file',
}

function columns(onOpen: (mapping: SupplierMapping) => void): Column<SupplierMapping>[] {
  return [
    {
      id: 'own',
      header: 'Variant',
      cell: of => <span className="font-semibold wrap-anywhere">{of.title}</span>,
    },
    {
      id: 'theirs',
      header: 'Supplier’s',
      cell: of => (
        <div className="flex items-start gap-3">
          <SupplierPicture
            id={of.supplier_product_id}
            title={of.supplier_title}
            told={of.has_image}
            className="max-sm:hidden"
          />
          <div className="min-w-0">
            <span className="wrap-anywhere">
              {of.supplier ?? 'Not there any more'}: {of.supplier_title ?? 'without a title'}
            </span>
            <span className="block text-xs text-faint wrap-anywhere">
              {of.supplier_variant}
              {of.pieces > 1 && ` · ${of.pieces} pieces a unit`}
            </span>
            {!of.is_offered && <Badge tone="warn">Not offered any more</Badge>}
          </div>
        </div>
      ),
    },
    { id: 'origin', header: 'How', from: 'md', cell: of => ORIGINS[of.origin] },
    {
      id: 'change',
      header: 'Mapping',
      align: 'right',
      cell: of => (
        <Only may="opportunities:write">
          <Button kind="quiet" onClick={() => onOpen(of)} aria-label={`Change the mapping of ${of.title}`}>
            Change
          </Button>
        </Only>
      ),
    },
  ]
}

export function Mappings({ store }: { store: Store }) {
  const list = useInfiniteQuery(mappingsQuery(store.id))
  const [opened, setOpened] = useState<SupplierMapping>()
  const [file, setFile] = useState(false)
  const rows = useMemo(() => list.data?.pages.flatMap(page => page.mappings) ?? [], [list.data])
  const shown = useMemo(() => columns(setOpened), [])
  return (
    <Section title="Mapped to the store" note="What an order of a variant is placed by" flush>
      <div className="flex flex-wrap gap-2 px-4 pb-3 sm:px-5">
        <a
          href={`/v1/supplier-mapping-file?store_id=${store.id}`}
          download="supplier-mappings.csv"
          className={buttonClass('quiet')}
        >
          Export as CSV
        </a>
        <Only may="opportunities:write">
          <Button kind="quiet" onClick={() => setFile(true)}>
            Import a CSV
          </Button>
        </Only>
      </div>
      <Suggestions storeId={store.id} />
      {list.error && !list.data && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Loading label="Loading the mappings" rows={3} />}
      {list.data && rows.length === 0 && (
        <Empty title="Nothing is mapped yet">
          A draft that is made of an opportunity is mapped by itself; others are mapped from the product in
          the list below.
        </Empty>
      )}
      {rows.length > 0 && (
        <DataTable
          label="Mappings"
          rows={rows}
          columns={shown}
          rowKey={of => of.id}
          total={list.data?.pages[0]?.total}
          hasMore={list.hasNextPage}
          fetchingMore={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
        />
      )}
      {opened && (
        <Suspense>
          <MappingPanel mapping={opened} onClose={() => setOpened(undefined)} />
        </Suspense>
      )}
      {file && (
        <Suspense>
          <MappingFilePanel store={store} onClose={() => setFile(false)} />
        </Suspense>
      )}
    </Section>
  )
}

const SHOWN = 20

/** Why both look the same. */
function reasonOf(of: SupplierMappingSuggestion): string {
  const reasons = [of.barcode && `barcode ${of.barcode}`, of.sku && `SKU ${of.sku}`].filter(Boolean)
  return `Same ${reasons.join(' and same ')}`
}

function Suggestions({ storeId }: { storeId: string }) {
  const { data } = useQuery(suggestionsQuery(storeId))
  const [all, setAll] = useState(false)
  const accept = useAccept()
  const left = accept.data?.left.length ?? 0
  if (!data || (data.total === 0 && left === 0)) return null
  const take = (suggestions: SupplierMappingSuggestion[]) =>
    accept.mutate({
      suggestions: suggestions.map(({ variant_id, supplier_product_id, supplier_variant }) => ({
        variant_id,
        supplier_product_id,
        supplier_variant,
      })),
      store_id: storeId,
    })
  const rows = all ? data.suggestions : data.suggestions.slice(0, SHOWN)
  const named = data.suggestions.length
  return (
    <div className="flex flex-col gap-2 px-4 pb-3 sm:px-5">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <p className="text-sm font-semibold">
          {count(data.total)} {plural(data.total, 'variant looks', 'variants look')} like a supplier’s
        </p>
        {named > 1 && (
          <Only may="opportunities:write">
            <Button busy={accept.isPending} onClick={() => take(data.suggestions)}>
              {named < data.total ? `Map the first ${named}` : `Map all ${named}`}
            </Button>
          </Only>
        )}
      </div>
      <ul aria-label="What looks the same" className="flex flex-col divide-y divide-rule">
        {rows.map(of => (
          <li
            key={`${of.variant_id} ${of.supplier_product_id}`}
            className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2 text-sm"
          >
            <SupplierPicture id={of.supplier_product_id} title={of.supplier_title} told={of.has_image} />
            <span className="min-w-0 flex-1 basis-64 wrap-anywhere">
              {of.title} is {of.supplier}: {of.supplier_title ?? of.supplier_variant}
              <span className="block text-xs text-faint">{reasonOf(of)}</span>
            </span>
            <Only may="opportunities:write">
              <Button
                kind="quiet"
                disabled={accept.isPending}
                onClick={() => take([of])}
                aria-label={`Map it: ${of.title}`}
              >
                Map it
              </Button>
            </Only>
          </li>
        ))}
      </ul>
      {!all && named > SHOWN && (
        <Button kind="quiet" className="self-start" onClick={() => setAll(true)}>
          Show all {named}
        </Button>
      )}
      {left > 0 && (
        <p role="status" className="text-sm text-soft">
          {count(left)} {plural(left, 'was', 'were')} not mapped: a code or an offer is another one by now, or
          somebody mapped {plural(left, 'it', 'them')} meanwhile.
        </p>
      )}
      {accept.error && (
        <p role="alert" className="text-sm text-bad">
          {accept.error.message}
        </p>
      )}
    </div>
  )
}
