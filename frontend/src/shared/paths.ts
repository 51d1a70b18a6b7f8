/** Every address of the application in one place. */
export const paths = {
  pulse: '/',
  pnl: '/pnl',
  products: '/products',
  product: '/products/$id',
  customers: '/customers',
  customer: '/customers/$id',
  orders: '/orders',
  order: '/orders/$id',
  connections: '/connections',
  sync: '/syncs/$id',
  start: '/start',
  settings: '/settings',
  settingsStores: '/settings/stores',
  settingsCurrencies: '/settings/currencies',
  settingsAppearance: '/settings/appearance',
  setup: '/setup',
  login: '/login',
} as const

export const BASE = '/command-center'
