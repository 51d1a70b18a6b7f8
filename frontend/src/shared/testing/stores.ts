/** A workspace with two stores, far apart and in two currencies, for what is of one of them whichever is chosen. */
import { HttpResponse, http } from 'msw'
import type { Store } from '@/shared/api/types'
import { CURRENCY, STORE, TIMEZONE } from './reports'

const AT_HOME: Store = {
  ...STORE,
  shop_domain: 'hearth-harbour.myshopify.com',
  currency: CURRENCY,
  timezone: TIMEZONE,
  is_sandbox: true,
  connection_id: 'con_1',
  first_day: null,
  last_day: null,
  orders: 0,
  as_of: null,
  sync: null,
}

export const ABROAD: Store = {
  ...AT_HOME,
  id: 'store_2',
  name: 'Hearth Auckland',
  shop_domain: 'hearth-auckland.myshopify.com',
  currency: 'NZD',
  timezone: 'Pacific/Auckland',
  connection_id: 'con_2',
}

export const twoStores = http.get('*/v1/stores', () => HttpResponse.json({ stores: [AT_HOME, ABROAD] }))
