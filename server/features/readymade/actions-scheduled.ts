import { sql } from 'kysely'
import type { z } from 'zod'
import type { scheduled } from '../../../contract/scheduled.ts'
import { type Instant, Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { job } from '../../kernel/jobs.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { actingAs, actorOfPerson } from '../mail/access-agent.ts'
import type { TicketFacts } from '../tickets/access.ts'
import { replyToTicket } from '../tickets/actions-converse.ts'
import { readScheduled, type ScheduledFacts } from './access-scheduled.ts'
import { keepAsDraft } from './actions-drafts.ts'
import type { DroppedWhy } from './events.ts'

/**
 * Replies that go out later. A row that waits is sent once: whoever sets its state from waiting sends it, in the same
 * transaction. If the requester writes before, or the ticket is closed, the text goes back to its writer as a draft,
 * because it answers what is no longer the question.
 */
declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'readymade.send-reply': { id: string }
  }
}
type Input = z.output<(typeof scheduled)['POST /api/tickets/:id/scheduled-replies']['body']>
type Change = z.output<(typeof scheduled)['PATCH /api/scheduled-replies/:id']['body']>

const about = (ticket: { id: string; organisation_id: string | null }) => ({
  subject: { kind: 'ticket', id: ticket.id },
  ticketId: ticket.id,
  organisationId: ticket.organisation_id,
  audience: 'staff' as const,
})

export async function scheduleReply(context: Context, ticket: Granted<TicketFacts, 'ticket.reply'>, input: Input): Promise<string> {
  const at = laterThanNow(context, input.sendAt)
  await keepUploads(context, input.uploadIds, at)
  const made = await sql<{
    id: string
  }>`insert into scheduled_reply (ticket_id, author_id, body, recipients, copies, upload_ids, send_at, created_at)
    values (${ticket.id}, ${context.actor.id}, ${input.body}, ${input.to ?? null}, ${input.cc ?? null}, ${input.uploadIds}::bigint[], ${at.toString()}, ${context.now.toString()})
    returning id`.execute(context.db)
  const id = made.rows[0]!.id
  sendAt(context, id, at)
  await context.record({ type: 'ticket.reply-scheduled', ...about(ticket), data: { scheduledId: id, sendAt: at.toString() } })
  return id
}

const sendAt = (context: Context, id: string, at: Instant) =>
  context.later(job('readymade.send-reply', { id }, { at, key: `readymade.send-reply:${id}`, attempts: 20 }))

function laterThanNow(context: Context, sendAtInput: string): Instant {
  const at = Temporal.Instant.from(sendAtInput)
  const ahead = at.epochMilliseconds - context.now.epochMilliseconds
  if (ahead <= 0) throw invalid('sendAt', 'past', 'This time is over. Choose one that is still to come.')
  if (ahead > 366 * 86_400_000) throw invalid('sendAt', 'too_far', 'Choose a time within a year.')
  return at
}

/** Uploads are swept after a day; those of a waiting reply are kept until well after its time. */
async function keepUploads(context: Context, ids: string[], at: Instant): Promise<void> {
  if (ids.length === 0) return
  const kept = await sql`update attachment set kept_until = ${at.add({ hours: 72 }).toString()} where id = any(${ids}::bigint[])
    and message_id is null and uploaded_by_id = ${context.actor.id}`.execute(context.db)
  if (kept.numAffectedRows !== BigInt(new Set(ids).size))
    throw invalid('uploadIds', 'unknown', 'One of the files is no longer there. Attach it again.')
}

type Editable = Granted<ScheduledFacts, 'scheduled.edit'> & { ticket: TicketFacts }
export async function changeScheduled(context: Context, row: Editable, version: number, change: Change): Promise<void> {
  if (row.version !== version)
    throw new Problem('version_stale', 'This was changed meanwhile.', {
      details: { current: await readScheduled(context, row.ticket_id, row.id) },
    })
  const at = change.sendAt === undefined ? undefined : laterThanNow(context, change.sendAt)
  const changed = await sql<{
    send_at: Instant
  }>`update scheduled_reply set version = version + 1, body = coalesce(${change.body ?? null}, body),
    send_at = coalesce(${at?.toString() ?? null}::timestamptz, send_at) where id = ${row.id} returning send_at`.execute(context.db)
  if (at !== undefined) {
    await keepUploads(context, row.upload_ids, at)
    sendAt(context, row.id, at)
  }
  const due = changed.rows[0]!.send_at.toString()
  await context.record({ type: 'ticket.scheduled-changed', ...about(row.ticket), data: { scheduledId: row.id, sendAt: due } })
}

