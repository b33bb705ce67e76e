import type { Instant } from '../../kernel/clock.ts'

/** Pure rules of the post: no I/O, time comes in as an argument. */

/** Minutes between tries after a temporary refusal: patient for two days, then it has failed (RFC 5321, 4.5.4.1). */
const pauses = [1, 5, 15, 30, 60, 120, 240]
const longest = 48 * 60
export const lateAfter = { minutes: 15 }

const pauseAfter = (attempts: number): number => pauses[Math.min(attempts, pauses.length) - 1] ?? 1

export function nextTry(attempts: number, now: Instant): Instant | null {
  let waited = 0
  for (let n = 1; n <= attempts; n++) waited += pauseAfter(n)
  return waited > longest ? null : now.add({ minutes: pauseAfter(attempts) })
}

/** C-031: at most so many automatic answers an hour to one address; fewer where nobody proved to own it (C-035). */
export const mostAnswers = (verified: boolean): number => (verified ? 5 : 3)

export type RecipientState = 'pending' | 'sent' | 'deferred' | 'failed' | 'bounced' | 'withdrawn'
export type MailState = 'waiting' | 'ready' | 'sending' | 'sent' | 'partly' | 'failed' | 'uncertain' | 'withdrawn' | 'held'

/** How a mail fares, from how its recipients fare. */
export function stateOf(recipients: readonly RecipientState[]): MailState {
  const count = (...states: RecipientState[]) => recipients.filter((one) => states.includes(one)).length
  if (count('deferred', 'pending') > 0) return 'ready'
  if (count('failed', 'bounced') === 0) return 'sent'
  return count('sent') > 0 ? 'partly' : 'failed'
}

/**
 * Smaller runs first: whoever waits at the sign-in page is served before the post, and all else that is 0 before the rest
 * of the post. What waits for its lane is fetched in vain, and a full outbox would keep mail from being read (FT-28).
 */
export const priorityOf = (kind: string): number =>
  kind === 'page' ? -20 : ['sign-in', 'invitation', 'reset'].includes(kind) ? -10 : ['reply', 'side', 'test'].includes(kind) ? 1 : 2

/** A slow relay holds up one lane and not the product; sign-in mails have one of their own, and so have pages (FT-39). */
export const laneOf = (kind: string, id: string): string =>
  kind === 'page' ? `mail-out-page-${BigInt(id) % 4n}` : priorityOf(kind) === -10 ? 'mail-out-first' : `mail-out-${BigInt(id) % 2n}`

/** The subject tag of a side conversation: it is no ticket's, so that an answer by it alone does not join the ticket. */
export const sideTag = (sideId: string): string => `[#S-${sideId}]`
export const sideTagIn = (subject: string): string | undefined => /\[#S-(\d{1,18})\]/i.exec(subject)?.[1]

/** RFC 3834: what no person wrote says so, so that nothing automatic answers it. */
export const isAutomatic = (kind: string): boolean => kind !== 'reply' && kind !== 'side'

/** Days before an end at which somebody is told of it. */
const warnings = [30, 7, 1]

/** The warning that is due now, unless it or a later one was given. What was put off while nobody looked is given once. */
export function expiryWarning(end: Instant, told: number | null, now: Instant): number | null {
  const days = end.since(now).total('hours') / 24
  const due = warnings.filter((one) => days <= one).at(-1)
  return due === undefined || (told !== null && told <= due) ? null : due
}

/** How long mail that was held may lie and still go out by itself once there is a way; older mail waits for a person's yes. */
export const freshDays = 3

/** How often in a row a mailbox's connection has failed: a sign-in and ten seconds in IDLE wipe the slate. */
export const failuresInRow = (before: number, idleFor: number | null): number => (idleFor !== null && idleFor >= 10_000 ? 1 : before + 1)

/** Milliseconds until the next try: one second after the first break, at most a minute. */
export const pauseBefore = (failures: number): number => Math.min(60_000, 500 * 2 ** failures)
