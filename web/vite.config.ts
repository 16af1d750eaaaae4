/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const root = fileURLToPath(new URL('.', import.meta.url))
const backend = process.env.FANWHEEL_DEV_BACKEND ?? 'http://127.0.0.1:8400'

/** The built app is package data of the server, which serves it under the same origin as the API. */
export default defineConfig(({ mode }) => ({
  base: '/',
  plugins: [react()],
  resolve: { alias: { '@': `${root}src` } },
  build: {
    outDir: '../src/fanwheel/entrypoints/web',
    emptyOutDir: true,
    // The content security policy allows neither data: scripts nor inline ones.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
    // The stories are a page of their own that no release carries: `npm run stories`, or `--mode stories` to build them.
    ...(mode === 'stories' ? { rolldownOptions: { input: `${root}stories.html` } } : {}),
  },
  server: {
    port: Number(process.env.FANWHEEL_DEV_PORT ?? 8401),
    proxy: Object.fromEntries(['/api', '/v1', '/healthz', '/readyz'].map((path) => [path, backend])),
  },
  test: { include: ['src/**/*.test.{ts,tsx}'], environment: 'node' },
}))
