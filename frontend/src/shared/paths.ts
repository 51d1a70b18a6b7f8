/** Every address of the application in one place. */
export const paths = {
  pulse: '/',
  pnl: '/pnl',
  products: '/products',
  product: '/products/$id',
  orders: '/orders',
  order: '/orders/$id',
  connections: '/connections',
  sync: '/syncs/$id',
  start: '/start',
  settings: '/settings',
  settingsStores: '/settings/stores',
  settingsCurrencies: '/settings/currencies',
  settingsSecrets: '/settings/secrets',
  settingsImports: '/settings/imports',
  import: '/imports/$id',
  settingsPeople: '/settings/people',
  settingsRoles: '/settings/roles',
  settingsSessions: '/settings/sessions',
  settingsTokens: '/settings/tokens',
  settingsAudit: '/settings/audit',
  settingsAppearance: '/settings/appearance',
  setup: '/setup',
  login: '/login',
  join: '/join',
} as const

export const BASE = '/command-center'
