import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { sessionCookie } from './http-headers.ts'
import type { Settings } from './settings.ts'

/** What every screen behind the sign-in needs first: the browser asks for it while the scripts are still on their way. */
const early = ['/api/me', '/api/company'].map((path) => `<${path}>; rel=preload; as=fetch; crossorigin=anonymous`).join(', ')
const beforeSignIn = /^\/(sign-in|link|set-up|answer)\b/

/** The built web: hashed assets for ever, and the one page for every other address, where the browser's router takes over. */
export function servePages(
  app: FastifyInstance,
  settings: Settings,
  root = fileURLToPath(new URL('../../web/dist/', import.meta.url)),
): void {
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
    if (request.cookies[sessionCookie.nameIn(settings)] !== undefined && !beforeSignIn.test(request.url)) reply.header('link', early)
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page)
  })
}
