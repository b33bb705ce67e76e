import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { openApi } from './rules.ts'

/**
 * The description of the API and a reference to browse it. Only files of the package and of this one are served, so the
 * pages' policy (no inline script, nothing from outside) holds here too.
 */
const viewer = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }

const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Firstline API</title>
<link rel="stylesheet" href="/api/docs/swagger-ui.css"></head>
<body><div id="reference"></div><noscript>This page needs JavaScript. The description itself is at <a href="/api/openapi.json">/api/openapi.json</a>.</noscript>
<script src="/api/docs/swagger-ui-bundle.js"></script><script src="/api/docs/start.js"></script></body></html>
`
const start = `window.ui = SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#reference', deepLinking: true, docExpansion: 'none', filter: true, tryItOutEnabled: false, validatorUrl: null, persistAuthorization: false })
`

type Asset = { type: string; content: () => string | Buffer }
const text = (content: string, type: string): Asset => ({ type, content: () => content })
const fromPackage = (name: string, type: string): Asset => ({ type, content: () => readFileSync(join(viewer, name)) })

const assets: Record<string, Asset> = {
  '/api/docs': text(page, 'text/html; charset=utf-8'),
  '/api/docs/start.js': text(start, 'text/javascript; charset=utf-8'),
  '/api/docs/swagger-ui.css': fromPackage('swagger-ui.css', 'text/css; charset=utf-8'),
  '/api/docs/swagger-ui-bundle.js': fromPackage('swagger-ui-bundle.js', 'text/javascript; charset=utf-8'),
}

export function mountApiDocs(app: FastifyInstance): void {
  let described: string | undefined
  app.get('/api/openapi.json', (_request, reply) => {
    described ??= JSON.stringify(openApi(version))
    return reply.type('application/json; charset=utf-8').header('cache-control', 'no-cache').send(described)
  })
  for (const [path, asset] of Object.entries(assets))
    app.get(path, (_request, reply) => reply.type(asset.type).header('cache-control', 'public, max-age=3600').send(asset.content()))
  app.get('/api/docs/', (_request, reply) => reply.redirect('/api/docs'))
}
