import { lookup } from 'node:dns'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/**
 * Calls to addresses that a stranger chose (a picture in a mail). Only the public Internet, only the ports of the web;
 * what is checked is the address that is connected to, so that no name can lead elsewhere a moment later; each redirect is
 * looked at like the first address. Nothing of ours goes along: no cookie, no Referer, no sign-in, no name of the program.
 */
// Two lists: one would take an IPv4 address for its IPv6 form and find it in ::/3.
const inside4 = new BlockList()
const inside6 = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  inside4.addSubnet(net, bits, 'ipv4')
// Of IPv6 only 2000::/3 is public, without the ways back into IPv4 (6to4, Teredo) and the documentation's part.
for (const [net, bits] of [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
] as const)
  inside6.addSubnet(net, bits, 'ipv6')

export function isPublicAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  const plain = mapped ?? address
  const family = isIP(plain)
  return family === 4 ? !inside4.check(plain, 'ipv4') : family === 6 && !inside6.check(plain, 'ipv6')
}

const guardedLookup: LookupFunction = (host, options, done) =>
  lookup(host, { ...options, all: true }, (cause, found) => {
    if (cause) return done(cause, '')
    const first = found[0]
    if (first === undefined || found.some((one) => !isPublicAddress(one.address))) return done(new Error('Not a public address.'), '')
    if (options.all) done(null, found)
    else done(null, first.address, first.family)
  })

export type StrangerLimits = { most: number; seconds: number; anywhere?: boolean }
const mostRedirects = 3

/** The bytes, or null for whatever reason there are none. `anywhere` is for tests, whose strangers live on loopback. */
export async function readFromStranger(address: string, { most, seconds, anywhere = false }: StrangerLimits): Promise<Buffer | null> {
  const signal = AbortSignal.timeout(seconds * 1000)
  let next: string | undefined = address
  for (let hops = 0; next !== undefined && hops <= mostRedirects; hops++) {
    const url: URL | null = URL.canParse(next) ? new URL(next) : null
    if (!url || !(anywhere || isAllowed(url)) || !/^https?:$/.test(url.protocol)) return null
    const answer: Answer | null = await once(url, most, signal, anywhere).catch(() => null)
    if (answer?.bytes) return answer.bytes
    next = answer?.location === undefined ? undefined : URL.parse(answer.location, url.href)?.href
  }
  return null
}

function isAllowed(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return url.port === '' && (isIP(host) === 0 || isPublicAddress(host))
}

type Answer = { bytes?: Buffer; location?: string }

function once(url: URL, most: number, signal: AbortSignal, anywhere: boolean): Promise<Answer> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest
  const headers = { accept: 'image/png, image/jpeg, image/gif, image/webp', 'accept-encoding': 'identity' }
  // Name and password of the address stay behind.
  const to = {
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    path: `${url.pathname}${url.search}`,
  }
  return new Promise((done, fail) => {
    const call = send({ ...to, headers, signal, agent: false, ...(anywhere ? {} : { lookup: guardedLookup }) }, (answer) => {
      const { statusCode = 0, headers: said } = answer
      const stop = (result: Answer) => {
        done(result)
        call.destroy()
      }
      if (statusCode >= 300 && statusCode < 400 && said.location) return stop({ location: said.location })
      if (statusCode !== 200 || Number(said['content-length'] ?? 0) > most) return stop({})
      const parts: Buffer[] = []
      let size = 0
      answer.on('data', (part: Buffer) => {
        size += part.length
        if (size > most) stop({})
        else parts.push(part)
      })
      answer.on('error', fail)
      answer.on('end', () => done({ bytes: Buffer.concat(parts) }))
    })
    call.on('error', fail)
    call.end()
  })
}
