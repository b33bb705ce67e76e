import { isIP } from 'node:net'
import type { ResolveDns } from './outside.ts'
import type { Authentication } from './threading.ts'

/**
 * SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 9989), worked out by ourselves from the envelope, the bytes and DNS.
 * Authentication-Results headers are never read: anybody can write one (abuse case B-020). A mail that a neighbour on
 * this machine or network hands in, unsigned, says nothing about its author either way: no question is asked.
 */
export type Proof = { result: Authentication; spf: string; dkim: string; dmarc: string; domain: string }
export type Bringing = { source: string; clientAddress: string; clientName: string; envelopeFrom: string }

const unknown: Proof = { result: 'none', spf: 'none', dkim: 'none', dmarc: 'none', domain: '' }
const longest = 5_000

export async function proofOf(raw: Buffer, by: Bringing, resolver: ResolveDns, mta: string): Promise<Proof> {
  const foreign = by.source === 'smtp' && isIP(by.clientAddress) !== 0 && !isNeighbour(by.clientAddress)
  if (!foreign && !isSigned(raw)) return unknown
  const checked = check(raw, foreign ? by : null, resolver, mta).catch(() => unknown)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Proof>((resolve) => {
    timer = setTimeout(() => resolve({ ...unknown, dmarc: 'temperror' }), longest)
  })
  return Promise.race([checked, late]).finally(() => clearTimeout(timer))
}

async function check(raw: Buffer, by: Bringing | null, resolver: ResolveDns, mta: string): Promise<Proof> {
  // 25 MB that a desk whose mail comes from its own servers never needs.
  const { authenticate } = await import('mailauth')
  const found = await authenticate(raw, {
    mta,
    resolver,
    disableArc: true,
    disableBimi: true,
    ...(by ? { ip: by.clientAddress, helo: by.clientName, sender: by.envelopeFrom } : {}),
  })
  const dkim = found.dkim.results.map((one) => one.status.result)
  const dmarc = found.dmarc ? found.dmarc.status.result : 'none'
  const proof = {
    spf: by && found.spf ? found.spf.status.result : 'none',
    dkim: dkim.includes('pass') ? 'pass' : (dkim[0] ?? 'none'),
    dmarc,
    domain: found.dmarc ? String(found.dmarc.status.header?.from ?? '') : '',
  }
  // Brought by a neighbour, the mail's SPF is unknown: a missing signature alone convicts nobody.
  const result: Authentication = dmarc === 'pass' ? 'pass' : dmarc === 'fail' && by !== null ? 'fail' : 'none'
  return { ...proof, result }
}

const isSigned = (raw: Buffer): boolean => /^dkim-signature:/im.test(headOf(raw))

function headOf(raw: Buffer): string {
  const text = raw.subarray(0, 65_536).toString('latin1')
  return text.split(/\r?\n\r?\n/, 1)[0] ?? ''
}

/** Loopback, private, link-local and unique local addresses (RFC 1918, 3927, 4193). */
export function isNeighbour(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, '').toLowerCase()
  return /^(?:127\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|::1$|f[cd]|fe80:)/.test(plain)
}
export const isLoopback = (address: string): boolean => /^(?:127\.|::1$)/.test(address.replace(/^::ffff:/i, ''))
