import type { Authentication, Via } from './threading.ts'

/**
 * Whether a mail belongs to a side conversation, decided before any ticket is asked: whatever names one stays beside the
 * ticket, whoever else stands in it (B-030). party: an address that we wrote to there. customer: the ticket's requester or
 * participant, who was in Cc or got it passed on; what they quote may be the side conversation, so it is kept there, too.
 * staff: proven, and sees the ticket. Anybody else with our secret waits in quarantine, as with tickets (B-016).
 */
type SideStanding = 'party' | 'customer' | 'staff' | 'none'
export type SideCandidate = { sideId: string; ticketId: string; via: Via; standing: SideStanding; removed: boolean }
type SideThread =
  | { to: 'side'; side: SideCandidate; unverified: string | null }
  | { to: 'quarantine'; ticketId: string }
  | { to: 'nowhere'; ticketId: string }

const isSecret = (via: Via) => via === 'reply-address' || via === 'message-id'

/** Null: it names no side conversation that it may be about. Candidates come in the order of their worth. */
export function sideThreadOf(
  candidates: readonly SideCandidate[],
  sender: { authentication: Authentication; automatic: boolean },
): SideThread | null {
  const unverified = sender.authentication === 'fail' ? 'dmarc-fail' : null
  const known = candidates.filter((one) => !one.removed)
  const fit = known.find((one) => one.standing !== 'none' && (unverified === null || isSecret(one.via)))
  if (fit) return { to: 'side', side: fit, unverified }
  const named = known.find((one) => isSecret(one.via) || one.standing !== 'none')
  if (!named) return null
  return sender.automatic ? { to: 'nowhere', ticketId: named.ticketId } : { to: 'quarantine', ticketId: named.ticketId }
}
