import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { mockBackend } from './scripts/mock-backend.ts'
import { compressed } from './scripts/vite-compressed.ts'
import { preloadRoute } from './scripts/vite-preload-route.ts'

const backend = process.env.ROYAL_URL ?? 'http://127.0.0.1:10000'

export default defineConfig({
  base: '/command-center/',
  plugins: [
    react(),
    tailwindcss(),
    preloadRoute('src/modules/pulse/index.ts'),
    compressed(),
    ...(process.env.MOCK ? [mockBackend()] : []),
  ],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  server: {
    host: '127.0.0.1',
    proxy: process.env.MOCK ? {} : { '/v1': backend, '/openapi.json': backend, '/docs': backend },
  },
  preview: {
    host: '127.0.0.1',
    proxy: process.env.MOCK ? {} : { '/v1': backend, '/openapi.json': backend, '/docs': backend },
  },
  build: {
    target: ['chrome123', 'safari17.5', 'firefox121'],
    cssTarget: ['chrome123', 'safari17.5', 'firefox121'],
    modulePreload: { polyfill: false },
    // A data: URL would need a wider policy than the server sends.
    assetsInlineLimit: 0,
    manifest: true,
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/shared/testing/setup.ts'],
    restoreMocks: true,
    testTimeout: 30_000,
  },
})
