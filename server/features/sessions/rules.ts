import type { Actor, Standing } from '../../kernel/actor.ts'
import { type Instant, Temporal } from '../../kernel/clock.ts'

/** How long proofs of identity last (ASVS 7.3): without use, in all, and for a half session that still lacks its second step. */
export const idleLimit = { staff: { hours: 8 }, others: { hours: 24 }, pending: { minutes: 15 } } as const
export const sessionLife = { hours: 30 * 24 } as const

export function isIdle(standing: Standing, staff: boolean, pending: Actor['pending'], now: Instant): boolean {
  if (standing.session_id === null) return false
  if (pending !== null) return hasPassed(standing.created_at, idleLimit.pending, now)
  return hasPassed(standing.seen_at ?? standing.created_at, staff ? idleLimit.staff : idleLimit.others, now)
}

export const hasPassed = (since: Instant, span: Temporal.DurationLike, now: Instant): boolean =>
  Temporal.Instant.compare(since.add(span), now) <= 0

export type LinkPurpose = 'sign-in' | 'invitation' | 'reset' | 'set-up'
export const linkLife: Record<LinkPurpose, Temporal.DurationLike> = {
  'sign-in': { minutes: 15 },
  reset: { minutes: 15 },
  'set-up': { minutes: 30 },
  invitation: { hours: 7 * 24 },
}

/** C-036: a minute apart and five an hour for one account. `sent` is when links went out in the last hour, newest first. */
export function mayMailLink(sent: readonly Instant[], now: Instant): boolean {
  const newest = sent[0]
  return (newest === undefined || hasPassed(newest, { minutes: 1 }, now)) && sent.length < 5
}

/** Changes to the proofs themselves want a fresh sign-in (ASVS 7.5.1). */
export const isFresh = (actor: Actor, now: Instant): boolean =>
  actor.signedInAt !== null && !hasPassed(laterOf(actor.signedInAt, actor.secondFactorAt), { minutes: 5 }, now)

const laterOf = (a: Instant, b: Instant | null): Instant => (b !== null && Temporal.Instant.compare(b, a) > 0 ? b : a)

/** Case, spaces and Unicode forms of one address count as one account (G-083). */
export const accountKey = (email: string): string => email.normalize('NFKC').trim().toLowerCase()

/** Whoever holds an IPv6 network of the usual size holds 2^64 addresses: they count as one. */
export function clientKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped?.[1]) return mapped[1]
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? []
  const start = head === '' ? [] : head.split(':')
  const end = tail === undefined || tail === '' ? [] : tail.split(':')
  const middle = tail === undefined ? [] : Array<string>(Math.max(0, 8 - start.length - end.length)).fill('0')
  return [...start, ...middle, ...end].slice(0, 4).join(':')
}
