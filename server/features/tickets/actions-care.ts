import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { personOfSender } from '../people/actions-sender.ts'
import type { TicketFacts } from './access.ts'
import './events.ts'

/** Copies, followers, restriction, reading marks. */
const about = (ticket: TicketFacts) => ({
  subject: { kind: 'ticket', id: ticket.id },
  ticketId: ticket.id,
  organisationId: ticket.organisation_id,
})
export const mostCopies = 20

/** Sets who gets copies. An address of the desk itself is refused (C-034). */
export async function setCopies(context: Context, ticket: Granted<TicketFacts, 'ticket.edit'>, emails: readonly string[]): Promise<void> {
  const wanted: string[] = []
  for (const email of new Set(emails)) wanted.push((await personOfSender(context, { email, name: '', language: ticket.language })).id)
  await writeCopies(
    context,
    ticket,
    wanted.filter((id) => id !== ticket.requester_id),
  )
}

export async function writeCopies(context: Context, ticket: TicketFacts, personIds: string[]): Promise<void> {
  const added = await sql<{ person_id: string }>`insert into ticket_person (ticket_id, person_id, role, since)
    select ${ticket.id}, p, 'cc', ${context.now.toString()} from unnest(${personIds}::bigint[]) p on conflict do nothing returning person_id`.execute(
    context.db,
  )
  const removed = await sql<{ person_id: string }>`delete from ticket_person where ticket_id = ${ticket.id} and role = 'cc'
    and not person_id = any(${personIds}::bigint[]) returning person_id`.execute(context.db)
  if (added.rows.length + removed.rows.length === 0) return
  const ids = (rows: { person_id: string }[]) => rows.map((row) => row.person_id)
  await context.record({
    type: 'ticket.copies-changed',
    ...about(ticket),
    audience: 'staff',
    data: { added: ids(added.rows), removed: ids(removed.rows) },
  })
}

export async function watchTicket(context: Context, ticket: Granted<TicketFacts, 'ticket.note'>, watching: boolean): Promise<void> {
  if (watching)
    await sql`insert into ticket_person (ticket_id, person_id, role, since) values (${ticket.id}, ${context.actor.id}, 'watcher', ${context.now.toString()}) on conflict do nothing`.execute(
      context.db,
    )
  else
    await sql`delete from ticket_person where ticket_id = ${ticket.id} and person_id = ${context.actor.id} and role = 'watcher'`.execute(
      context.db,
    )
}

/** Who restricts stays among the named, so that nobody locks a ticket away from everybody. */
export async function restrictTicket(
  context: Context,
  ticket: Granted<TicketFacts, 'ticket.restrict'>,
  to: { personIds: string[]; teamIds: string[] } | null,
): Promise<void> {
  await sql`delete from ticket_restriction where ticket_id = ${ticket.id}`.execute(context.db)
  await sql`update ticket set restricted_at = ${to === null ? null : context.now.toString()}, version = version + 1 where id = ${ticket.id}`.execute(
    context.db,
  )
  if (to === null) return void (await context.record({ type: 'ticket.unrestricted', ...about(ticket), audience: 'staff', data: {} }))
  const people = [...new Set([...to.personIds, ...(context.actor.id === null ? [] : [context.actor.id])])]
  await sql`insert into ticket_restriction (ticket_id, person_id, team_id)
    select ${ticket.id}::bigint, p, null::bigint from unnest(${people}::bigint[]) p union all select ${ticket.id}, null, x from unnest(${to.teamIds}::bigint[]) x`.execute(
    context.db,
  )
  await context.record({ type: 'ticket.restricted', ...about(ticket), audience: 'staff', data: { personIds: people, teamIds: to.teamIds } })
}

export async function markRead(context: Context, ticket: Granted<TicketFacts, 'ticket.note'>, messageId: string): Promise<void> {
  await sql`insert into ticket_read (person_id, ticket_id, message_id, at) values (${context.actor.id}, ${ticket.id}, ${messageId}, ${context.now.toString()})
    on conflict (person_id, ticket_id) do update set message_id = greatest(ticket_read.message_id, excluded.message_id), at = excluded.at`.execute(
    context.db,
  )
}
export async function markUnread(context: Context, ticket: Granted<TicketFacts, 'ticket.note'>): Promise<void> {
  await sql`delete from ticket_read where person_id = ${context.actor.id} and ticket_id = ${ticket.id}`.execute(context.db)
}
