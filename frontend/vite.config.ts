import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { mockBackend } from './scripts/mock-backend.ts'
import { PAGES } from './scripts/pages.ts'
import { compressed } from './scripts/vite-compressed.ts'
import { preloadPages } from './scripts/vite-preload-pages.ts'

const backend = process.env.ROYAL_URL ?? 'http://127.0.0.1:10000'

export default defineConfig({
  base: '/command-center/',
  plugins: [
    react(),
    tailwindcss(),
    preloadPages(PAGES),
    compressed(),
    ...(process.env.MOCK ? [mockBackend()] : []),
  ],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  server: {
    host: '127.0.0.1',
    proxy: process.env.MOCK
      ? {}
      : { '/v1': backend, '/jobs': backend, '/agents/': backend, '/openapi.json': backend, '/docs': backend },
  },
  preview: {
    host: '127.0.0.1',
    proxy: process.env.MOCK
      ? {}
      : { '/v1': backend, '/jobs': backend, '/agents/': backend, '/openapi.json': backend, '/docs': backend },
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
              // With the helper that fetches parts, which every page has and no chart needs.
              test: /vite\/preload-helper|src\/shared\/(api|format|range|live|paths|session\/may|ui\/(?!DataTable|data-columns|Entrance|SidePanel|Popup|Confirm|ShownOnce))|node_modules\/lucide-react\//,
            },
            {
              name: 'lists',
              test: /src\/shared\/ui\/(DataTable|data-columns)|node_modules\/@tanstack\/(react-table|table-core)\//,
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
    // All cores; one is left idle else, of two.
    maxWorkers: '100%',
    testTimeout: 30_000,
  },
})
