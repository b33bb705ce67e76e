import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Actor } from '../../kernel/actor.ts'

/**
 * Who sees which ticket: one condition on the alias `t`, used for one, many, bulk and search, and behind `can`.
 * As staff one sees by role, customers and teams; as requester, one's own. Restricted to named people and teams: to
 * others it does not exist. Kept in step with kernel/live.ts (mayHear) by a test.
 */
type Condition = RawBuilder<SqlBool>
const no: Condition = sql`false`

export function visibleAsStaff(actor: Actor): Condition {
  if (!actor.rights.has('ticket.work')) return no
  if (actor.kind === 'system') return sql`true`
  const me = actor.id
  const parts: Condition[] = [
    sql`(t.restricted_at is null or exists (select 1 from ticket_restriction r where r.ticket_id = t.id
      and (r.person_id = ${me} or r.team_id = any(${actor.teams}::bigint[]))))`,
  ]
  if (actor.organisations !== 'all') parts.push(sql`t.organisation_id = any(${actor.organisations}::bigint[])`)
  if (actor.teamsLimit !== 'all') parts.push(sql`(t.team_id = any(${actor.teamsLimit}::bigint[]) or t.assignee_id = ${me})`)
  if (!actor.rights.has('ticket.delete')) parts.push(sql`t.deleted_at is null`)
  return sql`(${sql.join(parts, sql` and `)})`
}

export function visibleAsRequester(actor: Actor): Condition {
  const me = actor.id
  if (me === null) return no
  const mine = sql<SqlBool>`(t.requester_id = ${me} or t.on_behalf_of_id = ${me}
    or t.id in (select tp.ticket_id from ticket_person tp where tp.person_id = ${me} and tp.role = 'cc'))`
  const ours =
    !actor.staff && actor.organisations !== 'all' && actor.organisations.length > 0
      ? sql<SqlBool>` or (t.restricted_at is null and t.organisation_id = any(${actor.organisations}::bigint[]))`
      : sql``
  return sql`(t.deleted_at is null and t.merged_into_id is null and (${mine}${ours}))`
}

export function visibleTo(actor: Actor): Condition {
  if (!actor.staff) return visibleAsRequester(actor)
  if (actor.kind === 'system') return sql`true`
  return sql`(${visibleAsStaff(actor)} or ${visibleAsRequester(actor)})`
}

/** Rights on one ticket. The same snippets are the WHERE of accessTicket and the columns behind `can`. */
export const ticketRights = ['see', 'reply', 'note', 'edit', 'assign', 'restrict', 'remove', 'reopen'] as const
export type TicketRight = `ticket.${(typeof ticketRights)[number]}`

export function may(actor: Actor, right: TicketRight): Condition {
  const live = sql<SqlBool>`t.merged_into_id is null and t.deleted_at is null`
  switch (right) {
    case 'ticket.see':
      return visibleTo(actor)
    case 'ticket.reply':
      return sql`(${visibleTo(actor)} and ${live} and t.meaning <> 'closed')`
    case 'ticket.note':
      return sql`(${visibleAsStaff(actor)} and t.merged_into_id is null)`
    case 'ticket.edit':
    case 'ticket.assign':
      return sql`(${visibleAsStaff(actor)} and ${live} and t.meaning <> 'closed')`
    case 'ticket.restrict':
      return actor.rights.has('ticket.restrict') ? visibleAsStaff(actor) : no
    case 'ticket.remove':
      return actor.rights.has('ticket.delete') ? visibleAsStaff(actor) : no
    case 'ticket.reopen':
      return sql`(${visibleTo(actor)} and ${live} and t.meaning in ('resolved', 'cancelled'))`
  }
}
