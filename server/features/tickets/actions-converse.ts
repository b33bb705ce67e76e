import { sql } from 'kysely'
import type { z } from 'zod'
import type { Meaning, tickets } from '../../../contract/tickets.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notAllowed, notFound, Problem } from '../../kernel/problem.ts'
import { undoSecondsOf } from '../people/access-me.ts'
import { accessTicket, type TicketFacts } from './access.ts'
import { refuseMove, statusFor } from './access-statuses.ts'
import { setCopies } from './actions-care.ts'
import { ownFieldsAfter } from './actions-fields.ts'
import { takeBackStatus } from './actions-undo.ts'
import { insertTouching, type NewMessage, type TicketTouch } from './actions-writing.ts'
import { isFinished, mayMove, meaningAfterRequesterWrote, meaningAfterStaffWrote, waitingAfter } from './rules.ts'
import './events.ts'

type Input = z.output<(typeof tickets)['POST /api/tickets/:id/replies']['body']>
type Conversable = Granted<TicketFacts, 'ticket.reply' | 'ticket.note'>

/** Adds a message to a ticket from any channel, with what it changes there, and tells the rest of the product. */
export async function addMessage(
  context: Context,
  ticket: Conversable,
  message: NewMessage,
  more: { statusId?: string | undefined; countsAsAnswer?: boolean } = {},
): Promise<string> {
  const touch = touchOf(context, ticket, message, more)
  const { id, ...after } = await insertTouching(context, ticket, message, touch)
  await context.record({
    type: 'ticket.replied',
    subject: { kind: 'message', id },
    ticketId: ticket.id,
    organisationId: ticket.organisation_id,
    audience: message.audience,
    data: {
      messageId: id,
      direction: message.direction,
      internal: message.audience === 'staff',
      kind: message.kind,
      inboundMailId: message.inboundMailId ?? null,
      undoUntil: message.undoUntil ?? null,
    },
    carry: {
      subject: ticket.subject,
      body: message.body,
      teamId: ticket.team_id,
      assigneeId: ticket.assignee_id,
      requesterId: ticket.requester_id,
      organisationId: ticket.organisation_id,
      authorId: message.authorId,
    },
  })
  if (touch.reopened) await recordReopened(context, ticket, id)
  else if (after.statusId !== ticket.status_id) await recordStatus(context, ticket, after)
  return id
}

/** Automatic mail and bounces change no state and are nobody's answer. */
function touchOf(
  context: Context,
  ticket: TicketFacts,
  message: NewMessage,
  more: { statusId?: string | undefined; countsAsAnswer?: boolean },
): TicketTouch {
  const waiting = ticket.waiting_since?.toString() ?? null
  const inert = message.automatic || message.bounce || message.unverified || more.countsAsAnswer === false
  if (inert || message.direction === 'inside')
    return { meaning: null, waitingSince: waiting, firstAnswered: false, ...(more.statusId ? { statusId: more.statusId } : {}) }
  const at = message.at ?? context.now.toString()
  if (message.direction === 'in') {
    const meaning = meaningAfterRequesterWrote(ticket.meaning)
    return {
      meaning,
      waitingSince: waitingAfter(waiting, 'requester', at),
      firstAnswered: false,
      reopened: meaning !== null && isFinished(ticket.meaning),
    }
  }
  return {
    meaning: meaningAfterStaffWrote(ticket.meaning),
    waitingSince: waitingAfter(waiting, 'staff', at),
    firstAnswered: true,
    ...(more.statusId ? { statusId: more.statusId } : {}),
  }
}

const recordReopened = (context: Context, ticket: TicketFacts, messageId: string) =>
  context.record({
    type: 'ticket.reopened',
    subject: { kind: 'ticket', id: ticket.id },
    ticketId: ticket.id,
    organisationId: ticket.organisation_id,
    audience: 'everyone',
    data: { messageId },
  })
