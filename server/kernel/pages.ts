import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/** The built web: hashed assets for ever, and the one page for every other address, where the browser's router takes over. */
/** The frame in which the reader of a mail lets pictures of the web in: the one page whose policy allows them, and no scripts. */
const framePolicy =
  "default-src 'none'; img-src 'self' data: https: http:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
const framePage = '<!doctype html><html><head><meta charset="utf-8"><title>Mail</title></head><body></body></html>'

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
  app.get('/mail-frame.html', (_, reply) =>
    reply.type('text/html; charset=utf-8').header('content-security-policy', framePolicy).send(framePage),
  )
  app.get('/*', (request, reply) => {
    if (/^\/(api|assets)\//.test(request.url) || /\.[a-z0-9]{2,5}(\?|$)/i.test(request.url)) return reply.callNotFound()
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page)
  })
}
