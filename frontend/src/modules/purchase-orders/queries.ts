import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { NewPurchaseOrder, NewReceipt, PurchaseFilters, PurchaseOrder } from '@/shared/api/types'

const PAGE = 50
const AHEAD_DAYS = 90
const FOUND_AT_MOST = 8
/** More at once would be looked at by nobody. */
export const LINES_AT_MOST = 50

export function ordersQuery(filters: PurchaseFilters) {
  return infiniteQueryOptions({
    queryKey: [...keys.purchaseOrders, 'list', filters],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/v1/purchase-orders', {
          params: { query: { ...filters, limit: PAGE, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next_cursor || undefined,
    placeholderData: keepPreviousData,
  })
}

export function orderQuery(id: string) {
  return queryOptions({
    queryKey: [...keys.purchaseOrders, 'one', id],
    queryFn: () => body(api.GET('/v1/purchase-orders/{id}', { params: { path: { id } } })),
  })
}

export function outlookQuery(storeId: string) {
  const query = { store_id: storeId, days: AHEAD_DAYS }
  return queryOptions({
    queryKey: [...keys.purchaseOrders, 'outlook', query],
    queryFn: () => body(api.GET('/v1/purchase-orders/outlook', { params: { query } })),
  })
}

/** What is to be ordered, or what a text finds. */
export function stockQuery(storeId: string, choice: { q: string } | { state: 'reorder' }) {
  const limit = 'q' in choice ? FOUND_AT_MOST : LINES_AT_MOST
  const query = { store_id: storeId, ...choice, limit }
  return queryOptions({
    queryKey: [...keys.inventory, 'to-order', query],
    queryFn: () => body(api.GET('/v1/inventory', { params: { query } })),
  })
}

/** `then` comes with the answer: what is asked for again afterwards is not waited for. */
function useKeep(then: (order: PurchaseOrder) => void) {
  const client = useQueryClient()
  return {
    onSuccess: (order: PurchaseOrder) => {
      client.setQueryData(orderQuery(order.id).queryKey, order)
      then(order)
    },
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.purchaseOrders }),
        client.invalidateQueries({ queryKey: keys.inventory }),
      ]),
  }
}

/** A new draft, or the same one written again. */
export function useWriteOrder(found: PurchaseOrder | null, onWritten: (order: PurchaseOrder) => void) {
  return useMutation({
    mutationFn: (order: NewPurchaseOrder) =>
      found
        ? body(
            api.PUT('/v1/purchase-orders/{id}', {
              params: { path: { id: found.id } },
              body: { ...order, version: found.version },
            }),
          )
        : body(api.POST('/v1/purchase-orders', { body: order })),
    ...useKeep(onWritten),
  })
}

export type Step =
  | { kind: 'approve' }
  | { kind: 'send'; by: 'mail' | 'file' }
  | { kind: 'receive'; receipt: Omit<NewReceipt, 'version'> }
  | { kind: 'close'; reason: string | null }
  | { kind: 'cancel'; reason: string }

function take({ id, version }: PurchaseOrder, step: Step): Promise<PurchaseOrder> {
  const params = { path: { id } }
  switch (step.kind) {
    case 'approve':
      return body(api.POST('/v1/purchase-orders/{id}/approve', { params, body: { version } }))
    case 'send':
      return body(api.POST('/v1/purchase-orders/{id}/send', { params, body: { version, by: step.by } }))
    case 'receive':
      return body(
        api.POST('/v1/purchase-orders/{id}/receive', {
          params,
          body: { version, ...step.receipt },
        }),
      )
    case 'close':
      return body(
        api.POST('/v1/purchase-orders/{id}/close', {
          params,
          body: { version, reason: step.reason },
        }),
      )
    case 'cancel':
      return body(
        api.POST('/v1/purchase-orders/{id}/cancel', {
          params,
          body: { version, reason: step.reason },
        }),
      )
  }
}

export function useStep(order: PurchaseOrder, onTaken: () => void) {
  return useMutation({ mutationFn: (step: Step) => take(order, step), ...useKeep(onTaken) })
}
