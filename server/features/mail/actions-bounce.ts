import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { hashOf } from '../../kernel/secrets.ts'
import { accessTicket } from '../tickets/access.ts'
import { addMessage } from '../tickets/actions-converse.ts'
import { tellDelivery } from '../tickets/actions-delivery.ts'
import type { Inbound } from './access-facts.ts'
import type { Outcome } from './actions-settle.ts'
import type { Bounce, ParsedMail } from './parsed-mail.ts'
import { splitAddress } from './reply-address.ts'
import { type RecipientState, stateOf } from './rules.ts'
import './events.ts'

/**
 * A report about a mail of ours finds it by that mail's Message-ID (which nobody can guess) or by the token in the
 * address it came back to. It is shown on the ticket to staff, changes no state, answers nothing, and is answered by nothing.
 */
type Returned = { id: string; kind: string; ticket_id: string | null; created_message_id: string | null }

export async function judgeReport(context: Context, inbound: Inbound, mail: ParsedMail, raw: Buffer): Promise<Outcome | null> {
  const returned = await returnedMail(context, inbound, mail, raw)
  // Without a return path, and it returns a mail of ours: a report in words that we do not know.
  if (!mail.bounce && mail.automatic?.why !== 'feedback-loop')
    return returned?.ticket_id ? joinReport(context, inbound, mail, returned.ticket_id, null, 'report') : null
  if (!mail.bounce)
    return returned?.ticket_id
      ? joinReport(context, inbound, mail, returned.ticket_id, null, 'complaint')
      : { verdict: 'ignored', reason: 'complaint-without-ticket' }
  if (!returned) return isSurelyReport(inbound, mail) ? { verdict: 'bounced', reason: 'unknown-mail', detail: asDetail(mail.bounce) } : null
  await tellRecipients(context, returned, mail.bounce)
  if (returned.ticket_id === null)
    return { verdict: 'bounced', reason: 'own-mail', detail: { ...asDetail(mail.bounce), outboundMailId: returned.id } }
  return joinReport(context, inbound, mail, returned.ticket_id, mail.bounce, 'own-mail')
}

/** A person may write about a bounce; a program that reports one has no return path, or says what it is. */
function isSurelyReport(inbound: Inbound, mail: ParsedMail): boolean {
  const type = mail.headers.get('content-type')?.[0] ?? ''
  return inbound.envelopeFrom === '' || mail.automatic !== null || /multipart\/report/i.test(type) || mail.from === undefined
}

async function returnedMail(context: Context, inbound: Inbound, mail: ParsedMail, raw: Buffer): Promise<Returned | undefined> {
  const ids = [...new Set([...(mail.bounce?.originalMessageIds ?? []), ...idsOfOurMaking(raw)])].slice(0, 200)
  const tokens = [...inbound.envelopeTo, ...mail.to.map((one) => one.address), ...mail.originalRecipients]
    .map((one) => splitAddress(one).token)
    .filter((one) => one !== undefined)
  const hashes = tokens.slice(0, 50).map((token) => hashOf(token).toString('hex'))
  const found = await sql<Returned>`select id, kind, ticket_id, created_message_id from (
      select o.id, o.kind, o.ticket_id, o.created_message_id, 1 as worth from outbound_mail o where o.message_id = any(${ids}::text[])
      union all select o.id, o.kind, o.ticket_id, o.created_message_id, 2 from mail_token m join outbound_mail o on o.id = m.outbound_mail_id
        where m.token_hash = any(array(select decode(h, 'hex') from unnest(${hashes}::text[]) h))) x order by worth, id desc limit 1`.execute(
    context.db,
  )
  return found.rows[0]
}

/** Reports return the mail in many forms; an id of our making stands out wherever it is written. */
function idsOfOurMaking(raw: Buffer): string[] {
  const text = raw
    .subarray(0, 500_000)
    .toString('latin1')
    .replace(/=\r?\n/g, '')
  return [...text.matchAll(/<([0-9a-f]{16}\.[0-9a-f]{32}@[^<>\s]{1,253})>/g)].map((found) => found[1] ?? '')
}

async function joinReport(
  context: Context,
  inbound: Inbound,
  mail: ParsedMail,
  ticketId: string,
  bounce: Bounce | null,
  reason: string,
): Promise<Outcome> {
  const survivor = await sql<{ id: string }>`select firstline.survivor(${ticketId}) as id`.execute(context.db)
  const ticket = await accessTicket(context, survivor.rows[0]?.id ?? ticketId, 'ticket.note')
  const messageId = await addMessage(context, ticket, {
    kind: 'mail',
    direction: 'in',
    audience: 'staff',
    authorId: null,
    from: { name: mail.from?.name ?? '', email: mail.from?.address ?? '' },
    subject: mail.subject,
    body: mail.text,
    visibleBody: mail.visibleText,
    automatic: mail.automatic?.why ?? 'null-sender',
    bounce: bounce ? { recipients: bounce.recipients, hard: bounce.hard, status: bounce.status, reason: bounce.reason } : null,
    inboundMailId: inbound.id,
    homeId: ticket.id === ticketId ? null : ticketId,
    at: inbound.receivedAt,
  })
  return {
    verdict: bounce ? 'bounced' : 'followed-up',
    reason,
    ticketId: ticket.id,
    homeId: ticketId,
    messageId,
    ...(bounce ? { detail: asDetail(bounce) } : {}),
  }
}

const asDetail = (bounce: Bounce) => ({
  recipients: bounce.recipients.slice(0, 20),
  hard: bounce.hard,
  status: bounce.status,
  bounceReason: bounce.reason,
})

type Recipient = { address: string; state: RecipientState }

async function tellRecipients(context: Context, returned: Returned, bounce: Bounce): Promise<void> {
  // 4.x.x: the relay is still trying. It will say when it gives up.
  if (bounce.status.startsWith('4') && !bounce.hard) return
  const answer = `${bounce.status} ${bounce.reason}`.trim()
  await sql`update outbound_recipient set state = 'bounced', answer = ${answer} where outbound_mail_id = ${returned.id}
    and (lower(address::text) = any(${bounce.recipients}::text[]) or (select count(*) from outbound_recipient where outbound_mail_id = ${returned.id}) = 1)`.execute(
    context.db,
  )
  const all =
    await sql<Recipient>`select address::text as address, state from outbound_recipient where outbound_mail_id = ${returned.id}`.execute(
      context.db,
    )
  const state = stateOf(all.rows.map((one) => one.state))
  if (state === 'ready') return
  await sql`update outbound_mail set state = ${state}, last_answer = ${answer} where id = ${returned.id}`.execute(context.db)
  if (returned.kind === 'reply' && returned.created_message_id !== null)
    await tellDelivery(context, returned.created_message_id, state, answer)
  const data = { messageId: returned.created_message_id, outboundMailId: returned.id, bounced: true }
  await context.record({
    type: 'mail.undelivered',
    subject: { kind: 'outbound-mail', id: returned.id },
    ticketId: returned.ticket_id,
    audience: 'staff',
    data,
  })
}
