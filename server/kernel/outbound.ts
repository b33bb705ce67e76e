import { lookup } from 'node:dns'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { Problem } from './problem.ts'
import type { Settings } from './settings.ts'

/** The only door for HTTP calls to the outside. Each names where it goes; nothing is followed, and nothing waits for ever. */
const longest = 1_000_000

/** Posts a form (OAuth token endpoints) and gives the JSON that came back. */
export async function postForm(address: string, form: Record<string, string>): Promise<{ status: number; body: Record<string, unknown> }> {
  const url = new URL(address)
  if (url.protocol !== 'https:' && !['127.0.0.1', 'localhost'].includes(url.hostname))
    throw new Problem('mailbox_unreachable', 'Only https addresses are called.')
  const response = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams(form),
    redirect: 'error',
    signal: AbortSignal.timeout(15_000),
    headers: { accept: 'application/json' },
  })
  const text = (await response.text()).slice(0, longest)
  try {
    return { status: response.status, body: JSON.parse(text) as Record<string, unknown> }
  } catch {
    return { status: response.status, body: {} }
  }
}

/** Addresses of this machine, of its link, of everybody, and where clouds keep their secrets: no service of a company is there. */
const ownMachine = new BlockList()
for (const [net, bits, sixToFour] of [
  ['0.0.0.0', 8, '2002::'],
  ['127.0.0.0', 8, '2002:7f00::'],
  ['169.254.0.0', 16, '2002:a9fe::'],
  ['224.0.0.0', 3, '2002:e000::'],
  ['100.100.100.200', 32, '2002:6464:64c8::'],
] as const) {
  ownMachine.addSubnet(net, bits, 'ipv4')
  // The same behind a translator: NAT64 (RFC 6052), SIIT (RFC 7915), 6to4 (RFC 3056). As ::ffff:… BlockList knows it itself.
  ownMachine.addSubnet(`64:ff9b::${net}`, 96 + bits, 'ipv6')
  ownMachine.addSubnet(`::ffff:0:${net}`, 96 + bits, 'ipv6')
  ownMachine.addSubnet(sixToFour, 16 + bits, 'ipv6')
}
for (const [net, bits] of [
  // Also the IPv4 addresses that RFC 4291 once had here.
  ['::', 96],
  ['fe80::', 10],
  ['ff00::', 8],
  ['fd00:ec2::254', 128],
] as const)
  ownMachine.addSubnet(net, bits, 'ipv6')

const isRefused = (address: string): boolean => ownMachine.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
const refused = (): Error => Object.assign(new Error('This address is not called from here.'), { code: 'ADDRESS_REFUSED' })

/** Looks at the address that is connected to, not at the name: a name may lead anywhere, and elsewhere a second later. */
const guardedLookup: LookupFunction = (host, options, done) =>
  lookup(host, { ...options, all: true }, (cause, found) => {
    if (cause) return done(cause, '')
    const first = found[0]
    if (first === undefined || found.some(({ address }) => isRefused(address))) return done(refused(), '')
    if (options.all) done(null, found)
    else done(null, first.address, first.family)
  })

/** Of an answer's headers those that somebody reads. */
const kept = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(['content-type', 'content-range', 'retry-after'].map((name) => [name, String(headers[name] ?? '')]))

/**
 * A desk that people reach on this machine only (a trial, a test). Where it listens says nothing: behind a proxy that is
 * loopback too.
 */
export const isLocalDesk = ({ baseUrl }: Settings): boolean => /^(localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(baseUrl).hostname)

export type OutsideCall = {
  method?: string
  headers?: Record<string, string>
  body?: unknown
  /** For a local desk: plain HTTP, and services of the same machine. */
  loopback: boolean
  /** More than ten seconds, more than one megabyte: for pages of another desk that is being moved in. */
  seconds?: number
  most?: number
}

/** Why an address is not called, as far as it can be told without looking its name up; that is looked at once more when it is called. */
export function whyNotCalled(address: string, loopback: boolean): 'NOT_HTTPS' | 'ADDRESS_REFUSED' | null {
  const url = new URL(address)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) return 'NOT_HTTPS'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return !loopback && isIP(host) !== 0 && isRefused(host) ? 'ADDRESS_REFUSED' : null
}

/**
 * One call for a protocol that a library speaks (OpenID Connect): https, nothing followed, ten seconds, one megabyte.
 * Private networks are allowed, because a company's own services live there; whoever names the address is an administrator.
 */
export function callOutside(
  address: string,
  { method = 'GET', headers = {}, body, loopback, seconds = 10, most = longest }: OutsideCall,
): Promise<Response> {
  const url = new URL(address)
  const why = whyNotCalled(address, loopback)
  if (why === 'NOT_HTTPS') return Promise.reject(Object.assign(new Error('Only https addresses are called.'), { code: why }))
  if (why !== null) return Promise.reject(refused())
  const send = url.protocol === 'http:' ? httpRequest : httpsRequest
  return new Promise((done, fail) => {
    const call = send(
      url,
      { method, headers, signal: AbortSignal.timeout(seconds * 1000), agent: false, ...(loopback ? {} : { lookup: guardedLookup }) },
      (answer) => {
        const parts: Buffer[] = []
        let size = 0
        answer.on('data', (part: Buffer) => {
          size += part.length
          if (size > most) call.destroy(Object.assign(new Error('The answer is too large.'), { code: 'TOO_LARGE' }))
          else parts.push(part)
        })
        answer.on('error', fail)
        answer.on('end', () => {
          const status = answer.statusCode ?? 502
          const empty = status === 204 || status === 304
          done(new Response(empty ? null : Buffer.concat(parts), { status, headers: kept(answer.headers) }))
        })
      },
    )
    call.on('error', fail)
    call.end(body === undefined || body === null ? undefined : Buffer.isBuffer(body) ? body : String(body))
  })
}
