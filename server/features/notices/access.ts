import { sql } from 'kysely'
import type { Notice } from '../../../contract/notices.ts'
import type { Context } from '../../kernel/context.ts'
import { invalid } from '../../kernel/problem.ts'
import { visibleTo } from '../tickets/access-visibility.ts'

/** One's own bell. A notice of a ticket that one may no longer see is not there, nor counted. */
const mine = (
  context: Context,
  more = sql``,
) => sql`from notice n left join ticket t on t.id = n.ticket_id left join person p on p.id = n.actor_id ${more}
  where n.person_id = ${context.actor.id} and n.bell = 'rings' and (n.ticket_id is null or (t.id is not null and ${visibleTo(context.actor)}))`

/** What happened on one ticket while unread is one line, and stays one when it was read: the newest of them stands for all. */
const together = sql`x.person_id = n.person_id and x.ticket_id = n.ticket_id and x.bell = 'rings' and x.read_at is not distinct from n.read_at`
const standsForAll = sql`(n.ticket_id is null or not exists (select 1 from notice x where ${together} and (x.at, x.id) > (n.at, n.id)))`

type Query = { limit: number; after?: string | undefined; unread?: boolean | undefined }
const folded = sql`cross join lateral (select n.times::int as count, array[n.reason] as reasons where n.ticket_id is null
  union all select sum(x.times)::int, array_agg(x.reason order by x.at desc, x.id desc) from notice x where ${together} and n.ticket_id is not null having count(*) > 0) f`
type Row = Notice & { mark: string }

export async function listNotices(context: Context, query: Query): Promise<{ items: Notice[]; next: string | null; unread: number }> {
  const found =
    await sql<Row>`select n.id, to_char(n.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, n.reason, n.about, f.count, f.reasons, n.read_at is not null as read, n.at::text as mark,
      case when n.actor_id is null then null else json_build_object('id', n.actor_id::text, 'name', coalesce(p.name, '')) end as actor,
      case when t.id is null then null else json_build_object('id', t.id::text, 'number', t.id, 'subject', t.subject) end as ticket
    ${mine(context, folded)} and ${standsForAll} ${query.unread === undefined ? sql`` : query.unread ? sql`and n.read_at is null` : sql`and n.read_at is not null`}
      ${past(query.after)} order by n.at desc, n.id desc limit ${sql.raw(String(query.limit + 1))}`.execute(context.db)
  const rows = found.rows.slice(0, query.limit)
  const last = rows.at(-1)
  const next = found.rows.length > query.limit && last ? Buffer.from(JSON.stringify([last.mark, last.id])).toString('base64url') : null
  return { items: rows, next, unread: await unreadCount(context) }
}

export async function unreadCount(context: Context): Promise<number> {
  const found = await sql<{
    count: number
  }>`select count(distinct coalesce(n.ticket_id, -n.id))::int as count ${mine(context)} and n.read_at is null`.execute(context.db)
  return found.rows[0]?.count ?? 0
}

function past(cursor: string | undefined) {
  if (cursor === undefined) return sql``
  const parts: unknown = parsed(cursor)
  if (!Array.isArray(parts) || Number.isNaN(Date.parse(String(parts[0]))) || !/^\d{1,19}$/.test(String(parts[1])))
    throw invalid('query.after', 'cursor', 'This is not a page mark of this list.')
  return sql`and (n.at, n.id) < (${String(parts[0])}::timestamptz, ${String(parts[1])}::bigint)`
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}