export async function cancelScheduled(
  context: Context,
  row: Granted<ScheduledFacts, 'scheduled.settle'> & { ticket: TicketFacts },
): Promise<void> {
  if (!(await settle(context, row.id, 'cancelled'))) return
  await keepAsDraft(context, row)
  await context.record({ type: 'ticket.scheduled-cancelled', ...about(row.ticket), data: { scheduledId: row.id } })
}

/** True for the one who settles it; everybody else comes too late. */
async function settle(context: Context, id: string, state: 'sent' | 'dropped' | 'cancelled'): Promise<boolean> {
  const done =
    await sql`update scheduled_reply set state = ${state}, settled_at = ${context.now.toString()} where id = ${id} and state = 'waiting'`.execute(
      context.db,
    )
  return done.numAffectedRows === 1n
}

/** In the name of its writer and with their rights of today, whoever pressed "Send now". */
export async function sendScheduled(context: Context, row: ScheduledFacts): Promise<string | null> {
  if (!(await settle(context, row.id, 'sent'))) return null
  const writer = await actorOfPerson(context, row.author_id)
  const { messageId } = await actingAs(context, writer, (own) =>
    replyToTicket(own, row.ticket_id, {
      body: row.body,
      internal: false,
      uploadIds: row.upload_ids,
      ...(row.recipients === null ? {} : { to: row.recipients }),
      ...(row.copies === null ? {} : { cc: row.copies }),
    }),
  )
  await sql`update scheduled_reply set message_id = ${messageId} where id = ${row.id}`.execute(context.db)
  return messageId
}

/** The job: idempotent, because only a row that still waits, and whose time has come, is sent. */
export async function sendIfDue(context: Context, id: string): Promise<'sent' | 'not-due'> {
  const found =
    await sql<ScheduledFacts>`select id, version, ticket_id, author_id, body, recipients, copies, upload_ids from scheduled_reply
    where id = ${id} and state = 'waiting' and send_at <= ${context.now.toString()}::timestamptz for update skip locked`.execute(context.db)
  if (!found.rows[0]) return 'not-due'
  await sendScheduled(context, found.rows[0])
  return 'sent'
}

type Dropped = Omit<ScheduledFacts, 'version'> & { organisation_id: string | null }

/** What waits on this ticket goes back to its writers; an out-of-office note or a bounce overtakes nothing. */
export async function dropScheduled(
  context: Context,
  ticketId: string,
  why: DroppedWhy,
  { overtakenBy = null, one = null }: { overtakenBy?: string | null; one?: string | null } = {},
): Promise<void> {
  const dropped =
    await sql<Dropped>`select * from firstline.drop_scheduled(${ticketId}, ${context.now.toString()}, ${overtakenBy}, ${one})`.execute(
      context.db,
    )
  for (const row of dropped.rows) {
    await keepAsDraft(context, row)
    await context.record({
      type: 'ticket.scheduled-dropped',
      ...about({ id: ticketId, organisation_id: row.organisation_id }),
      data: { scheduledId: row.id, personId: row.author_id, why },
    })
  }
}

export async function dropOne(context: Context, id: string): Promise<void> {
  const found = await sql<{ ticket_id: string }>`select ticket_id from scheduled_reply where id = ${id} and state = 'waiting'`.execute(
    context.db,
  )
  if (found.rows[0]) await dropScheduled(context, found.rows[0].ticket_id, 'not-possible', { one: id })
}

/** Overdue for two minutes and still waiting. */
export async function forgottenReplies(context: Context): Promise<string[]> {
  const found = await sql<{ id: string }>`select id from scheduled_reply where state = 'waiting'
    and send_at < ${context.now.toString()}::timestamptz - interval '2 minutes' order by send_at limit 200`.execute(context.db)
  return found.rows.map((row) => row.id)
}
