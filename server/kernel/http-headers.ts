import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Kernel } from './context.ts'
import { bodyAsItCame } from './http-body.ts'
import type { Client } from './routes.ts'
import type { Settings } from './settings.ts'

/** What every answer carries (ASVS 3.4). The browser's own pages need nothing from outside. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  'report-uri /api/csp-report',
].join('; ')

export function secureHeaders(kernel: Kernel) {
  return async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
    reply.header('x-content-type-options', 'nosniff')
    reply.header('referrer-policy', 'no-referrer')
    reply.header('cross-origin-opener-policy', 'same-origin')
    reply.header('cross-origin-resource-policy', 'same-origin')
    reply.header('permissions-policy', 'camera=(self), microphone=(), geolocation=(), publickey-credentials-get=(self)')
    if (kernel.settings.secure) reply.header('strict-transport-security', 'max-age=31536000; includeSubDomains')
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', pagePolicy)
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    return payload
  }
}

export function clientOf(settings: Settings, request: FastifyRequest): Client {
  const binding = request.cookies[bindingCookie.nameIn(settings)]
  const signature = request.headers['x-twilio-signature']
  const body = bodyAsItCame(request)
  return {
    address: request.ip,
    name: String(request.headers['user-agent'] ?? '').slice(0, 300),
    origin: `${request.protocol}://${request.host}`,
    ...(binding && /^[\w-]{22}$/.test(binding) ? { binding } : {}),
    ...(typeof signature === 'string' ? { signature: signature.slice(0, 200) } : {}),
    ...(body === undefined
      ? {}
      : { signed: { body, header: (name: string) => String(request.headers[name.toLowerCase()] ?? '').slice(0, 200) } }),
    ...(request.headers.authorization ? { authorization: request.headers.authorization.slice(0, 500) } : {}),
  }
}

/** A cookie alone never changes anything: the request must come from our own pages. */
export function sameOrigin(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  const origin = request.headers.origin
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === request.host
}

/** Also without a cookie: a form elsewhere must not sign its reader in as somebody else. Programs send neither header. */
export function fromOtherSite(request: FastifyRequest): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers
  return site === undefined ? origin !== undefined && !sameOrigin(request) : site !== 'same-origin' && site !== 'none'
}

const isLoopback = (host: string) => ['localhost', '127.0.0.1', '[::1]'].includes(host)
/** __Host- needs Secure, which browsers grant to https and to loopback only. */
const mayBeSecure = (settings: Settings) => settings.secure || isLoopback(new URL(settings.baseUrl).hostname)

export function sessionCookie(settings: Settings, reply: FastifyReply, token: string | null): void {
  const secure = mayBeSecure(settings)
  const choices = { path: '/', httpOnly: true, secure, sameSite: 'lax' as const }
  if (token === null) reply.clearCookie(sessionCookie.nameIn(settings), choices).header('clear-site-data', '"cache"')
  else reply.setCookie(sessionCookie.nameIn(settings), token, { ...choices, maxAge: 30 * 86_400 })
}
sessionCookie.nameIn = (settings: Settings): string => (mayBeSecure(settings) ? '__Host-firstline' : 'firstline')

/** Says nothing of who it is; only that it is the same browser. */
export function bindingCookie(settings: Settings, reply: FastifyReply, token: string): void {
  const choices = { path: '/', httpOnly: true, secure: mayBeSecure(settings), sameSite: 'lax' as const, maxAge: 600 }
  reply.setCookie(bindingCookie.nameIn(settings), token, choices)
}
bindingCookie.nameIn = (settings: Settings): string => `${sessionCookie.nameIn(settings)}-browser`
