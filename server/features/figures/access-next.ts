import { sql } from 'kysely'
import type { NextItem } from '../../../contract/figures.ts'
import type { Context } from '../../kernel/context.ts'
import { companySettings } from '../company/access.ts'
import { ticketPage } from '../tickets/access-list.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'
import { type Facts, isTimeZone, reasonsOf, risk } from './rules.ts'

/** What is next for me: my tickets, what my teams have untouched, who called me, what of mine is due, most pressing first. */
const shown = 50
const looked = 500
type Row = Omit<Facts, 'task'> & { id: string; task: Facts['task'] }

export async function nextFor(context: Context): Promise<{ items: NextItem[]; more: boolean }> {
  const { actor, now } = context
  const { timeZone } = await companySettings(context.db)
  const today = now.toZonedDateTimeISO(isTimeZone(timeZone) ? timeZone : 'UTC').startOfDay()
  const [dawn, night] = [today.toInstant().toString(), today.add({ days: 1 }).toInstant().toString()]
  const open = sql`t.meaning not in ('resolved', 'closed', 'cancelled') and t.deleted_at is null`
  const active = sql`(t.waiting_since is not null or t.meaning in ('new', 'open'))`
  const many = sql.lit(looked)
  // Each branch reads an index of its own; asked together they would read all open tickets.
  const found = await sql<Row>`with called as (select n.ticket_id, min(n.at) as at from notice n
      where n.person_id = ${actor.id} and n.reason = 'mention' and n.read_at is null and n.ticket_id is not null group by n.ticket_id),
    due as (select distinct on (k.ticket_id) k.ticket_id, k.title, k.due_at from task k
      where k.assignee_id = ${actor.id} and k.state = 'open' and k.due_at < ${night}::timestamptz order by k.ticket_id, k.due_at),
    mine as (select ticket_id as id from called union select ticket_id from due
      union (select t.id from ticket t where t.assignee_id = ${actor.id} and ${open} and ${active} order by t.waiting_since nulls last, t.id limit ${many})
      union (select t.id from ticket t where t.team_id = any(${actor.teams}::bigint[]) and t.assignee_id is null and ${open} and ${active}
        order by t.waiting_since nulls last, t.id limit ${many}))
    select t.id, t.priority, ${wireTime('t.waiting_since')} as "waitingSince", ${wireTime('t.created_at')} as "createdAt",
      coalesce(t.assignee_id = ${actor.id}, false) as mine, coalesce(t.last_message_id > r.message_id, t.last_message_id is not null) as unread,
      (t.meaning = 'new' and t.assignee_id is null) as untouched, ${wireTime('e.due_at')} as "dueAt", ${wireTime('c.at')} as "mentionedAt", ${wireTime('b.from_at')} as "cameBackAt",
      case when d.title is null then null else json_build_object('title', d.title, 'dueAt', ${wireTime('d.due_at')}) end as task
    from mine m join ticket t on t.id = m.id left join called c on c.ticket_id = t.id left join due d on d.ticket_id = t.id
    left join ticket_due e on e.ticket_id = t.id and e.state <> 'paused'
    left join ticket_read r on r.ticket_id = t.id and r.person_id = ${actor.id}
    left join lateral (select p.from_at from ticket_spell p where p.ticket_id = t.id and p.state = 'open' and p.from_at >= ${dawn}::timestamptz and p.until_at = 'infinity'
      and exists (select 1 from ticket_spell h where h.ticket_id = p.ticket_id and h.nth = p.nth - 1 and h.state = 'held')) b on t.assignee_id = ${actor.id}
    where ${open} and t.merged_into_id is null and ${visibleAsStaff(actor)}`.execute(context.db)
  const at = now.epochMilliseconds
  const ranked = found.rows
    .map((row) => ({ row, risk: risk(row, at) }))
    .sort((a, b) => b.risk - a.risk || Number(a.row.id) - Number(b.row.id))
  const chosen = ranked.slice(0, shown).map(({ row }) => row)
  const page = await ticketPage(context, {
    where: sql`t.id = any(${chosen.map((row) => row.id)}::bigint[]) and ${visibleAsStaff(actor)}`,
    order: sql`t.id`,
    sortAt: sql`null::text`,
    limit: shown,
  })
  const tickets = new Map(page.items.map((ticket) => [ticket.id, ticket]))
  return {
    items: chosen.flatMap((row) => {
      const ticket = tickets.get(row.id)
      return ticket ? [{ ticket, why: reasonsOf(row, at) }] : []
    }),
    more: ranked.length > shown,
  }
}
