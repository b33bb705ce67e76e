import { sql } from 'kysely'
import type { Linked, TicketLinks } from '../../../contract/relations.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, notFound, Problem } from '../../kernel/problem.ts'
import { accessTicket, type TicketFacts } from './access.ts'
import { wireTime } from './access-messages.ts'
import { type TicketRight, visibleAsStaff } from './access-visibility.ts'
import { type LinkKind, relationOf, undoDays } from './rules-relations.ts'

/** What a ticket hangs together with, for staff. A ticket that the reader may not see is neither shown nor counted. */
const mostLinks = 100
const mostChildren = 200

/** Links, merging and splitting are the staff's business: who sees the ticket as its requester alone is told nothing of it. */
export async function accessAsStaff(context: Context, id: string): Promise<Granted<TicketFacts, 'ticket.see'>> {
  const ticket = await accessTicket(context, id, 'ticket.see')
  if (!ticket.as_staff) throw notFound()
  return ticket
}

/** The other ticket, named in a field: not there, or not to be seen, is said beside the field. */
export async function accessOther<R extends TicketRight>(
  context: Context,
  id: string,
  right: R,
  field: string,
): Promise<Granted<TicketFacts, R>> {
  try {
    const ticket = await accessTicket(context, id, right)
    if (!ticket.as_staff) throw notFound()
    return ticket
  } catch (cause) {
    if (cause instanceof Problem && cause.code === 'not_found')
      throw invalid(field, 'unknown', 'There is no such ticket, or you may not see it. Choose another.')
    throw cause
  }
}

/** Not locked: two people who link the same two tickets crosswise would wait for each other for ever. */
export async function accessToLink(context: Context, id: string, field: string): Promise<Granted<TicketFacts, 'ticket.see'>> {
  const ticket = await accessOther(context, id, 'ticket.see', field)
  if (ticket.merged_into_id === null) return ticket
  throw new Problem('ticket_merged', `This ticket was merged into ${ticket.merged_into_id}.`, {
    details: { mergedInto: ticket.merged_into_id },
  })
}

const other = (context: Context) => sql`json_build_object('id', t.id::text, 'number', t.id, 'subject', t.subject, 'meaning', t.meaning,
  'status', s.name ->> ${context.actor.language}, 'requester', json_build_object('id', t.requester_id::text, 'name', firstline.name_of(t.requester_id)),
  'assignee', case when t.assignee_id is null then null else json_build_object('id', t.assignee_id::text, 'name', firstline.name_of(t.assignee_id)) end)`

type Row = { id: string; kind: LinkKind; forward: boolean; ticket: Linked['ticket'] }
const asLinked = ({ id, kind, forward, ticket }: Row): Linked => ({ id, relation: relationOf(kind, forward), ticket })

async function linksOf(context: Context, ticketId: string): Promise<Linked[]> {
  const found = await sql<Row>`select l.id, l.kind, l.from_id = ${ticketId} as forward, ${other(context)} as ticket
    from ticket_link l join ticket t on t.id = case when l.from_id = ${ticketId} then l.to_id else l.from_id end join status s on s.id = t.status_id
    where (l.from_id = ${ticketId} or (l.to_id = ${ticketId} and l.kind <> 'child')) and t.deleted_at is null and ${visibleAsStaff(context.actor)}
    order by l.id limit ${sql.lit(mostLinks)}`.execute(context.db)
  return found.rows.map(asLinked)
}

type Children = { items: Linked[]; open: number; total: number }
async function childrenOf(context: Context, ticketId: string): Promise<Children> {
  const found = await sql<Row & { open: number; total: number }>`select l.id, l.kind, false as forward, ${other(context)} as ticket,
      (count(*) filter (where t.meaning not in ('resolved', 'closed', 'cancelled')) over ())::int as open, (count(*) over ())::int as total
    from ticket_link l join ticket t on t.id = l.from_id join status s on s.id = t.status_id
    where l.to_id = ${ticketId} and l.kind = 'child' and t.deleted_at is null and ${visibleAsStaff(context.actor)}
    order by t.meaning in ('resolved', 'closed', 'cancelled'), t.id limit ${sql.lit(mostChildren)}`.execute(context.db)
  const first = found.rows[0]
  return { items: found.rows.map(asLinked), open: first?.open ?? 0, total: first?.total ?? 0 }
}

async function mergedInto(context: Context, ticketId: string): Promise<TicketLinks['merged']> {
  const found = await sql<
    TicketLinks['merged'][number]
  >`select g.id as "mergeId", json_build_object('id', t.id::text, 'number', t.id, 'subject', t.subject) as ticket,
      ${wireTime('g.at')} as at, case when g.by_id is null then null else json_build_object('id', g.by_id::text, 'name', firstline.name_of(g.by_id)) end as by,
      (select count(*)::int from message m where m.merged_from_id = t.id and m.withdrawn_at is null) as messages,
      case when g.at > ${context.now.toString()}::timestamptz - make_interval(days => ${sql.lit(undoDays)}) then ${sql.raw(`to_char((g.at + interval '${undoDays} days') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`)} end as "undoUntil"
    from ticket_merge g join ticket t on t.id = g.from_id
    where g.into_id = ${ticketId} and g.undone_at is null and ${visibleAsStaff(context.actor)} order by g.id limit 50`.execute(context.db)
  return found.rows
}

export async function readLinks(context: Context, ticket: Granted<TicketFacts, TicketRight>): Promise<TicketLinks> {
  const links = await linksOf(context, ticket.id)
  const children = await childrenOf(context, ticket.id)
  const merged = await mergedInto(context, ticket.id)
  const edit = ticket.meaning !== 'closed' && ticket.deleted_at === null && ticket.merged_into_id === null
  return { links, children: children.items, childrenOpen: children.open, childrenTotal: children.total, merged, can: { edit } }
}

/** The open children that the actor may work on, oldest first. */
export async function openChildren(context: Context, ticketId: string): Promise<string[]> {
  const found = await sql<{ id: string }>`select t.id from ticket_link l join ticket t on t.id = l.from_id
    where l.to_id = ${ticketId} and l.kind = 'child' and t.meaning not in ('resolved', 'closed', 'cancelled') and t.deleted_at is null
      and t.merged_into_id is null and ${visibleAsStaff(context.actor)} order by t.id limit ${sql.lit(mostChildren)}`.execute(context.db)
  return found.rows.map((row) => row.id)
}

/** What blocks it and is not finished, as far as the actor may see it. */
export async function openBlockers(context: Context, ticketId: string): Promise<{ id: string; subject: string }[]> {
  const found = await sql<{ id: string; subject: string }>`select t.id, t.subject from ticket_link l join ticket t on t.id = l.from_id
    where l.to_id = ${ticketId} and l.kind = 'blocks' and t.meaning not in ('resolved', 'closed', 'cancelled') and t.deleted_at is null
      and t.merged_into_id is null and ${visibleAsStaff(context.actor)} order by t.id limit 20`.execute(context.db)
  return found.rows
}

export type LinkFacts = { id: string; from_id: string; to_id: string; kind: LinkKind }
export async function accessLink(context: Context, ticket: Granted<TicketFacts, 'ticket.edit'>, id: string): Promise<LinkFacts> {
  const found = await sql<LinkFacts>`select l.id, l.from_id, l.to_id, l.kind from ticket_link l
    join ticket t on t.id = case when l.from_id = ${ticket.id} then l.to_id else l.from_id end
    where l.id = ${id} and ${ticket.id} in (l.from_id, l.to_id) and ${visibleAsStaff(context.actor)}`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}
