import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { AttributionModel, NewAdAccount } from '@/shared/api/types'
import type { Range } from '@/shared/range/range'

export function campaignsQuery(storeId: string, range: Range) {
  const query = { store_id: storeId, from: range.from, to: range.to }
  return queryOptions({
    queryKey: [...keys.campaigns, 'list', query],
    queryFn: () => body(api.GET('/v1/campaigns', { params: { query } })),
    placeholderData: keepPreviousData,
  })
}

export function campaignQuery(id: string, range: Range) {
  const query = { from: range.from, to: range.to }
  return queryOptions({
    queryKey: [...keys.campaigns, 'one', id, query],
    queryFn: () => body(api.GET('/v1/campaigns/{id}', { params: { path: { id }, query } })),
    placeholderData: keepPreviousData,
  })
}

/** Asks the platform itself: what was told a while ago is not asked for again by looking back. */
export function adsQuery(id: string, range: Range) {
  const query = { from: range.from, to: range.to }
  return queryOptions({
    queryKey: [...keys.campaigns, 'ads', id, query],
    queryFn: () => body(api.GET('/v1/campaigns/{id}/ads', { params: { path: { id }, query } })),
    staleTime: 300_000,
  })
}

/** Reads the orders of the whole range, as the next one. */
export function ownAdSetsQuery(id: string, range: Range) {
  const query = { from: range.from, to: range.to }
  return queryOptions({
    queryKey: [...keys.campaigns, 'ad-sets', id, query],
    queryFn: () => body(api.GET('/v1/campaigns/{id}/ad-sets', { params: { path: { id }, query } })),
    staleTime: 60_000,
  })
}

/** Reads the orders of the whole range: it is asked for after the list, and not again by looking back. */
export function adProfitQuery(storeId: string, range: Range) {
  const query = { store_id: storeId, from: range.from, to: range.to }
  return queryOptions({
    queryKey: [...keys.campaigns, 'profit', query],
    queryFn: () => body(api.GET('/v1/ad-profit', { params: { query } })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
}

export function attributionQuery(storeId: string, range: Range, model: AttributionModel) {
  const query = { store_id: storeId, from: range.from, to: range.to, model }
  return queryOptions({
    queryKey: [...keys.campaigns, 'attribution', query],
    queryFn: () => body(api.GET('/v1/attribution', { params: { query } })),
    placeholderData: keepPreviousData,
  })
}

export function useConnectAds(then: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (account: NewAdAccount) => body(api.POST('/v1/ad-accounts', { body: account })),
    onSuccess: then,
    onSettled: () => client.invalidateQueries({ queryKey: keys.campaigns }),
  })
}

export function useReadAgain() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => body(api.POST('/v1/ad-accounts/{id}/sync', { params: { path: { id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: keys.campaigns }),
  })
}
