/** The mock's settings of the inventory. Keeps them; refuses a version that is not the last, and a service level of 99 %, on purpose. */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { InventorySettings, InventorySettingsChange, ShopBundles } from '@/shared/api/types'
import { CURRENCY, STORE } from './reports'

const DEFAULTS: InventorySettings = {
  store_id: STORE.id,
  version: 0,
  service_level: 0.95,
  order_cost: '50.00',
  holding_rate: 0.25,
  cover_days: 30,
  overstock_days: 180,
  dead_days: 90,
  lead_time: null,
  vendors: [{ vendor: 'Hearth & Co', lead_time: { mean_days: 9, sd_days: 2 } }],
  variants: [{ variant_id: '90031', lead_time: null, pack: 6, minimum: 12, supplier_id: null }],
  holidays: null,
  bundles: [],
  approval_limit: '5000.00',
  admin_limit: '10000.00',
  currency: CURRENCY,
  updated_at: null,
  updated_by: null,
}

function refused(status: number, detail: string, field?: string) {
  return HttpResponse.json(
    {
      title: `Status ${status}`,
      status,
      detail,
      request_id: 'req_mock',
      ...(field && { errors: [{ field, message: detail }] }),
    },
    { status, headers: { 'content-type': 'application/problem+json' } },
  )
}

export function inventorySettingsHandlers(): RequestHandler[] {
  let stored = DEFAULTS
  return [
    http.get('*/v1/inventory-settings', () => HttpResponse.json(stored)),
    http.get('*/v1/inventory-settings/bundles', () =>
      HttpResponse.json({
        bundles: [
          {
            variant_id: '90011',
            components: [
              { variant_id: '90021', quantity: 2 },
              { variant_id: '90031', quantity: 1 },
            ],
          },
        ],
        left_out: [{ variant_id: '90041', reason: 'has a bundle as a component' }],
      } satisfies ShopBundles),
    ),
    http.put('*/v1/inventory-settings', async ({ request }) => {
      const change = (await request.json()) as InventorySettingsChange
      if (change.version !== stored.version)
        return refused(409, 'Somebody set something else meanwhile: read it again.')
      if (change.service_level === 0.99)
        return refused(422, 'needs more stock than anybody has', 'service_level')
      stored = {
        ...stored,
        ...change,
        bundles: change.bundles ?? stored.bundles,
        version: stored.version + 1,
        updated_at: new Date().toISOString(),
        updated_by: 'olivia@hearth.example',
      }
      return HttpResponse.json(stored)
    }),
  ]
}
