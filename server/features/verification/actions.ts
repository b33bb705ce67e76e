import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { job } from '../../kernel/jobs.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { hashOf, newToken } from '../../kernel/secrets.ts'
import { companySettings } from '../company/access.ts'
import { mailSecret } from '../mail/actions-letters.ts'
import { codeMark } from '../mail/actions-outbox.ts'
import type { TicketFacts } from '../tickets/access.ts'
import { type GrantedTicket, type GrantedVerification, isLacking, type Way, waysFor } from './access.ts'
import { codeWords, managerWords } from './letters.ts'
import { codeMinutes, confirmationHours, hashOfCode, isCode, mostPerAgentAnHour, mostPerPersonAnHour, mostTries, newCode } from './rules.ts'
import './events.ts'

const about = (ticket: TicketFacts) => ({
  subject: { kind: 'ticket', id: ticket.id },
  ticketId: ticket.id,
  organisationId: ticket.organisation_id,
  audience: 'staff' as const,
})
const whyNot: Record<string, string> = {
  missing: 'There is nothing registered for this way. Choose another.',
  'too-new': 'This was entered within the last day. Choose another way: this is how strangers take somebody over.',
  'not-set-up': 'SMS is not set up. Choose another way.',
  yourself: 'You are the line manager yourself. Choose another way.',
}

/** Sends the code, or asks the manager. The code is told to the caller only: neither answer, event nor outbox has it. */
export async function beginVerification(context: Context, ticket: GrantedTicket, method: 'mail' | 'sms' | 'manager'): Promise<string> {
  const way = (await waysFor(context, ticket)).find((one) => one.method === method)
  if (!way?.usable) throw invalid('method', way?.why ?? 'missing', whyNot[way?.why ?? 'missing']!)
  await refuseTooMany(context, ticket)
  await sql`update verification set state = 'expired', settled_at = ${context.now.toString()}
    where ticket_id = ${ticket.id} and state = 'pending'`.execute(context.db)
  const id = method === 'manager' ? await askForWord(context, ticket, way) : await sendCode(context, ticket, way)
  await context.record({ type: 'verification.requested', ...about(ticket), data: { verificationId: id, method } })
  return id
}

/** The person's row is locked, so that two at once count as two. */
async function refuseTooMany(context: Context, ticket: GrantedTicket): Promise<void> {
  const since = context.now.subtract({ hours: 1 }).toString()
  await sql`select 1 from person where id = ${ticket.requester_id} for no key update`.execute(context.db)
  const found = await sql<{ person: number; agent: number }>`select
    (select count(*)::int from verification where person_id = ${ticket.requester_id} and created_at > ${since} and method <> 'waived') as person,
    (select count(*)::int from verification where created_by_id = ${context.actor.id} and created_at > ${since} and method <> 'waived') as agent`.execute(
    context.db,
  )
  const { person, agent } = found.rows[0]!
  if (person >= mostPerPersonAnHour || agent >= mostPerAgentAnHour)
    throw new Problem('too_many_requests', 'Too many codes within an hour. Use another way, or try later.', {
      details: { retryAfter: 3600 },
    })
}

type New = { expiresAt: string; codeHash?: Buffer; tokenHash?: Buffer; target: string; managerId: string | null }
async function insert(context: Context, ticket: TicketFacts, method: string, one: New): Promise<string> {
  const made = await sql<{
    id: string
  }>`insert into verification (ticket_id, person_id, method, state, target, code_hash, token_hash, manager_id, created_at, created_by_id, expires_at)
    values (${ticket.id}, ${ticket.requester_id}, ${method}, 'pending', ${one.target}, ${one.codeHash ?? null}, ${one.tokenHash ?? null}, ${one.managerId},
      ${context.now.toString()}, ${context.actor.id}, ${one.expiresAt}) returning id`.execute(context.db)
  return made.rows[0]!.id
}

/** Sealed while it lies in the outbox, as a sign-in link is. */
function sealed(context: Context, secret: string) {
  const linkId = hashOf(newToken()).toString('hex')
  return { link: context.kernel.secrets.seal(secret, { table: 'link', column: 'token', row: linkId }).toString('base64'), linkId }
}

