import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { firstIcons } from './scripts/first-icons.ts'

const web = fileURLToPath(new URL('web', import.meta.url))
const first = firstIcons(web)
const isFirstIcon = (id: string) => id.includes('/@tabler/') && (!id.includes('/icons/') || first.has(basename(id).split('.')[0]!))

const server = `http://127.0.0.1:${process.env.PORT ?? 8080}`

export default defineConfig({
  root: web,
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('web/dist', import.meta.url)),
    emptyOutDir: true,
    target: 'es2023',
    // What each screen loads, for the test of its size.
    manifest: true,
    // The pages' content policy takes fonts from our own address only, never from data: URLs.
    assetsInlineLimit: 0,
    // React, router and query change only with their packages: one chunk that browsers keep across our releases. The
    // shell's building blocks and its icons are one chunk each, so that the first screen takes few requests.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'base',
              test: /node_modules\/(react|react-dom|scheduler|@tanstack\/(react-)?(router|query|store|history)[^/]*)\//,
              priority: 3,
            },
            { name: 'icons', test: isFirstIcon, priority: 2 },
            { name: 'more-icons', test: /node_modules\/@tabler\//, priority: 1 },
            {
              name: 'ui',
              test: /\/web\/(kernel\/(?!forms)|ui\/(Button|KeyHint|Marks|Menu|NotFound|Page|States|TimeAgo|Toast|narrow|texts)\.).*/,
              priority: 1,
            },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    port: Number(process.env.WEB_PORT ?? 5173),
    proxy: { '/api': { target: server, changeOrigin: false } },
  },
})
