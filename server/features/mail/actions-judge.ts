import type { Context } from '../../kernel/context.ts'
import { failpoint } from '../../kernel/failpoint.ts'
import { hashOf } from '../../kernel/secrets.ts'
import { visibleTicketIds } from '../tickets/access.ts'
import { actorOfPerson } from './access-agent.ts'
import { asStaffCandidate, type Facts, factsOf, type Inbound, lockInbound } from './access-facts.ts'
import { judgeReport } from './actions-bounce.ts'
import { handToMachines } from './actions-machines.ts'
import { joinTicket, openByMail, type Post } from './actions-post.ts'
import { markArrived, markVerified, type Outcome, settleInbound, settleProof } from './actions-settle.ts'
import { joinSide } from './actions-sides.ts'
import { isLoopback, type Proof } from './authenticate.ts'
import type { ParsedMail } from './parsed-mail.ts'
import { splitAddress } from './reply-address.ts'
import { type Threading, threadOf } from './threading.ts'
import { sideThreadOf } from './threading-sides.ts'

/**
 * One mail, one transaction, one verdict. The order of the questions matters: what came before or from ourselves is
 * nobody's news; reports are about a mail of ours, whoever sends them; then who wrote, whether that can be believed, and
 * only then where it belongs.
 */
const floodOfAutomatic = 100

export async function judgeMail(context: Context, inbound: Inbound, mail: ParsedMail, given: Proof, raw: Buffer): Promise<void> {
  if (!(await lockInbound(context.db, inbound.id, mail))) return
  const facts = await factsOf(context, inbound, mail)
  const proof = facts.demo && isLoopback(inbound.clientAddress) ? { ...given, result: 'pass' as const } : given
  const outcome = await verdictOn(context, inbound, mail, facts, proof, raw)
  await settleInbound(context, inbound, outcome, mail, proof)
  if (outcome.reason !== 'own-mail' && outcome.reason !== 'proof') await noteArrival(context, inbound, facts)
  if (given.result === 'pass' && facts.person && !facts.person.verified) await markVerified(context, facts.person.id)
  await failpoint('mail.before-judge-commit')
}

/** Somebody's mail says that the mailbox works inwards. Both ways: only its test mail says that. */
async function noteArrival(context: Context, { mailboxId }: Inbound, facts: Facts): Promise<void> {
  if (mailboxId !== null && facts.mailboxes.some((one) => one.id === mailboxId && !one.arrived)) await markArrived(context, mailboxId)
}

async function verdictOn(context: Context, inbound: Inbound, mail: ParsedMail, facts: Facts, proof: Proof, raw: Buffer): Promise<Outcome> {
  const release = inbound.detail.release as { ticketId: string | null } | undefined
  const aside = await asideFor(context, inbound, mail, facts, release !== undefined)
  if (aside) return aside
  if (
    mail.bounce ||
    mail.automatic?.why === 'feedback-loop' ||
    (inbound.envelopeFrom === '' && inbound.source === 'smtp' && facts.person === null && mail.automatic?.why !== 'vacation')
  ) {
    const report = await judgeReport(context, inbound, mail, raw)
    if (report) return report
  }
  if (facts.blocked && !release) return { verdict: 'ignored', reason: 'blocked-sender' }
  const post: Post = { inbound, mail, facts, proof }
  if (release)
    return release.ticketId === null
      ? openByMail(context, post, { link: null, unverified: null })
      : joinReleased(context, post, release.ticketId)
  return (await doubt(context, post)) ?? (await thread(context, post))
}

/** The same mail again, our own mail come back, and the test mail that proves a mailbox. */
async function asideFor(context: Context, inbound: Inbound, mail: ParsedMail, facts: Facts, released: boolean): Promise<Outcome | null> {
  const token = mail.headers.get('x-firstline-proof')?.[0]
  const mailboxId = token && /^[0-9a-f]{32}$/.test(token) ? await settleProof(context, hashOf(token)) : undefined
  if (mailboxId !== undefined) return { verdict: 'ignored', reason: 'proof', detail: { mailboxId } }
  if (released) return null
  const ours = facts.instance !== '' && mail.loopMarks.includes(facts.instance)
  const handed = ours || facts.blocked || inbound.source === 'import' ? null : await handToMachines(context, inbound, mail, facts)
  if (handed) return handed
  if (facts.duplicate)
    return { verdict: 'ignored', reason: 'duplicate', ticketId: facts.duplicate.ticketId, detail: { of: facts.duplicate.id } }
  if (ours) return { verdict: 'ignored', reason: 'own-mail' }
  if (mail.automatic && facts.automaticBefore >= floodOfAutomatic) return { verdict: 'quarantined', reason: 'flood' }
  return inbound.source === 'import' ? { verdict: 'ignored', reason: 'imported' } : null
}

