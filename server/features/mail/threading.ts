/**
 * Which ticket a mail belongs to: a pure decision over facts (access-facts.ts). What a mail refers to only names
 * candidates; whether it may join one depends on who wrote it:
 * - our own secret (the token in our Message-ID or reply address) needs a sender who may write to that ticket; from
 *   anybody else it waits in quarantine, because a leaked secret must have no effect (B-016, B-017);
 * - a foreign Message-ID and a subject tag are no secrets: they count for the ticket's requester, participants and
 *   proven staff only, and for nobody whose DMARC fails; else the mail becomes a ticket of its own (B-015).
 * Closed tickets are continued by a new one, merged ones are replaced by their survivor.
 */
export type Via = 'reply-address' | 'message-id' | 'foreign-message-id' | 'awaited' | 'subject-tag'
/** What the sender is to the ticket. staff: proven, and sees it. */
export type Standing = 'requester' | 'on-behalf' | 'participant' | 'staff' | 'none'
export type Authentication = 'pass' | 'none' | 'fail'

export type Candidate = {
  ticketId: string
  /** The ticket that was named; another than ticketId when it was merged into that one since. */
  namedId: string
  via: Via
  standing: Standing
  meaning: string
  removed: boolean
  /** The message that is answered, if it is known and internal: an answer to it stays internal. */
  internal: boolean
}
export type Sender = { authentication: Authentication; automatic: boolean }

export type Threading =
  | { to: 'ticket'; ticketId: string; namedId: string; via: Via; standing: Standing; internal: boolean; unverified: string | null }
  | { to: 'new'; link: { ticketId: string; kind: 'continues' | 'related' } | null; unverified: string | null }
  | { to: 'quarantine'; reason: string; ticketId: string }
  | { to: 'nowhere'; reason: string; ticketId: string | null }

const isSecret = (via: Via) => via === 'reply-address' || via === 'message-id'

/** Candidates come in the order of their worth; the first that decides wins. */
export function threadOf(candidates: readonly Candidate[], sender: Sender): Threading {
  const unverified = sender.authentication === 'fail' ? 'dmarc-fail' : null
  const known = candidates.filter((one) => !one.removed)
  for (const one of known) {
    if (one.standing === 'none') continue
    if (unverified !== null && !isSecret(one.via)) continue
    if (one.meaning === 'closed')
      return sender.automatic
        ? automaticAside(one.ticketId)
        : { to: 'new', link: { ticketId: one.ticketId, kind: 'continues' }, unverified }
    return {
      to: 'ticket',
      ticketId: one.ticketId,
      namedId: one.namedId,
      via: one.via,
      standing: one.standing,
      internal: one.internal,
      unverified,
    }
  }
  const secret = known.find((one) => isSecret(one.via))
  if (secret)
    return sender.automatic
      ? automaticAside(secret.ticketId)
      : { to: 'quarantine', reason: 'unknown-token-sender', ticketId: secret.ticketId }
  const named = known[0]
  if (named && unverified !== null) return { to: 'quarantine', reason: 'unknown-user-update', ticketId: named.ticketId }
  if (named && !sender.automatic) return { to: 'new', link: { ticketId: named.ticketId, kind: 'related' }, unverified }
  return { to: 'new', link: null, unverified }
}

const automaticAside = (ticketId: string): Threading => ({ to: 'nowhere', reason: 'auto-reply-without-ticket', ticketId })
