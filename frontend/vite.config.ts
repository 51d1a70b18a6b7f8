import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { mockBackend } from './scripts/mock-backend.ts'
import { compressed } from './scripts/vite-compressed.ts'
import { preloadRoutes } from './scripts/vite-preload-route.ts'

const backend = process.env.ROYAL_URL ?? 'http://127.0.0.1:10000'

export default defineConfig({
  base: '/command-center/',
  plugins: [
    react(),
    tailwindcss(),
    preloadRoutes({
      '': 'src/modules/pulse/index.ts',
      pnl: 'src/modules/pnl/index.ts',
      products: 'src/modules/products/index.ts',
      costs: 'src/modules/costs/index.ts',
      customers: 'src/modules/customers/index.ts',
      orders: 'src/modules/orders/index.ts',
      reconciliation: 'src/modules/reconciliation/index.ts',
      agents: 'src/modules/agents/index.ts',
      runs: 'src/modules/agents/index.ts',
      jobs: 'src/modules/jobs/index.ts',
      connections: 'src/modules/connections/index.ts',
      settings: 'src/modules/settings/index.ts',
      imports: 'src/modules/imports/index.ts',
      login: 'src/modules/session/index.ts',
      setup: 'src/modules/session/index.ts',
    }),
    compressed(),
    ...(process.env.MOCK ? [mockBackend()] : []),
  ],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  server: {
    host: '127.0.0.1',
    proxy: process.env.MOCK
      ? {}
      : { '/v1': backend, '/jobs': backend, '/openapi.json': backend, '/docs': backend },
  },
  preview: {
    host: '127.0.0.1',
    proxy: process.env.MOCK
      ? {}
      : { '/v1': backend, '/jobs': backend, '/openapi.json': backend, '/docs': backend },
  },
  build: {
    target: ['chrome123', 'safari17.5', 'firefox121'],
    cssTarget: ['chrome123', 'safari17.5', 'firefox121'],
    modulePreload: { polyfill: false },
    // A data: URL would need a wider policy than the server sends.
    assetsInlineLimit: 0,
    manifest: true,
    rolldownOptions: {
      output: {
        // What every page needs comes in few files: each one more is a round trip on a phone.
        codeSplitting: {
          groups: [
            {
              name: 'core',
              test: /node_modules\/(react|react-dom|scheduler|use-sync-external-store|zustand|openapi-fetch|@tanstack\/(react-router|router-core|history|query-core|react-query|store|react-store))\//,
            },
            {
              name: 'base',
              test: /src\/shared\/(api|format|range|live|paths|ui\/(?!DataTable|data-columns|Entrance|Filters|Field|SidePanel|use-url))|node_modules\/lucide-react\//,
            },
            {
              name: 'charts',
              // What only later pages draw, and the passports, come with those who ask for them.
              test: /src\/shared\/(charts\/(?!AreaChart|BarChart|Waterfall|HeatMap)|figures\/(?!Passport|FigurePanel))|node_modules\/(d3-|internmap)/,
            },
          ],
        },
      },
    },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/shared/testing/setup.ts'],
    restoreMocks: true,
    testTimeout: 30_000,
  },
})