/** Whether we can say who wrote it (B-018). */
async function doubt(context: Context, { mail, facts, proof }: Post): Promise<Outcome | null> {
  if (mail.fromProblem)
    return {
      verdict: 'quarantined',
      reason: { several: 'several-from', missing: 'no-author', unreadable: 'unreadable-author' }[mail.fromProblem],
    }
  const from = mail.from?.address ?? ''
  if (!/^[^\s@]+@[^\s@]+$/.test(from) || from.length > 254) return { verdict: 'quarantined', reason: 'unreadable-author' }
  if (facts.mailboxes.some((one) => splitAddress(one.address).base === splitAddress(from).base))
    return { verdict: 'quarantined', reason: 'own-address' }
  if (!facts.person?.staff) return null
  if (proof.result !== 'pass') {
    if (mail.automatic) return { verdict: 'ignored', reason: 'auto-reply-without-ticket' }
    return { verdict: 'quarantined', reason: 'spoofed-agent', detail: { named: facts.candidates[0]?.ticketId ?? null } }
  }
  await seenByAgent(context, facts.person.id, facts)
  return null
}

async function seenByAgent(context: Context, personId: string, facts: Facts): Promise<void> {
  if (facts.candidates.length + facts.sides.length === 0) return
  const actor = await actorOfPerson(context, personId)
  const visible = await visibleTicketIds(
    { ...context, actor },
    [...facts.candidates, ...facts.sides].map((one) => one.ticketId),
  )
  facts.candidates = facts.candidates.map((one) => asStaffCandidate(one, visible))
  facts.sides = facts.sides.map((one) => (one.standing === 'party' || !visible.has(one.ticketId) ? one : { ...one, standing: 'staff' }))
}

async function thread(context: Context, post: Post): Promise<Outcome> {
  const beside = sideThreadOf(post.facts.sides, { authentication: post.proof.result, automatic: post.mail.automatic !== null })
  if (beside?.to === 'side') return joinSide(context, post, beside.side, beside.unverified)
  if (beside?.to === 'quarantine')
    return {
      verdict: 'quarantined',
      reason: 'unknown-token-sender',
      detail: { named: beside.ticketId, sideId: post.facts.sides[0]?.sideId },
    }
  if (beside) return { verdict: 'ignored', reason: 'auto-reply-without-ticket', detail: { named: beside.ticketId } }
  const decided = threadOf(post.facts.candidates, { authentication: post.proof.result, automatic: post.mail.automatic !== null })
  switch (decided.to) {
    case 'ticket':
      return joinTicket(context, post, decided)
    case 'quarantine':
      return { verdict: 'quarantined', reason: decided.reason, detail: { named: decided.ticketId } }
    case 'nowhere':
      return { verdict: 'ignored', reason: decided.reason, detail: { named: decided.ticketId } }
    default:
      return isAutoReply(post.mail) ? { verdict: 'ignored', reason: 'auto-reply-without-ticket' } : openByMail(context, post, decided)
  }
}

/** An out-of-office note is an answer; without what it answers it says nothing to anybody. */
const isAutoReply = (mail: ParsedMail): boolean =>
  mail.automatic?.why === 'vacation' || /^\s*auto-replied/i.test(mail.headers.get('auto-submitted')?.[0] ?? '')

/** What names a side conversation of that ticket is released into it, and not before the requester's eyes (B-030). */
async function joinReleased(context: Context, post: Post, ticketId: string): Promise<Outcome> {
  const beside = post.facts.sides.find((one) => one.ticketId === ticketId && !one.removed)
  if (beside) return joinSide(context, post, beside, null)
  const into: Extract<Threading, { to: 'ticket' }> = {
    to: 'ticket',
    ticketId,
    namedId: ticketId,
    via: 'subject-tag',
    standing: 'participant',
    internal: false,
    unverified: null,
  }
  return joinTicket(context, post, into)
}
