import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { type ExceptionKey, exceptionKeys } from '../../../contract/figures.ts'
import type { TicketRow } from '../../../contract/tickets.ts'
import type { Context } from '../../kernel/context.ts'
import { invalid, notFound } from '../../kernel/problem.ts'
import { companySettings } from '../company/access.ts'
import { ticketPage } from '../tickets/access-list.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'
import { allowedHours, staleDays, tooMany } from './rules.ts'

/** What a lead looks at: lists of tickets that want somebody's hand, each counted up to a bound and no further. */
type Condition = RawBuilder<SqlBool>
type Person = { person: { id: string; name: string }; open: number | null }
type List = { where: Condition; order: RawBuilder<unknown>; at: RawBuilder<unknown>; past: (at: string | null, id: string) => Condition }
const bound = 1000

const open: Condition = sql`t.meaning not in ('resolved', 'closed', 'cancelled') and t.deleted_at is null and t.merged_into_id is null`
const active: Condition = sql`t.meaning in ('new', 'open')`
const allowed = sql.raw(
  `make_interval(hours => case t.priority ${Object.entries(allowedHours)
    .map(([priority, hours]) => `when ${priority} then ${hours}`)
    .join(' ')} else 72 end)`,
)
const oldest = { order: sql`t.id`, at: sql`null::text`, past: (_: string | null, id: string): Condition => sql`t.id > ${id}::bigint` }
const longest = {
  order: sql`t.waiting_since, t.id`,
  at: sql`t.waiting_since::text`,
  past: (at: string | null, id: string): Condition => sql`(t.waiting_since, t.id) > (${at}::timestamptz, ${id}::bigint)`,
}
const untouched = {
  order: sql`t.changed_at, t.id`,
  at: sql`t.changed_at::text`,
  past: (at: string | null, id: string): Condition => sql`(t.changed_at, t.id) > (${at}::timestamptz, ${id}::bigint)`,
}

/** Whose next target is due then; a clock that pauses is due at no time. */
const dueBetween = (from: RawBuilder<unknown>, to: RawBuilder<unknown>): Condition =>
  sql`t.id in (select d.ticket_id from ticket_due d where d.due_at >= ${from} and d.due_at < ${to} and d.state <> 'paused')`

/** Who has too much in hand at once; what is set aside is not in hand. */
const overloaded = (context: Context, team: string | undefined) => sql`select t.assignee_id from ticket t where ${open} and ${active}
  and t.assignee_id is not null and ${visibleAsStaff(context.actor)} ${ofTeam(team)} group by t.assignee_id having count(*) > ${sql.lit(tooMany)}`
const ofTeam = (team: string | undefined): RawBuilder<unknown> => (team === undefined ? sql`` : sql`and t.team_id = ${team}::bigint`)

function listOf(context: Context, key: ExceptionKey, team: string | undefined): List {
  const now = context.now.toString()
  switch (key) {
    case 'target-missed':
      return { where: sql`${open} and ${dueBetween(sql`'-infinity'`, sql`${now}::timestamptz`)}`, ...oldest }
    case 'target-soon':
      return { where: sql`${open} and ${dueBetween(sql`${now}::timestamptz`, sql`${now}::timestamptz + interval '2 hours'`)}`, ...oldest }
    case 'unassigned':
      return { where: sql`${open} and t.assignee_id is null`, ...oldest }
    case 'waiting':
      return { where: sql`${open} and t.waiting_since is not null and t.waiting_since < ${now}::timestamptz - ${allowed}`, ...longest }
    case 'stale':
      return {
        where: sql`${open} and t.changed_at < ${now}::timestamptz - make_interval(days => ${sql.lit(staleDays)})
          and (t.revisit_at is null or t.revisit_at <= ${now}::timestamptz)`,
        ...untouched,
      }
    case 'overloaded':
      return { where: sql`${open} and ${active} and t.assignee_id in (${overloaded(context, team)})`, ...oldest }
    case 'passed':
      return {
        where: sql`${open} and t.id in (select f.ticket_id from ticket_figure f where f.moves >= 4 and f.resolved_at is null and f.left_out is null)`,
        ...oldest,
      }
    case 'reopened':
      return { where: sql`${open} and t.reopened_count >= 2`, ...oldest }
    case 'low-score':
      return {
        where: sql`t.deleted_at is null and t.id in (select s.ticket_id from survey s where s.score <= 2 and s.answered_at >= ${now}::timestamptz - interval '14 days')`,
        ...oldest,
      }
  }
}

const within = (context: Context, list: List, team: string | undefined): Condition =>
  sql`${list.where} and ${visibleAsStaff(context.actor)} ${ofTeam(team)}`

export async function exceptions(
  context: Context,
  team: string | undefined,
): Promise<{ items: { key: ExceptionKey; count: number; more: boolean }[]; people: Person[] }> {
  const parts = exceptionKeys.map(
    (key) =>
      sql`(select count(*)::int from (select 1 from ticket t where ${within(context, listOf(context, key, team), team)} limit ${sql.lit(bound + 1)}) x) as ${sql.ref(key)}`,
  )
  const found = await sql<Record<ExceptionKey, number>>`select ${sql.join(parts)}`.execute(context.db)
  const told = found.rows[0]
  const items = exceptionKeys.map((key) => ({ key, count: Math.min(told?.[key] ?? 0, bound), more: (told?.[key] ?? 0) > bound }))
  return { items, people: await peopleWithTooMuch(context, team) }
}

async function peopleWithTooMuch(context: Context, team: string | undefined): Promise<Person[]> {
  const { agentFigures } = await companySettings(context.db)
  const found = await sql<Person>`select json_build_object('id', p.id::text, 'name', p.name) as person,
      case when ${agentFigures}::boolean then count(*)::int end as open
    from ticket t join person p on p.id = t.assignee_id where ${open} and ${active} and ${visibleAsStaff(context.actor)} ${ofTeam(team)}
    group by p.id, p.name having count(*) > ${sql.lit(tooMany)} order by p.name limit 50`.execute(context.db)
  return found.rows
}

function markOf(cursor: string, timed: boolean): [string | null, string] {
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string | null, string]
    if (/^\d{1,18}$/.test(id) && (timed ? !Number.isNaN(Date.parse(at ?? '')) : at === null)) return [at, id]
  } catch {}
  throw invalid('query.after', 'cursor', 'This is not a page mark of this list.')
}

export function listException(
  context: Context,
  key: string,
  query: { team?: string | undefined; limit: number; after?: string | undefined },
): Promise<{ items: TicketRow[]; next: string | null }> {
  const known = exceptionKeys.find((one) => one === key)
  if (!known) throw notFound()
  const list = listOf(context, known, query.team)
  const mark = query.after === undefined ? undefined : markOf(query.after, list.order !== oldest.order)
  const past = mark === undefined ? sql`` : sql`and ${list.past(...mark)}`
  return ticketPage(context, {
    where: sql`${within(context, list, query.team)} ${past}`,
    order: list.order,
    sortAt: list.at,
    limit: query.limit,
  })
}
