import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/** The built web: hashed assets for ever, and the one page for every other address, where the browser's router takes over. */
export function servePages(app: FastifyInstance, root = fileURLToPath(new URL('../../web/dist/', import.meta.url))): void {
  if (!existsSync(root)) return
  app.register(fastifyStatic, {
    root,
    wildcard: false,
    index: false,
    preCompressed: true,
    immutable: true,
    maxAge: '1y',
    serveDotFiles: false,
  })
  const page = readFileSync(`${root}index.html`)
  app.get('/*', (request, reply) => {
    if (/^\/(api|assets)\//.test(request.url) || /\.[a-z0-9]{2,5}(\?|$)/i.test(request.url)) return reply.callNotFound()
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page)
  })
}
