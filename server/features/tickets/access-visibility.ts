import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Actor } from '../../kernel/actor.ts'

/**
 * Who sees which ticket: one condition on the alias `t`, used for one, many, bulk and search, and behind `can`.
 * As staff one sees by role, customers and teams; as requester, one's own. Restricted to named people and teams: to
 * others it does not exist. Kept in step with kernel/live.ts (mayHear) by a test.
 */
type Condition = RawBuilder<SqlBool>
const no: Condition = sql`false`

/** `removed` also finds what is set aside as spam, which otherwise only those see who may delete. */
export function visibleAsStaff(actor: Actor, removed = false): Condition {
  if (!actor.rights.has('ticket.work')) return no
  if (actor.kind === 'system') return sql`true`
  const me = actor.id
  const parts: Condition[] = [
    sql`(t.restricted_at is null or exists (select 1 from ticket_restriction r where r.ticket_id = t.id
      and (r.person_id = ${me} or r.team_id = any(${actor.teams}::bigint[]))))`,
  ]
  if (actor.organisations !== 'all') parts.push(sql`t.organisation_id = any(${actor.organisations}::bigint[])`)
  if (actor.teamsLimit !== 'all') parts.push(sql`(t.team_id = any(${actor.teamsLimit}::bigint[]) or t.assignee_id = ${me})`)
  if (!removed && !actor.rights.has('ticket.delete')) parts.push(sql`t.deleted_at is null`)
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

/**
 * Joined to the alias `t`, it works both eyes out once for a row; the rights below then read `v.staff` and `v.requester`.
 *   from ticket t cross join lateral ${eyes(actor)} v where (v.staff or v.requester)
 */
export const eyes = (actor: Actor): RawBuilder<unknown> =>
  sql`(select ${visibleAsStaff(actor)} as staff, ${visibleAsRequester(actor)} as requester)`

/** Rights on one ticket, on `t` and `v`. The same snippets are the WHERE of accessTicket and the columns behind `can`. */
export const ticketRights = ['see', 'reply', 'note', 'edit', 'assign', 'restrict', 'remove', 'reopen'] as const
export type TicketRight = `ticket.${(typeof ticketRights)[number]}`

const seen = '(v.staff or v.requester)'
const living = 't.merged_into_id is null and t.deleted_at is null'
const conditions: Record<TicketRight, string> = {
  'ticket.see': seen,
  'ticket.reply': `(${seen} and ${living} and t.meaning <> 'closed')`,
  'ticket.note': '(v.staff and t.merged_into_id is null)',
  'ticket.edit': `(v.staff and ${living} and t.meaning <> 'closed')`,
  'ticket.assign': `(v.staff and ${living} and t.meaning <> 'closed')`,
  'ticket.restrict': 'v.staff',
  'ticket.remove': 'v.staff',
  'ticket.reopen': `(${seen} and ${living} and t.meaning in ('resolved', 'cancelled'))`,
}

export function may(actor: Actor, right: TicketRight): string {
  if (right === 'ticket.restrict' && !actor.rights.has('ticket.restrict')) return 'false'
  if (right === 'ticket.remove' && !actor.rights.has('ticket.spam')) return 'false'
  return conditions[right]
}
