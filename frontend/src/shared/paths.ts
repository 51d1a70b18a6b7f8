/** Every address of the application in one place. */
export const paths = {
  pulse: '/',
  pnl: '/pnl',
  products: '/products',
  product: '/products/$id',
  costs: '/costs',
  orders: '/orders',
  order: '/orders/$id',
  reconciliation: '/reconciliation',
  connections: '/connections',
  sync: '/syncs/$id',
  start: '/start',
  settings: '/settings',
  settingsStores: '/settings/stores',
  settingsCurrencies: '/settings/currencies',
  settingsSecrets: '/settings/secrets',
  settingsImports: '/settings/imports',
  import: '/imports/$id',
  settingsAppearance: '/settings/appearance',
  setup: '/setup',
  login: '/login',
} as const

export const BASE = '/command-center'
