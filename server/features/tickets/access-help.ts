import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Help, Helper } from '../../../contract/help.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, notFound } from '../../kernel/problem.ts'
import { accessTicket, type TicketFacts } from './access.ts'
import { wireTime } from './access-messages.ts'
import { visibleAsStaff } from './access-visibility.ts'

/** Help is seen by the staff who see its ticket, and by nobody else. */
type HelpFacts = { id: string; ticket_id: string; state: Help['state']; asked_by_id: string | null; helper_id: string | null }
export type GrantedHelp = Granted<HelpFacts, 'help.answer'> & { ticket: Granted<TicketFacts, 'ticket.note'> }

export async function accessHelp(context: Context, id: string): Promise<GrantedHelp> {
  const of = await sql<{ ticket_id: string }>`select ticket_id from help where id = ${id}`.execute(context.db)
  if (!of.rows[0]) throw notFound()
  const ticket = await accessTicket(context, of.rows[0].ticket_id, 'ticket.note')
  const found = await sql<HelpFacts>`select id, ticket_id, state, asked_by_id, helper_id from help where id = ${id} for update`.execute(
    context.db,
  )
  if (!found.rows[0]) throw notFound()
  return { ...found.rows[0], ticket } as unknown as GrantedHelp
}

const person = (column: string) =>
  sql.raw(`case when ${column} is null then null else json_build_object('id', ${column}::text, 'name', firstline.name_of(${column})) end`)
const columns = sql`h.id, json_build_object('id', t.id::text, 'number', t.id, 'subject', t.subject) as ticket, h.question, h.state, ${person('h.person_id')} as person,
  (select json_build_object('id', x.id::text, 'name', x.name) from team x where x.id = h.team_id) as team,
  (select json_build_object('id', x.id::text, 'name', x.name) from skill x where x.id = h.skill_id) as skill,
  ${wireTime('h.asked_at')} as "askedAt", ${person('h.asked_by_id')} as "askedBy", ${person('h.helper_id')} as helper, ${wireTime('h.accepted_at')} as "acceptedAt", ${wireTime('h.settled_at')} as "settledAt",
  coalesce((select json_agg(json_build_object('id', n.id::text, 'at', ${wireTime('n.at')}, 'author', ${person('n.author_id')}, 'text', n.body) order by n.id) from help_note n where n.help_id = h.id), '[]') as notes`

function asHelp(context: Context, row: Omit<Help, 'can'>): Help {
  const me = context.actor.id
  const going = row.state === 'open' || row.state === 'accepted'
  return {
    ...row,
    ticket: { ...row.ticket, number: Number(row.ticket.number) },
    can: { accept: row.state === 'open' && row.askedBy?.id !== me, answer: going, withdraw: going && row.askedBy?.id === me },
  }
}

export async function readHelp(context: Context, id: string): Promise<Help> {
  const found = await sql<
    Omit<Help, 'can'>
  >`select ${columns} from help h join ticket t on t.id = h.ticket_id where h.id = ${id} and ${visibleAsStaff(context.actor)}`.execute(
    context.db,
  )
  if (!found.rows[0]) throw notFound()
  return asHelp(context, found.rows[0])
}

export async function helpOf(context: Context, ticketId: string): Promise<Help[]> {
  const ticket = await accessTicket(context, ticketId, 'ticket.see')
  if (!ticket.as_staff) throw notFound()
  const found = await sql<
    Omit<Help, 'can'>
  >`select ${columns} from help h join ticket t on t.id = h.ticket_id where h.ticket_id = ${ticketId} order by h.id limit 200`.execute(
    context.db,
  )
  return found.rows.map((row) => asHelp(context, row))
}

/** Newest first: what is asked of me, my teams and my skills and has no helper, and what I help with; or what I asked for. */
export async function listHelp(
  context: Context,
  query: { of: 'me' | 'mine'; limit: number; after?: string | undefined },
): Promise<{ items: Help[]; next: string | null }> {
  const { actor } = context
  if (query.after !== undefined && !/^\d{1,18}$/.test(query.after))
    throw invalid('query.after', 'cursor', 'This is not a page mark of this list.')
  const mine: RawBuilder<SqlBool> =
    query.of === 'mine'
      ? sql`h.asked_by_id = ${actor.id} and h.state in ('open', 'accepted')`
      : sql`((h.state = 'accepted' and h.helper_id = ${actor.id}) or (h.state = 'open' and h.asked_by_id is distinct from ${actor.id}::bigint and (h.person_id = ${actor.id} or h.team_id = any(${actor.teams}::bigint[])
          or h.skill_id in (select k.skill_id from person_skill k where k.person_id = ${actor.id}))))`
  const past = query.after === undefined ? sql`` : sql`and h.id < ${query.after}`
  const found = await sql<Omit<Help, 'can'>>`select ${columns} from help h join ticket t on t.id = h.ticket_id
    where ${mine} and t.deleted_at is null and ${visibleAsStaff(actor)} ${past} order by h.id desc limit ${sql.raw(String(query.limit + 1))}`.execute(
    context.db,
  )
  const items = found.rows.slice(0, query.limit).map((row) => asHelp(context, row))
  return { items, next: found.rows.length > query.limit ? (items.at(-1)?.id ?? null) : null }
}

/** Here first and not away, then who has least to do. Only who sees the ticket, and not who asks. */
export async function helpersFor(
  context: Context,
  ticketId: string,
  query: { skillId?: string | undefined; q?: string | undefined },
): Promise<Helper[]> {
  const ticket = await accessTicket(context, ticketId, 'ticket.see')
  if (!ticket.as_staff) throw notFound()
  const skilled =
    query.skillId === undefined
      ? sql``
      : sql`and exists (select 1 from person_skill k where k.person_id = p.id and k.skill_id = ${query.skillId})`
  const called = query.q?.trim()
    ? sql`and firstline.plain(p.name) like '%' || firstline.plain(${query.q.trim().replace(/[\\%_]/g, '')}) || '%'`
    : sql``
  const now = context.now.toString()
  const found = await sql<Helper>`with fit as materialized (select p.id, p.name, p.state from person p join ticket t on t.id = ${ticketId}
      where p.archived_at is null and p.id <> ${context.actor.id} and exists (select 1 from role_grant g where g.person_id = p.id and g.role in ('agent', 'lead', 'manager', 'administrator'))
        and firstline.staff_sees(p.id, t) ${skilled} ${called} limit 500)
    select * from (select f.id, f.name, f.state, (firstline.absence_of(f.id, ${now}::timestamptz)).to_on::text as "absentUntil",
      (select count(*)::int from (select 1 from ticket o where o.assignee_id = f.id and o.meaning not in ('resolved', 'closed', 'cancelled') and o.deleted_at is null limit 1000) x) as "openTickets",
      (select count(*)::int from help h where h.helper_id = f.id and h.state = 'accepted') as helping
    from fit f) x order by "absentUntil" is not null, state = 'away', state = 'busy', "openTickets" + helping, name limit 200`.execute(
    context.db,
  )
  return found.rows
}
