/** Whom goods are ordered from: where orders go, what they say how long goods take, and how long it took. */
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { Store, Supplier } from '@/shared/api/types'
import { count, number } from '@/shared/format/money'
import { plural } from '@/shared/format/words'
import { suppliersQuery } from '@/shared/inventory/suppliers'
import { useStore } from '@/shared/range/use-range'
import { useMay } from '@/shared/session/may'
import { Absent } from '@/shared/ui/Amount'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { DataTable } from '@/shared/ui/DataTable'
import type { Column } from '@/shared/ui/data-columns'
import { Page } from '@/shared/ui/Page'
import { Empty, Failure, Loading } from '@/shared/ui/States'

const SupplierPanel = lazy(() => import('./SupplierPanel'))
const RatingPanel = lazy(() => import('@/shared/inventory/RatingPanel'))

export function SuppliersPage() {
  const store = useStore()
  if (!store) return <Loading label="Loading the suppliers" />
  return <SuppliersOf store={store} />
}

type Editing = { supplier: Supplier | null } | null

function SuppliersOf({ store }: { store: Store }) {
  const { data, error, isPending, refetch } = useQuery(suppliersQuery)
  const may = useMay('inventory:write')
  const [editing, setEditing] = useState<Editing>(null)
  const [rated, setRated] = useState<Supplier | null>(null)
  const columns = useMemo(
    () => columnsOf(setRated, may ? supplier => setEditing({ supplier }) : undefined),
    [may],
  )
  const add = may && (
    <Button kind="primary" onClick={() => setEditing({ supplier: null })}>
      Add a supplier
    </Button>
  )
  return (
    <Page
      title="Suppliers"
      lead="Whom goods are ordered from, for all stores"
      actions={data && data.length > 0 && add}
    >
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading label="Loading the suppliers" rows={6} />}
      {data?.length === 0 && (
        <div className="sheet">
          <Empty title="There are no suppliers yet" action={add}>
            Add those whom you order goods from: orders are written to them, and how long their goods take is
            learned from your own orders.
          </Empty>
        </div>
      )}
      {data && data.length > 0 && (
        <section aria-label="Suppliers" className="sheet">
          <p role="status" className="px-4 py-3 text-xs text-faint sm:px-5">
            {count(data.length)} {plural(data.length, 'supplier')}
          </p>
          <DataTable
            label="Suppliers"
            rows={data}
            columns={columns}
            rowKey={supplier => supplier.id}
            sortedByServer
          />
        </section>
      )}
      {rated && (
        <Suspense>
          <RatingPanel supplier={rated} onClose={() => setRated(null)} />
        </Suspense>
      )}
      {editing && (
        <Suspense>
          <SupplierPanel
            supplier={editing.supplier}
            currency={store.currency}
            onClose={() => setEditing(null)}
          />
        </Suspense>
      )}
    </Page>
  )
}

function ratingText({ rating: { score } }: Supplier): string {
  return score == null ? 'none yet' : `${number(score, 0)} of 100`
}

function columnsOf(
  onRating: (supplier: Supplier) => void,
  onEdit: ((supplier: Supplier) => void) | undefined,
): Column<Supplier>[] {
  return [
    {
      id: 'name',
      header: 'Supplier',
      cell: supplier => (
        <>
          <span className="font-semibold wrap-anywhere">{supplier.name}</span>{' '}
          {supplier.archived && <Badge>Archived</Badge>}
          <span className="block text-xs text-faint wrap-anywhere">
            {supplier.email ?? 'no e-mail: orders go as a file'}
            <span className="sm:hidden">
              {' '}
              · {supplier.currency}
              {supplier.lead_days != null && ` · says ${count(supplier.lead_days)} days`}
              {supplier.learned_lead && ` · took ${number(supplier.learned_lead.mean_days, 1)} days`}
            </span>
          </span>
          {supplier.note && <span className="block text-xs text-soft wrap-anywhere">{supplier.note}</span>}
        </>
      ),
    },
    { id: 'currency', header: 'Currency', from: 'sm', cell: supplier => supplier.currency },
    {
      id: 'said',
      header: 'Says',
      align: 'right',
      from: 'sm',
      cell: supplier =>
        supplier.lead_days == null ? (
          <Absent reason="Nobody told how long they say that goods take." />
        ) : (
          <span className="numeral">
            {count(supplier.lead_days)} {plural(supplier.lead_days, 'day')}
          </span>
        ),
    },
    {
      id: 'took',
      header: 'Took',
      align: 'right',
      from: 'sm',
      cell: ({ learned_lead: learned }) =>
        learned ? (
          <>
            <span className="numeral">
              {number(learned.mean_days, 1)} ± {number(learned.sd_days, 1)} days
            </span>
            <span className="block text-xs text-faint">
              {count(learned.orders)} {plural(learned.orders, 'order')}
            </span>
          </>
        ) : (
          <Absent reason="It is learned from two received orders on." />
        ),
    },
    {
      id: 'rating',
      header: 'Rating',
      align: 'right',
      cell: supplier => (
        <Button
          kind="quiet"
          aria-label={`${ratingText(supplier)}, rating of ${supplier.name}`}
          onClick={() => onRating(supplier)}
        >
          <span className={supplier.rating.score == null ? 'text-faint' : 'numeral'}>
            {ratingText(supplier)}
          </span>
        </Button>
      ),
    },
    ...(onEdit
      ? [
          {
            id: 'actions',
            header: 'Change',
            align: 'right' as const,
            cell: (supplier: Supplier) => (
              <Button kind="quiet" aria-label={`Edit ${supplier.name}`} onClick={() => onEdit(supplier)}>
                Edit
              </Button>
            ),
          },
        ]
      : []),
  ]
}
