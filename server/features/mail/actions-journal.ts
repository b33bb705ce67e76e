import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { job } from '../../kernel/jobs.ts'
import { Problem } from '../../kernel/problem.ts'
import { accessTicket } from '../tickets/access.ts'
import { openTicket } from '../tickets/actions-create.ts'
import { moveMessage } from '../tickets/actions-joining.ts'
import { accessOutMail, type JournalFacts } from './access-journal.ts'
import { sendJob } from './actions-outbox.ts'
import './events.ts'

/** What people do with the journal and the outbox; each act is an event. */
type Entry = Granted<JournalFacts, 'quarantine.open'>
const about = (entry: JournalFacts) => ({
  subject: { kind: 'inbound-mail', id: entry.id },
  ticketId: entry.ticketId,
  audience: 'staff' as const,
})

export const recordOpened = (context: Context, entry: Entry, how: 'text' | 'raw'): Promise<void> =>
  context.record({ type: 'mail.opened', ...about(entry), data: { how } })

/** Judged anew by the job, with whatever has changed since. What already is a message would become a second one. */
export async function replayMail(context: Context, entry: Entry): Promise<void> {
  await judgeAnew(context, entry, { replayedAt: context.now.toString() })
  await context.record({ type: 'mail.replayed', ...about(entry), data: {} })
}

/** Lets a mail in that waited in quarantine: into a ticket that the releaser may answer, or as a new one. */
export async function releaseMail(context: Context, entry: Entry, ticketId: string | null): Promise<void> {
  if (ticketId !== null) await accessTicket(context, ticketId, 'ticket.reply')
  await judgeAnew(context, entry, { release: { ticketId, by: context.actor.id } })
  await context.record({ type: 'mail.released', ...about(entry), data: { toTicketId: ticketId } })
}

async function judgeAnew(context: Context, entry: Entry, why: Record<string, unknown>): Promise<void> {
  if (entry.sha256 === null) throw new Problem('not_found', 'The mail was erased with its ticket; only this line is left.')
  if (entry.verdict === 'alert') throw new Problem('still_in_use', 'This mail was told to its alert source already.')
  if (entry.createdMessageId !== null || entry.reason === 'side' || entry.verdict === 'pending')
    throw new Problem('still_in_use', 'This mail is part of a ticket already. Move it instead.')
  await sql`update inbound_mail set verdict = 'pending', reason = '', attempts = 0, judged_at = null, ticket_id = null, detail = ${JSON.stringify(why)}::jsonb where id = ${entry.id}`.execute(
    context.db,
  )
  context.later(job('mail.judge', { inboundMailId: entry.id }, { key: `mail.judge:${entry.id}` }))
}

/** Re-threads: the message moves, and every later mail of its thread follows it. */
export async function rethreadMail(context: Context, entry: Entry, ticketId: string | null): Promise<void> {
  const { createdMessageId: messageId, ticketId: fromId } = entry
  if (messageId === null || fromId === null) throw new Problem('still_in_use', 'No message came of this mail. Release or replay it.')
  if (ticketId === fromId) return
  const from = await accessTicket(context, fromId, 'ticket.note')
  const moved =
    ticketId === null ? await moveToNew(context, messageId) : { messageId, ticketId: await moveInto(context, messageId, from, ticketId) }
  await sql`update inbound_mail set ticket_id = ${moved.ticketId}, created_message_id = ${moved.messageId}, verdict = ${ticketId === null ? 'created' : 'followed-up'}, reason = 'rethreaded' where id = ${entry.id}`.execute(
    context.db,
  )
  await sql`update known_message set ticket_id = ${moved.ticketId}, created_message_id = ${moved.messageId} where created_message_id = ${messageId}
    and not exists (select 1 from known_message k where k.message_id = known_message.message_id and k.ticket_id = ${moved.ticketId})`.execute(
    context.db,
  )
  await context.record({
    type: 'mail.rethreaded',
    ...about(entry),
    ticketId: moved.ticketId,
    data: { messageId: moved.messageId, fromTicketId: fromId },
  })
}

