import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { sep } from 'node:path'
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
  // Only what was there at the start is served; as one route, not as two for each of a thousand files.
  const files = addressesBelow(root)
  app.register(fastifyStatic, { root, serve: false, preCompressed: true, immutable: true, maxAge: '1y' })
  const page = readFileSync(`${root}index.html`)
  app.get('/*', (request, reply) => {
    const path = request.url.split('?', 1)[0]!
    if (files.has(path)) return reply.sendFile(path)
    if (/^\/(api|assets)\//.test(request.url) || /\.[a-z0-9]{2,5}(\?|$)/i.test(request.url)) return reply.callNotFound()
    if (request.cookies[sessionCookie.nameIn(settings)] !== undefined && !beforeSignIn.test(request.url)) reply.header('link', early)
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page)
  })
}

/** What is served as it is, nothing hidden. Every file of the build has an ending, and no folder has. */
function addressesBelow(root: string): ReadonlySet<string> {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((path) => `/${sep === '/' ? path : path.replaceAll(sep, '/')}`)
  return new Set(paths.filter((path) => path.includes('.') && !path.includes('/.')))
}
