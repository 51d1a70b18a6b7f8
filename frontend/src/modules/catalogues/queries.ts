import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type {
  AcceptedSupplierSuggestions,
  NewSupplierAccount,
  NewSupplierLogin,
  NewSupplierMapping,
  SupplierChange,
  SupplierContractTest,
  SupplierMapping,
  SupplierMappingFile,
  SupplierWatchlistChange,
} from '@/shared/api/types'

const PAGE = 50

export const platformsQuery = queryOptions({
  queryKey: [...keys.catalogues, 'platforms'],
  queryFn: async () => (await body(api.GET('/v1/supplier-platforms'))).platforms,
  staleTime: 60 * 60_000,
})

export function changesQuery(storeId: string, kind: SupplierChange['kind'] | undefined) {
  const query = { store_id: storeId, limit: PAGE, ...(kind && { kind }) }
  return infiniteQueryOptions({
    queryKey: [...keys.catalogues, 'changes', query],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/v1/supplier-changes', {
          params: { query: { ...query, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next_cursor || undefined,
    placeholderData: keepPreviousData,
  })
}

export function productsQuery(storeId: string, q: string | undefined) {
  const query = { store_id: storeId, limit: PAGE, ...(q && { q }) }
  return infiniteQueryOptions({
    queryKey: [...keys.catalogues, 'products', query],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/v1/supplier-products', {
          params: { query: { ...query, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next_cursor || undefined,
    placeholderData: keepPreviousData,
  })
}

/** Asked again while pictures are being looked at. */
export function picturesQuery(storeId: string) {
  return queryOptions({
    queryKey: [...keys.catalogues, 'pictures', storeId],
    queryFn: () => body(api.GET('/v1/supplier-pictures', { params: { query: { store_id: storeId } } })),
    refetchInterval: ({ state }) => (state.data && state.data.waiting > 0 ? 10_000 : false),
  })
}

export function alertsQuery(storeId: string) {
  return queryOptions({
    queryKey: [...keys.catalogues, 'alerts', storeId],
    queryFn: () => body(api.GET('/v1/supplier-alerts', { params: { query: { store_id: storeId } } })),
  })
}

export function mappingsQuery(storeId: string) {
  const query = { store_id: storeId, limit: PAGE }
  return infiniteQueryOptions({
    queryKey: [...keys.catalogues, 'mappings', query],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/v1/supplier-mappings', {
          params: { query: { ...query, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next_cursor || undefined,
  })
}

export function suggestionsQuery(storeId: string) {
  return queryOptions({
    queryKey: [...keys.catalogues, 'suggestions', storeId],
    queryFn: () =>
      body(api.GET('/v1/supplier-mapping-suggestions', { params: { query: { store_id: storeId } } })),
  })
}

export function productQuery(id: string) {
  return queryOptions({
    queryKey: [...keys.catalogues, 'product', id],
    queryFn: () => body(api.GET('/v1/supplier-products/{id}', { params: { path: { id } } })),
  })
}

function useChange<T>(change: (told: T) => Promise<unknown>, then?: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    ...(then && { onSuccess: then }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.catalogues }),
  })
}

export const useConnect = (then: () => void) =>
  useChange((account: NewSupplierAccount) => body(api.POST('/v1/supplier-accounts', { body: account })), then)

export const useBeginLogin = () =>
  useMutation({
    mutationFn: (login: NewSupplierLogin) => body(api.POST('/v1/supplier-logins', { body: login })),
  })

/** Nothing is kept of it. */
export const useTryContract = () =>
  useMutation({
    mutationFn: (test: SupplierContractTest) => body(api.POST('/v1/supplier-contracts/test', { body: test })),
  })

export const useReadAgain = () =>
  useChange((id: string) => body(api.POST('/v1/supplier-accounts/{id}/sync', { params: { path: { id } } })))

export const useWatch = (id: string, then: () => void) =>
  useChange(
    (change: SupplierWatchlistChange) =>
      body(api.PUT('/v1/supplier-accounts/{id}', { params: { path: { id } }, body: change })),
    then,
  )

export const useDisconnect = (then: () => void) =>
  useChange(
    (id: string) => body(api.DELETE('/v1/supplier-accounts/{id}', { params: { path: { id } } })),
    then,
  )

export const useMap = (then?: () => void) =>
  useChange((mapping: NewSupplierMapping) => body(api.POST('/v1/supplier-mappings', { body: mapping })), then)

/** Typed by what it answers: what is not suggested any more is shown. */
export function useAccept() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (seen: AcceptedSupplierSuggestions) =>
      body(api.POST('/v1/supplier-mapping-suggestions/accept', { body: seen })),
    onSettled: () => client.invalidateQueries({ queryKey: keys.catalogues }),
  })
}

export const useRemap = (then: () => void) =>
  useChange(
    ({ mapping, pieces, variant }: { mapping: SupplierMapping; pieces: number; variant: string }) =>
      body(
        api.PUT('/v1/supplier-mappings/{id}', {
          params: { path: { id: mapping.id } },
          body: { version: mapping.version, supplier_variant: variant, pieces },
        }),
      ),
    then,
  )

export const useUnmap = (then: () => void) =>
  useChange(
    (id: string) => body(api.DELETE('/v1/supplier-mappings/{id}', { params: { path: { id } } })),
    then,
  )

/** Typed by what it answers, which is shown. */
export function useMappingFile(step: 'preview' | 'import', then: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (file: SupplierMappingFile) =>
      body(
        step === 'preview'
          ? api.POST('/v1/supplier-mapping-file/preview', { body: file })
          : api.POST('/v1/supplier-mapping-file', { body: file }),
      ),
    onSuccess: then,
    onSettled: () => client.invalidateQueries({ queryKey: keys.catalogues }),
  })
}
