import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { z } from 'zod'
import type { Task, tasks } from '../../../contract/tasks.ts'
import type { Context } from '../../kernel/context.ts'
import { invalid } from '../../kernel/problem.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'
import { asTask, taskColumns, taskJoins } from './access.ts'

/** What is to be done, across tickets: a page is found by due time on an index, then joined. */
type Query = z.output<(typeof tasks)['GET /api/tasks']['query']>
type Condition = RawBuilder<SqlBool>

const dueOrNever = sql`coalesce(k.due_at, 'infinity'::timestamptz)`

function conditions(context: Context, query: Query): Condition[] {
  const { actor } = context
  const open = query.open !== false
  const parts: Condition[] = [visibleAsStaff(actor), sql`t.deleted_at is null`, open ? sql`k.state = 'open'` : sql`k.state <> 'open'`]
  // Nothing is left to be done for what is over; a resolved ticket may still have something to clear away.
  if (open) parts.push(sql`t.meaning not in ('closed', 'cancelled')`)
  if (query.assignee) parts.push(sql`k.assignee_id = ${query.assignee === 'me' ? actor.id : query.assignee}`)
  if (query.team) parts.push(query.team === 'mine' ? sql`k.team_id = any(${actor.teams}::bigint[])` : sql`k.team_id = ${query.team}`)
  return parts
}

/** The mark of the last row: [due or settled time, id]. */
function past(open: boolean, cursor: string | undefined): Condition[] {
  if (cursor === undefined) return []
  const [at, id] = parsed(cursor)
  return [
    open
      ? sql`(${dueOrNever}, k.id) > (${at}::timestamptz, ${id}::bigint)`
      : sql`(k.settled_at, k.id) < (${at}::timestamptz, ${id}::bigint)`,
  ]
}

export function parsed(cursor: string): [string, string] {
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    const known = at === 'infinity' || !Number.isNaN(Date.parse(String(at)))
    if (known && /^\d{1,18}$/.test(String(id))) return [String(at), String(id)]
  } catch {}
  throw invalid('query.after', 'cursor', 'This is not a page mark of this list.')
}

export async function listTasks(context: Context, query: Query): Promise<{ items: Task[]; next: string | null }> {
  const open = query.open !== false
  const mark = open ? dueOrNever : sql`k.settled_at`
  const order = open ? sql`${dueOrNever}, k.id` : sql`k.settled_at desc, k.id desc`
  const found = await sql<Task & { mark: string }>`
    with page as materialized (select k.id from task k join ticket t on t.id = k.ticket_id
      where ${sql.join([...conditions(context, query), ...past(open, query.after)], sql` and `)} order by ${order} limit ${sql.raw(String(query.limit + 1))})
    select ${taskColumns}, ${mark}::text as mark from page join task k on k.id = page.id join ticket t on t.id = k.ticket_id ${taskJoins} order by ${order}`.execute(
    context.db,
  )
  const rows = found.rows.slice(0, query.limit)
  const last = rows.at(-1)
  const next = found.rows.length > query.limit && last ? Buffer.from(JSON.stringify([last.mark, last.id])).toString('base64url') : null
  return { items: rows.map(({ mark: _, ...row }) => asTask(row)), next }
}