function recordStatus(context: Context, ticket: TicketFacts, after: { statusId: string; meaning: Meaning }): Promise<void> {
  const changes: Record<string, [unknown, unknown]> = { status_id: [ticket.status_id, after.statusId] }
  if (after.meaning !== ticket.meaning) changes.meaning = [ticket.meaning, after.meaning]
  return context.record({
    type: 'ticket.changed',
    subject: { kind: 'ticket', id: ticket.id },
    ticketId: ticket.id,
    organisationId: ticket.organisation_id,
    audience: 'everyone',
    data: { changes },
  })
}

/** POST /api/tickets/:id/replies, by staff or by the requester's side. */
export async function replyToTicket(context: Context, id: string, input: Input): Promise<{ messageId: string; asStaff: boolean }> {
  const ticket = await accessTicket(context, id, input.internal || input.kind === 'phone' ? 'ticket.note' : 'ticket.reply')
  // Staff who write from the portal about their own request write as the one who asks.
  const own = input.kind === 'portal' && (ticket.requester_id === context.actor.id || ticket.on_behalf_of_id === context.actor.id)
  const asStaff = ticket.as_staff && !own
  if (asStaff) refuseBehind(ticket, input.seenMessageId)
  if (
    !asStaff &&
    (input.internal ||
      input.to ||
      input.cc ||
      input.mentions ||
      input.mentionTeamIds ||
      input.statusId ||
      input.phone ||
      input.kind === 'note')
  )
    throw notAllowed()
  const statusId = input.statusId === undefined ? undefined : await movedStatus(context, ticket, input.statusId)
  if (asStaff && input.cc) await setCopies(context, ticket as never, input.cc)
  const messageId = await addMessage(
    context,
    ticket,
    asStaff ? await staffMessage(context, ticket, input) : requesterMessage(context, input),
    { statusId },
  )
  const mentioned = await mentionedBy(context, input)
  if (mentioned.length > 0)
    await context.record({
      type: 'ticket.mentioned',
      subject: { kind: 'message', id: messageId },
      ticketId: id,
      organisationId: ticket.organisation_id,
      audience: 'staff',
      data: { messageId, personIds: mentioned },
    })
  return { messageId, asStaff }
}

/** People by name, and who is in the teams that were named. Who does not see the ticket is not told (notices). */
async function mentionedBy(context: Context, { mentions = [], mentionTeamIds = [] }: Input): Promise<string[]> {
  if (mentionTeamIds.length === 0) return mentions
  const found = await sql<{
    id: string
  }>`select distinct person_id as id from team_member where team_id = any(${mentionTeamIds}::bigint[]) limit 200`.execute(context.db)
  return [...new Set([...mentions, ...found.rows.map((row) => row.id)])]
}

/** Somebody wrote while this was being written: the writer is warned once, with the newer message's id. */
function refuseBehind(ticket: TicketFacts, seen: string | null | undefined): void {
  if (seen === undefined || seen === null || ticket.last_message_id === null || BigInt(ticket.last_message_id) <= BigInt(seen)) return
  throw new Problem('newer_message', 'There is a newer message. Read it, then send again.', {
    details: { lastMessageId: ticket.last_message_id },
  })
}

async function movedStatus(context: Context, ticket: TicketFacts, statusId: string): Promise<string> {
  const status = await statusFor(context, ticket, { id: statusId })
  if (!mayMove(ticket.meaning, status.meaning))
    throw new Problem('status_move_refused', `A ticket does not go from "${ticket.meaning}" to "${status.meaning}" this way.`)
  refuseMove(ticket, status)
  if (status.asks && status.meaning !== ticket.meaning)
    await ownFieldsAfter(context, ticket, { given: undefined, entering: status.meaning })
  return status.id
}

async function staffMessage(context: Context, ticket: TicketFacts, input: Input): Promise<NewMessage> {
  const { actor } = context
  const common = {
    authorId: actor.id,
    from: { name: actor.name, email: actor.email ?? '' },
    body: input.body,
    subject: ticket.subject,
    ...(input.uploadIds ? { uploadIds: input.uploadIds } : {}),
  }
  if (input.internal) return { ...common, kind: 'note', direction: 'inside', audience: 'staff' }
  if (input.kind === 'phone')
    return { ...common, kind: 'phone', direction: input.phone?.direction === 'in' ? 'in' : 'out', audience: 'everyone' }
  const [contacts, undoSeconds] = await Promise.all([contactsOf(context, ticket), undoSecondsOf(context)])
  const to = input.to?.length ? input.to.map((email) => ({ name: '', email })) : contacts.to
  const undoUntil = context.now.add({ seconds: undoSeconds }).toString()
  return {
    ...common,
    kind: 'mail',
    direction: 'out',
    audience: 'everyone',
    to,
    cc: contacts.cc.filter((c) => !to.some((t) => t.email === c.email)),
    delivery: to.length > 0 ? 'waiting' : null,
    undoUntil,
  }
}