async function sendCode(context: Context, ticket: TicketFacts, way: Way): Promise<string> {
  const code = newCode()
  const expiresAt = context.now.add({ minutes: codeMinutes }).toString()
  const id = await insert(context, ticket, way.method, { expiresAt, codeHash: await hashOfCode(code), target: way.target, managerId: null })
  if (way.method === 'sms') {
    const place = { table: 'verification', column: 'code', row: id }
    const payload = {
      verificationId: id,
      to: way.value,
      code: context.kernel.secrets.seal(code, place).toString('base64'),
      language: way.language,
      expiresAt,
    }
    context.later(job('verification.send-sms', payload, { attempts: 3, priority: -10 }))
    return id
  }
  const { name: company } = await companySettings(context.db)
  const { subject, body } = codeWords(way.language, company, way.name, codeMark)
  await mailSecret(context, {
    // In the lane of the sign-in mails: somebody waits on the phone.
    kind: 'sign-in',
    secret: { ...sealed(context, code), expiresAt, is: 'code' },
    to: { personId: ticket.requester_id, name: way.name, address: way.value },
    subject,
    body,
  })
  return id
}

async function askForWord(context: Context, ticket: TicketFacts, way: Way): Promise<string> {
  const token = newToken()
  const expiresAt = context.now.add({ hours: confirmationHours }).toString()
  const id = await insert(context, ticket, 'manager', { expiresAt, tokenHash: hashOf(token), target: way.target, managerId: way.managerId })
  const { name: company } = await companySettings(context.db)
  const person = await sql<{ name: string }>`select name from person where id = ${ticket.requester_id}`.execute(context.db)
  const { label, ...words } = managerWords(way.language, company, way.name, person.rows[0]?.name ?? '', context.actor.name)
  await mailSecret(context, {
    kind: 'system',
    secret: { ...sealed(context, token), expiresAt, is: 'confirmation' },
    to: { personId: way.managerId, name: way.name, address: way.value },
    ...words,
    button: label,
  })
  return id
}

/** A wrong code is an answer and not a refusal: a refusal would take the counting back. */
export async function tryCode(context: Context, one: GrantedVerification, code: string): Promise<void> {
  if (one.state !== 'pending' || one.over || one.code_hash === null)
    throw new Problem('link_expired', 'This code no longer counts. Send a new one.')
  const right = await isCode(one.code_hash, code)
  const state = right ? 'verified' : one.tries + 1 >= mostTries ? 'failed' : 'pending'
  await sql`update verification set tries = tries + ${right ? 0 : 1}, state = ${state}, code_hash = case when ${state} = 'pending' then code_hash end,
    settled_at = ${state === 'pending' ? null : context.now.toString()}::timestamptz where id = ${one.id}`.execute(context.db)
  const data = { verificationId: one.id, method: one.method }
  if (state === 'verified') await context.record({ type: 'verification.passed', ...about(one.ticket), data })
  if (state === 'failed') await context.record({ type: 'verification.failed', ...about(one.ticket), data: { ...data, why: 'tries' } })
}

/** Who may goes on without, and says why; the reason stands on the ticket. */
export async function waive(context: Context, ticket: GrantedTicket, reason: string): Promise<string> {
  const at = context.now.toString()
  const made = await sql<{
    id: string
  }>`insert into verification (ticket_id, person_id, method, state, reason, created_at, created_by_id, settled_at)
    values (${ticket.id}, ${ticket.requester_id}, 'waived', 'verified', ${reason.trim()}, ${at}, ${context.actor.id}, ${at}) returning id`.execute(
    context.db,
  )
  const id = made.rows[0]!.id
  await context.record({ type: 'verification.waived', ...about(ticket), data: { verificationId: id, method: 'waived' } })
  return id
}

/** `asking`: a question back, which leaves the ticket waiting for the requester, is never refused. */
export async function refuseUnverified(context: Context, ticketId: string, asking: 'allowed' | 'no'): Promise<void> {
  if (context.past || !(await isLacking(context, ticketId, asking === 'allowed'))) return
  throw new Problem('verification_needed', 'Verify who is asking first: the category demands it.')
}

/** What stood for the first time does not stand for the second. */
export async function expireOn(context: Context, ticketId: string): Promise<void> {
  await sql`update verification set state = 'expired' where ticket_id = ${ticketId} and state in ('verified', 'pending')`.execute(
    context.db,
  )
}

/** The trigger on person does not know the moment of the request; this does. */
export async function tellMoment(context: Context, personId: string): Promise<void> {
  await sql`update contact_point set since = ${context.now.toString()} where person_id = ${personId} and since is null`.execute(context.db)
}
