import { sql } from 'kysely'
import type { Side, SideInFull } from '../../../contract/sides.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notFound } from '../../kernel/problem.ts'
import type { FileOut } from '../../kernel/routes.ts'
import { sideTag } from '../mail/rules.ts'
import { accessTicketAsStaff } from '../tasks/access.ts'
import { accessTicket, type TicketFacts } from '../tickets/access.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'

/** A side conversation is seen by the staff who see its ticket, and by nobody else on any way. */
type SideFacts = {
  id: string
  version: number
  ticket_id: string
  subject: string
  state: 'open' | 'done'
  reference: string
  target_on: string | null
  chase_at: string | null
  keeps_waiting: 'yes' | 'no'
}
export type GrantedSide = Granted<SideFacts, 'side.edit'> & { ticket: Granted<TicketFacts, 'ticket.edit'> }

async function ticketOf(context: Context, sideId: string): Promise<string> {
  const of = await sql<{ ticket_id: string }>`select ticket_id from side where id = ${sideId}`.execute(context.db)
  if (!of.rows[0]) throw notFound()
  return of.rows[0].ticket_id
}

/** To be written to or changed: its ticket is locked first. */
export async function accessSide(context: Context, id: string): Promise<GrantedSide> {
  const ticket = await accessTicket(context, await ticketOf(context, id), 'ticket.edit')
  const found = await sql<SideFacts>`select id, version, ticket_id, subject, state, reference, target_on::text as target_on,
    ${wireTime('chase_at')} as chase_at, keeps_waiting from side where id = ${id}`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return { ...found.rows[0], ticket } as unknown as GrantedSide
}

const person = (column: string) =>
  sql.raw(`case when ${column} is null then null else json_build_object('id', ${column}::text, 'name', firstline.name_of(${column})) end`)
const columns = sql`s.id, s.version, s.ticket_id as "ticketId", s.subject, s.state, s.reference, s.target_on::text as "targetOn", ${wireTime('s.chase_at')} as "chaseAt",
  s.keeps_waiting = 'yes' as "keepsWaiting", ${wireTime('s.answered_at')} as "answeredAt", ${wireTime('s.created_at')} as "createdAt", ${person('s.created_by_id')} as "createdBy",
  ${wireTime('s.done_at')} as "doneAt", ${person('s.done_by_id')} as "doneBy",
  coalesce((select json_agg(json_build_object('name', y.name, 'email', y.address, 'field', y.field) order by y.field desc, y.address) from side_party y where y.side_id = s.id), '[]') as parties`

const mayEdit = (ticket: TicketFacts) => ticket.meaning !== 'closed' && ticket.deleted_at === null && ticket.merged_into_id === null

export async function sidesOf(context: Context, ticketId: string): Promise<{ items: Side[]; can: { edit: boolean } }> {
  const ticket = await accessTicketAsStaff(context, ticketId)
  const found = await sql<Omit<Side, 'tag'>>`select ${columns}, l.last from side s left join lateral (
      select json_build_object('at', ${wireTime('m.at')}, 'from', coalesce(nullif(m.from_name, ''), m.from_address), 'text', left(m.visible_body, 200)) as last
      from side_message m where m.side_id = s.id order by m.id desc limit 1) l on true
    where s.ticket_id = ${ticketId} order by s.id limit 200`.execute(context.db)
  return { items: found.rows.map((row) => ({ ...row, tag: sideTag(row.id) })), can: { edit: mayEdit(ticket) } }
}

const newest = 200

export async function readSide(context: Context, id: string): Promise<SideInFull> {
  const ticket = await accessTicketAsStaff(context, await ticketOf(context, id))
  const found = await sql<
    Omit<SideInFull, 'tag' | 'can'>
  >`select ${columns}, coalesce(x.messages, '[]') as messages from side s left join lateral (
      select json_agg(json_build_object('id', m.id::text, 'at', ${wireTime('m.at')}, 'direction', m.direction, 'author', ${person('m.author_id')},
        'from', json_build_object('name', m.from_name, 'email', m.from_address), 'to', m.recipients -> 'to', 'cc', m.recipients -> 'cc', 'text', m.body,
        'visibleText', m.visible_body, 'automatic', m.automatic, 'unverified', m.unverified, 'reminder', m.reminder = 'yes',
        'delivery', (select json_build_object('state', o.state, 'answer', o.last_answer) from outbound_mail o where o.side_message_id = m.id order by o.id desc limit 1),
        'files', coalesce((select json_agg(json_build_object('id', f.id::text, 'name', f.name, 'size', f.size, 'mediaType', f.media_type) order by f.id)
          from side_file f where f.side_message_id = m.id), '[]')) order by m.id) as messages
      from (select * from side_message n where n.side_id = s.id order by n.id desc limit ${sql.lit(newest)}) m) x on true
    where s.id = ${id}`.execute(context.db)
  const row = found.rows[0]
  if (!row) throw notFound()
  return { ...row, tag: sideTag(row.id), can: { edit: mayEdit(ticket) } }
}

/** Addresses that were written to before, of tickets that the actor sees; the latest first. */
export async function contactsLike(context: Context, q: string): Promise<{ name: string; email: string }[]> {
  const like = `%${q.trim().replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`
  const found = await sql<{ name: string; email: string }>`select name, email from (
      select distinct on (y.address) y.name, y.address::text as email, s.id from (select * from side order by id desc limit 2000) s
      join side_party y on y.side_id = s.id join ticket t on t.id = s.ticket_id
      where ${visibleAsStaff(context.actor)} and (y.address::text ilike ${like} or y.name ilike ${like}) order by y.address, s.id desc) x
    order by id desc limit 10`.execute(context.db)
  return found.rows
}

type SideFile = { id: string; name: string; media_type: string; size: string; sha256: string }

export async function accessSideFile(context: Context, id: string): Promise<Granted<SideFile, 'side.see'>> {
  const found =
    await sql<SideFile>`select f.id, f.name, f.media_type, f.size, f.sha256 from side_file f join side_message m on m.id = f.side_message_id
    join side s on s.id = m.side_id join ticket t on t.id = s.ticket_id where f.id = ${id} and ${visibleAsStaff(context.actor)}`.execute(
      context.db,
    )
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<SideFile, 'side.see'>
}

export async function sideFileOut(context: Context, id: string): Promise<FileOut> {
  const file = await accessSideFile(context, id)
  return {
    content: context.kernel.files.stream(file.sha256),
    name: file.name,
    mediaType: file.media_type,
    size: Number(file.size),
    inline: true,
  }
}