async function moveInto(
  context: Context,
  messageId: string,
  from: Awaited<ReturnType<typeof accessTicket<'ticket.note'>>>,
  ticketId: string,
): Promise<string> {
  const to = await accessTicket(context, ticketId, 'ticket.reply')
  await moveMessage(context, messageId, from, to)
  return to.id
}

type Copied = {
  ticket_id: string
  at: string
  author_id: string | null
  from_name: string
  from_address: string
  recipients: { to: never[]; cc: never[] }
  subject: string
  body: string
  visible_body: string
  html: string | null
  automatic: string | null
  unverified: string | null
  audience: 'everyone' | 'staff'
  inbound_mail_id: string | null
  requester_id: string
  organisation_id: string | null
  mailbox_id: string | null
  language: string
}

/** A ticket begins with its first message, so the words are written anew there and the old message is shown to nobody. */
async function moveToNew(context: Context, messageId: string): Promise<{ messageId: string; ticketId: string }> {
  const found =
    await sql<Copied>`select m.ticket_id, m.at::text as at, m.author_id, m.from_name, m.from_address, m.recipients, m.subject, m.body, m.visible_body, m.html, m.automatic, m.unverified, m.audience, m.inbound_mail_id,
      coalesce(m.author_id, t.requester_id) as requester_id, t.organisation_id, t.mailbox_id, t.language
    from message m join ticket t on t.id = m.ticket_id where m.id = ${messageId}`.execute(context.db)
  const m = found.rows[0]!
  const made = await openTicket(
    context,
    {
      kind: 'incident',
      subject: m.subject,
      impact: 1,
      urgency: 1,
      categoryId: null,
      channel: 'mail',
      requesterId: m.requester_id,
      onBehalfOfId: null,
      organisationId: m.organisation_id,
      siteId: null,
      teamId: null,
      assigneeId: null,
      mailboxId: m.mailbox_id,
      language: m.language,
      tags: [],
      acknowledge: false,
    },
    {
      kind: 'mail',
      direction: 'in',
      audience: m.audience,
      authorId: m.author_id,
      from: { name: m.from_name, email: m.from_address },
      ...m.recipients,
      subject: m.subject,
      body: m.body,
      visibleBody: m.visible_body,
      html: m.html,
      automatic: m.automatic,
      unverified: m.unverified,
      inboundMailId: m.inbound_mail_id,
      at: m.at,
    },
  )
  await sql`update attachment set message_id = ${made.messageId} where message_id = ${messageId}`.execute(context.db)
  await sql`update message set withdrawn_at = ${context.now.toString()} where id = ${messageId}`.execute(context.db)
  await moveMessage(context, messageId, await accessTicket(context, m.ticket_id, 'ticket.note'), {
    id: m.ticket_id,
    organisation_id: m.organisation_id,
  })
  return { messageId: made.messageId, ticketId: made.id }
}

const mayRetry = ['failed', 'partly', 'held', 'uncertain']

/** Once more, to those who have not got it. */
export async function retryMail(context: Context, id: string): Promise<void> {
  const mail = await accessOutMail(context, id)
  if (!mayRetry.includes(mail.state))
    throw new Problem('status_move_refused', 'Only a mail that failed, is held or uncertain can be tried again.')
  await sql`update outbound_mail set state = 'ready', attempts = 0, uncertain_at = null, not_before = ${context.now.toString()} where id = ${mail.id}`.execute(
    context.db,
  )
  await sql`update outbound_recipient set state = 'pending', answer = '' where outbound_mail_id = ${mail.id} and state <> 'sent'`.execute(
    context.db,
  )
  context.later(sendJob(mail.kind, mail.id))
  await context.record({
    type: 'mail.retried',
    subject: { kind: 'outbound-mail', id: mail.id },
    ticketId: mail.ticketId,
    audience: 'staff',
    data: {},
  })
}
