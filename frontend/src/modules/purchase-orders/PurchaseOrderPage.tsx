/** One order of goods, or a new one that is written from chosen rows of the inventory. */
import { useQueries, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { ApiError } from '@/shared/api/problem'
import { useStores } from '@/shared/api/queries'
import type { PurchaseOrder, Store } from '@/shared/api/types'
import { variantQuery } from '@/shared/inventory/stock'
import { paths } from '@/shared/paths'
import { keepRange, keepRangeOf } from '@/shared/range/range'
import { useStore } from '@/shared/range/use-range'
import { useMay } from '@/shared/session/may'
import { buttonClass } from '@/shared/ui/Button'
import { Page } from '@/shared/ui/Page'
import { Empty, Failure, Loading } from '@/shared/ui/States'
import { useUrlFilters } from '@/shared/ui/use-url-filters'
import { draftOf, lineOf } from './draft'
import { OrderDetail } from './OrderDetail'
import { OrderForm } from './OrderForm'
import { LINES_AT_MOST, orderQuery } from './queries'

export function PurchaseOrderPage() {
  const { id = '' } = useParams({ strict: false })
  const store = useStore()
  if (id !== 'new') return <OrderOf key={id} id={id} />
  if (!store) return <Loading label="Loading the purchase order" />
  return <NewOrder key={store.id} store={store} />
}

function ToList({ storeId }: { storeId?: string }) {
  return (
    <Link
      to={paths.purchaseOrders}
      search={storeId ? keepRangeOf(storeId) : keepRange}
      className={buttonClass('quiet')}
    >
      All purchase orders
    </Link>
  )
}

function NewOrder({ store }: { store: Store }) {
  const navigate = useNavigate()
  const may = useMay('inventory:write')
  const { values } = useUrlFilters(['variants'] as const)
  const chosen = [...new Set(values.variants?.split(',').filter(Boolean))].slice(0, LINES_AT_MOST)
  const answers = useQueries({ queries: chosen.map(id => variantQuery(id, store.id)) })
  const failed = answers.find(answer => answer.error && !answer.data)
  const known = answers.flatMap(({ data }) => data ?? [])
  const shown = (order: PurchaseOrder) =>
    navigate({ to: paths.purchaseOrder, params: { id: order.id }, search: keepRange, replace: true })
  const own = new Set(known.flatMap(item => item.settings.supplier_id ?? []))
  const supplier = own.size === 1 ? ([...own][0] ?? '') : ''
  const lines = known.map(item => lineOf(item, store.currency))
  return (
    <Page title="New purchase order" lead="Quantities are those that are suggested now" actions={<ToList />}>
      {!may && (
        <div className="sheet">
          <Empty title="You may not order goods">Operators and admins may.</Empty>
        </div>
      )}
      {may && failed && <Failure error={failed.error} onRetry={() => void failed.refetch()} />}
      {may && !failed && known.length < chosen.length && <Loading label="Loading what was chosen" rows={8} />}
      {may && !failed && known.length === chosen.length && (
        <OrderForm
          found={null}
          begin={{ ...draftOf(null), supplier, lines }}
          store={store}
          onWritten={order => void shown(order)}
        />
      )}
    </Page>
  )
}

/** An order is its own store's, whichever is chosen in the head. */
function OrderOf({ id }: { id: string }) {
  const { data: order, error, refetch } = useQuery(orderQuery(id))
  const { data: stores } = useStores()
  const { values, set } = useUrlFilters(['edit'] as const)
  const may = useMay('inventory:write')
  if (error instanceof ApiError && error.status === 404) {
    return (
      <Page title="Purchase order">
        <div className="sheet">
          <Empty title="There is no such order" action={<ToList />} />
        </div>
      </Page>
    )
  }
  if (error && !order) {
    return (
      <Page title="Purchase order">
        <Failure error={error} onRetry={() => void refetch()} />
      </Page>
    )
  }
  if (!order || !stores) return <Loading label="Loading the purchase order" rows={10} />
  const store = stores.find(one => one.id === order.store_id)
  if (!store) {
    return (
      <Page title={order.number}>
        <div className="sheet">
          <Empty title="The store of this order is not there any more" action={<ToList />} />
        </div>
      </Page>
    )
  }
  const toList = <ToList storeId={store.id} />
  if (values.edit && order.status === 'draft' && may) {
    const leave = () => void set({ edit: undefined })
    return (
      <Page title={`${order.number}: change the draft`} lead={among(stores, store)} actions={toList}>
        <OrderForm
          key={order.version}
          found={order}
          begin={draftOf(order)}
          store={store}
          onWritten={leave}
          onClose={leave}
        />
      </Page>
    )
  }
  return (
    <OrderDetail
      order={order}
      store={store}
      storeName={among(stores, store)}
      onEdit={() => void set({ edit: 'yes' })}
      toList={toList}
    />
  )
}

/** Named only where there is more than one. */
function among(stores: Store[], store: Store): string | undefined {
  return stores.length > 1 ? store.name : undefined
}
