import { sql } from 'kysely'
import type { Notice } from '../../../contract/desk.ts'
import type { Context } from '../../kernel/context.ts'
import { invalid } from '../../kernel/problem.ts'
import { visibleTo } from '../tickets/access-visibility.ts'
import type { Reason } from './actions.ts'

/** One's own bell. A notice of a ticket that one may no longer see is not there, nor counted. */
const mine = (context: Context) => sql`from notice n left join ticket t on t.id = n.ticket_id left join person p on p.id = n.actor_id
  where n.person_id = ${context.actor.id} and (n.ticket_id is null or (t.id is not null and ${visibleTo(context.actor)}))`

type Query = { limit: number; after?: string | undefined; unread?: boolean | undefined }
type Row = Notice & { mark: string }

export async function listNotices(context: Context, query: Query): Promise<{ items: Notice[]; next: string | null; unread: number }> {
  const found =
    await sql<Row>`select n.id, to_char(n.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, n.reason, n.about, n.read_at is not null as read, n.at::text as mark,
      case when n.actor_id is null then null else json_build_object('id', n.actor_id::text, 'name', coalesce(p.name, '')) end as actor,
      case when t.id is null then null else json_build_object('id', t.id::text, 'number', t.id, 'subject', t.subject) end as ticket
    ${mine(context)} ${query.unread === undefined ? sql`` : query.unread ? sql`and n.read_at is null` : sql`and n.read_at is not null`}
      ${past(query.after)} order by n.at desc, n.id desc limit ${sql.raw(String(query.limit + 1))}`.execute(context.db)
  const rows = found.rows.slice(0, query.limit)
  const last = rows.at(-1)
  const next = found.rows.length > query.limit && last ? Buffer.from(JSON.stringify([last.mark, last.id])).toString('base64url') : null
  return { items: rows, next, unread: await unreadCount(context) }
}

export async function unreadCount(context: Context): Promise<number> {
  const found = await sql<{ count: number }>`select count(*)::int as count ${mine(context)} and n.read_at is null`.execute(context.db)
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

const byMail: Reason[] = ['assigned', 'reply', 'mention', 'passed', 'task']
const byBrowser: Reason[] = ['assigned', 'team', 'reply', 'mention', 'passed', 'task']

export async function readChoices(context: Context): Promise<{ byMail: Reason[]; byBrowser: Reason[] }> {
  const found = await sql<{
    byMail: Reason[]
    byBrowser: Reason[]
  }>`select by_mail as "byMail", by_browser as "byBrowser" from notice_choice where person_id = ${context.actor.id}`.execute(context.db)
  return found.rows[0] ?? { byMail, byBrowser }
}