const requesterMessage = (context: Context, input: Input): NewMessage => ({
  kind: context.actor.tokenId === null ? 'portal' : 'api',
  direction: 'in',
  audience: 'everyone',
  authorId: context.actor.id,
  from: { name: context.actor.name, email: context.actor.email ?? '' },
  body: input.body,
  ...(input.uploadIds ? { uploadIds: input.uploadIds } : {}),
})

/** Whoever asked, and the copies. */
async function contactsOf(context: Context, ticket: TicketFacts): Promise<Record<'to' | 'cc', { name: string; email: string }[]>> {
  const askers = [ticket.requester_id, ticket.on_behalf_of_id].filter((id) => id !== null)
  const found = await sql<{ name: string; email: string; field: 'to' | 'cc' }>`
    select name, email::text as email, 'to' as field, id from person where id = any(${askers}::bigint[]) and email is not null
    union all select p.name, p.email::text, 'cc', p.id from ticket_person tp join person p on p.id = tp.person_id
      where tp.ticket_id = ${ticket.id} and tp.role = 'cc' and p.email is not null order by id`.execute(context.db)
  const of = (wanted: string) => found.rows.filter(({ field }) => field === wanted).map(({ name, email }) => ({ name, email }))
  return { to: of('to'), cc: of('cc') }
}

/** Takes back an own answer within the undo time; the mail feature withdraws its mail in the same transaction. */
export async function withdrawReply(context: Context, messageId: string): Promise<{ body: string }> {
  const found = await sql<{
    ticket_id: string
    body: string
    author_id: string | null
    undo_until: unknown
    delivery: string | null
    in_time: boolean
  }>`
    select m.ticket_id, m.body, m.author_id, m.delivery, m.undo_until > ${context.now.toString()}::timestamptz as in_time from message m
    where m.id = ${messageId} and m.withdrawn_at is null for update`.execute(context.db)
  const message = found.rows[0]
  if (!message || message.author_id !== context.actor.id) throw notFound()
  const ticket = await accessTicket(context, message.ticket_id, 'ticket.reply')
  if (!message.in_time || message.delivery !== 'waiting')
    throw new Problem('undo_too_late', 'The undo time is over: the mail is on its way.')
  await sql`update message set withdrawn_at = ${context.now.toString()}, delivery = 'withdrawn' where id = ${messageId}`.execute(context.db)
  await sql`update ticket t set last_message_id = l.id, last_message_at = l.at, waiting_since = w.since,
      first_answered_at = (select min(m.at) from message m where m.ticket_id = t.id and m.direction = 'out' and m.audience = 'everyone' and m.withdrawn_at is null)
    from (select id, at from message where ticket_id = ${ticket.id} and withdrawn_at is null order by id desc limit 1) l,
      (select min(m.at) as since from message m where m.ticket_id = ${ticket.id} and m.direction = 'in' and m.withdrawn_at is null and m.automatic is null and m.bounce is null
        and m.id > coalesce((select max(o.id) from message o where o.ticket_id = ${ticket.id} and o.direction = 'out' and o.audience = 'everyone' and o.withdrawn_at is null), 0)) w
    where t.id = ${ticket.id}`.execute(context.db)
  await takeBackStatus(context, ticket, messageId)
  await context.record({
    type: 'ticket.reply-withdrawn',
    subject: { kind: 'message', id: messageId },
    ticketId: ticket.id,
    organisationId: ticket.organisation_id,
    audience: 'staff',
    data: { messageId },
  })
  return { body: message.body }
}
