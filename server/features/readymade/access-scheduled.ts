import { sql } from 'kysely'
import type { ScheduledReply } from '../../../contract/scheduled.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notAllowed, notFound } from '../../kernel/problem.ts'
import { accessTicket, type TicketFacts } from '../tickets/access.ts'
import { wireTime } from '../tickets/access-messages.ts'

/** A reply that waits belongs to its ticket: who sees the ticket as staff sees it; only its writer changes its words. */
export type ScheduledFacts = {
  id: string
  version: number
  ticket_id: string
  author_id: string
  body: string
  recipients: string[] | null
  copies: string[] | null
  upload_ids: string[]
}
export type ScheduledRight = 'scheduled.edit' | 'scheduled.settle'

export async function accessScheduled<R extends ScheduledRight>(
  context: Context,
  id: string,
  right: R,
): Promise<Granted<ScheduledFacts, R> & { ticket: Granted<TicketFacts, 'ticket.note'> }> {
  const found = await sql<ScheduledFacts>`select id, version, ticket_id, author_id, body, recipients, copies, upload_ids
    from scheduled_reply where id = ${id} and state = 'waiting' for update`.execute(context.db)
  const row = found.rows[0]
  if (!row) throw notFound()
  const ticket = await accessTicket(context, row.ticket_id, 'ticket.note')
  if (right === 'scheduled.edit' && row.author_id !== context.actor.id)
    throw notAllowed('Only its writer changes the words. Cancel it, and write your own.')
  return { ...row, ticket } as unknown as Granted<ScheduledFacts, R> & { ticket: Granted<TicketFacts, 'ticket.note'> }
}

type Zones = { requester: string | null; mine: string | null }

export async function scheduledOf(
  context: Context,
  ticket: Granted<TicketFacts, 'ticket.note'>,
): Promise<{ items: ScheduledReply[]; zones: Zones }> {
  const zone = await sql<{ zone: string | null }>`select time_zone as zone from person where id = ${ticket.requester_id}`.execute(
    context.db,
  )
  return {
    items: await scheduledReplies(context, ticket.id),
    zones: { requester: zone.rows[0]?.zone ?? null, mine: context.actor.timeZone },
  }
}

export async function scheduledReplies(context: Context, ticketId: string, only = sql``): Promise<ScheduledReply[]> {
  const found =
    await sql<ScheduledReply>`select s.id, s.version, json_build_object('id', s.author_id::text, 'name', firstline.name_of(s.author_id)) as author, s.body,
      coalesce(s.recipients, '{}') as to, s.copies as cc, cardinality(s.upload_ids) as files, ${wireTime('s.send_at')} as "sendAt", ${wireTime('s.created_at')} as "createdAt",
      json_build_object('edit', s.author_id = ${context.actor.id}, 'send', true) as can
    from scheduled_reply s where s.ticket_id = ${ticketId} and s.state = 'waiting' ${only} order by s.send_at, s.id limit 50`.execute(
      context.db,
    )
  return found.rows
}

export async function readScheduled(context: Context, ticketId: string, id: string): Promise<ScheduledReply> {
  const [row] = await scheduledReplies(context, ticketId, sql`and s.id = ${id}`)
  if (!row) throw notFound()
  return row
}
