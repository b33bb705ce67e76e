import { sql } from 'kysely'
import type { z } from 'zod'
import type { category, Meaning } from '../../../contract/tickets.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import type { Audience } from '../../kernel/live.ts'
import { invalid, notAllowed, notFound, Problem } from '../../kernel/problem.ts'
import type { Values } from '../fields/rules.ts'
import { eyes, may, type TicketRight, visibleAsStaff, visibleTo } from './access-visibility.ts'

/** The only place where a ticket is fetched to be acted on: row and right in one query. */
export type TicketFacts = {
  id: string
  version: number
  kind: string
  subject: string
  status_id: string
  meaning: Meaning
  impact: number
  urgency: number
  priority: number
  category_id: string | null
  requester_id: string
  on_behalf_of_id: string | null
  organisation_id: string | null
  site_id: string | null
  team_id: string | null
  assignee_id: string | null
  mailbox_id: string | null
  language: string
  tags: string[]
  last_message_id: string | null
  waiting_since: Instant | null
  first_answered_at: Instant | null
  restricted_at: Instant | null
  merged_into_id: string | null
  deleted_at: Instant | null
  revisit_at: Instant | null
  created_at: Instant
  fields: Values
  /** Seen with the eyes of staff: internal notes too. */
  as_staff: boolean
}

const columns = sql.raw(
  `t.id, t.version, t.kind, t.subject, t.status_id, t.meaning, t.impact, t.urgency, t.priority, t.category_id, t.requester_id, t.on_behalf_of_id,
   t.organisation_id, t.site_id, t.team_id, t.assignee_id, t.mailbox_id, t.language, t.tags, t.last_message_id, t.waiting_since, t.first_answered_at,
   t.restricted_at, t.merged_into_id, t.deleted_at, t.revisit_at, t.created_at, t.fields`,
)

/** 404 when it may not be seen, 403 (or why it is impossible) when seen but not so used. Locks the row for the transaction. */
export async function accessTicket<R extends TicketRight>(context: Context, id: string, right: R): Promise<Granted<TicketFacts, R>> {
  const { actor } = context
  const found = await sql<
    TicketFacts & { allowed: boolean }
  >`select ${columns}, ${sql.raw(may(actor, right))} as allowed, v.staff as as_staff
    from ticket t cross join lateral ${eyes(actor)} v where t.id = ${id} and (v.staff or v.requester)
    ${right === 'ticket.see' ? sql`` : sql`for no key update of t`}`.execute(context.db)
  const row = found.rows[0]
  if (!row) throw notFound()
  if (!row.allowed) throw whyNot(row)
  return row as unknown as Granted<TicketFacts, R>
}

/**
 * Many at once, with the same condition: what may be used so, and of the others why not. What may not be seen is in neither,
 * like what does not exist.
 */
export async function accessTickets<R extends TicketRight>(
  context: Context,
  ids: readonly string[],
  right: R,
  { lock }: { lock: boolean },
): Promise<{ granted: Granted<TicketFacts, R>[]; refused: { ticket: TicketFacts; code: string }[] }> {
  const { actor } = context
  const found = await sql<
    TicketFacts & { allowed: boolean }
  >`select ${columns}, ${sql.raw(may(actor, right))} as allowed, v.staff as as_staff
    from ticket t cross join lateral ${eyes(actor)} v where t.id = any(${[...ids]}::bigint[]) and (v.staff or v.requester) order by t.id
    ${lock ? sql`for no key update of t` : sql``}`.execute(context.db)
  return {
    granted: found.rows.filter((row) => row.allowed) as unknown as Granted<TicketFacts, R>[],
    refused: found.rows.filter((row) => !row.allowed).map((ticket) => ({ ticket, code: whyNot(ticket).code })),
  }
}

/**
 * One that was set aside as spam: for those who see such tickets, and for whoever set it aside, so that a slip is taken
 * back by the person who made it. To all others it stays a ticket that does not exist.
 */
export async function accessRemovedTicket(context: Context, id: string): Promise<Granted<TicketFacts, 'ticket.remove'>> {
  const { actor } = context
  if (actor.rights.has('ticket.delete')) return accessTicket(context, id, 'ticket.remove')
  const mine = sql`(select e.actor_id = ${actor.id} from event e where e.ticket_id = t.id and e.type = 'ticket.removed' order by e.id desc limit 1)`
  const found = await sql<TicketFacts>`select ${columns}, true as as_staff from ticket t
    where t.id = ${id} and ${visibleAsStaff(actor, true)} and t.deleted_at is not null and ${mine} for no key update of t`.execute(
    context.db,
  )
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<TicketFacts, 'ticket.remove'>
}

function whyNot(row: TicketFacts): Problem {
  if (row.merged_into_id)
    return new Problem('ticket_merged', `This ticket was merged into ${row.merged_into_id}.`, {
      details: { mergedInto: row.merged_into_id },
    })
  if (row.meaning === 'closed') return new Problem('ticket_closed', 'This ticket is closed. Open a new one that continues it.')
  return notAllowed()
}

/** Which of these tickets the actor may see; for features that hold ids (search, notices, presence). */
export async function visibleTicketIds(context: Context, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const found = await sql<{
    id: string
  }>`select t.id from ticket t where t.id = any(${ids}::bigint[]) and ${visibleTo(context.actor)}`.execute(context.db)
  return new Set(found.rows.map((row) => row.id))
}

/** Parents before their children. */
export async function allCategories({ db }: Context): Promise<z.infer<typeof category>[]> {
  const found = await sql<
    z.infer<typeof category>
  >`select id, parent_id as "parentId", key, name, position, archived_at is not null as archived
    from category order by coalesce(parent_id, id), parent_id nulls first, position`.execute(db)
  return found.rows
}

/** One that was archived is given to no more tickets. */
export async function refuseNoCategory({ db }: Context, id: string): Promise<void> {
  const found = await sql`select 1 from category where id = ${id} and archived_at is null`.execute(db)
  if (found.rows.length === 0) throw invalid('categoryId', 'unknown', 'This category does not exist any more. Choose another.')
}

/** Who may hear of this ticket on the live stream (kernel/live.ts). */
export async function audienceOf({ db }: Context, ticketId: string): Promise<Audience | null> {
  const found = await sql<{ audience: Audience | null }>`select firstline.ticket_audience(${ticketId}) as audience`.execute(db)
  return found.rows[0]?.audience ?? null
}
