/** What people set for the orders of goods in a store: read on the page of a variant, written there and under Settings. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { InventorySettings, InventorySettingsChange, LeadTime } from '@/shared/api/types'
import { typed, units } from '@/shared/format/units'

export function inventorySettingsQuery(storeId: string) {
  return queryOptions({
    queryKey: [...keys.inventorySettings, storeId],
    queryFn: () => body(api.GET('/v1/inventory-settings', { params: { query: { store_id: storeId } } })),
  })
}

/** Bundles as the shop has them now, in the form in which settings take them; nothing is set by it. */
export function useShopBundles(storeId: string) {
  return useMutation({
    mutationFn: () =>
      body(api.GET('/v1/inventory-settings/bundles', { params: { query: { store_id: storeId } } })),
  })
}

/** `onStored` comes with the answer: what is asked for again afterwards is not waited for. */
export function useChangeSettings(storeId: string, onStored?: () => void) {
  const client = useQueryClient()
  const queryKey = inventorySettingsQuery(storeId).queryKey
  return useMutation({
    mutationFn: (change: InventorySettingsChange) =>
      body(
        api.PUT('/v1/inventory-settings', {
          params: { query: { store_id: storeId } },
          body: change,
        }),
      ),
    onSuccess: stored => {
      client.setQueryData(queryKey, stored)
      onStored?.()
    },
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey }),
        client.invalidateQueries({ queryKey: keys.inventory }),
      ]),
  })
}

/** What is written back: all but what the server says of it, which it would refuse. */
export function changeOf(found: InventorySettings): InventorySettingsChange {
  return {
    version: found.version,
    service_level: found.service_level,
    order_cost: found.order_cost,
    holding_rate: found.holding_rate,
    cover_days: found.cover_days,
    overstock_days: found.overstock_days,
    dead_days: found.dead_days,
    lead_time: found.lead_time ?? null,
    vendors: found.vendors,
    variants: found.variants,
    holidays: found.holidays ?? null,
    bundles: found.bundles,
    approval_limit: found.approval_limit,
    admin_limit: found.admin_limit,
  }
}

/** Hundredths of a day are finer than anybody knows. */
const DIGITS = 2

export interface LeadDraft {
  mean: string
  sd: string
}

export function leadDraft(lead: LeadTime | null | undefined): LeadDraft {
  return lead
    ? { mean: decimalText(lead.mean_days, DIGITS), sd: decimalText(lead.sd_days, DIGITS) }
    : { mean: '', sd: '' }
}

/** A lead time, null where none is typed, or undefined for what is none. A spread that is left out is 0. */
export function leadOf({ mean, sd }: LeadDraft): LeadTime | null | undefined {
  if (!mean.trim() && !sd.trim()) return null
  const days = decimalOf(mean, DIGITS)
  const spread = sd.trim() ? decimalOf(sd, DIGITS) : 0
  if (days === null || spread === null || days > 365 || spread > 365) return undefined
  return { mean_days: days, sd_days: spread }
}

export const LEAD_FAULT = 'Days from 0 to 365, and their spread.'

/** A number that is not negative, or null for what is none. */
export function decimalOf(text: string, digits: number): number | null {
  const value = units(text, digits)
  return value === null || value < 0n ? null : Number(value) / 10 ** digits
}

export function decimalText(value: number, digits: number): string {
  return typed(Math.round(value * 10 ** digits), digits)
}
