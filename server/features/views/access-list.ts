import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { TicketRow } from '../../../contract/tickets.ts'
import type { Grouping, Sort, ViewQuery } from '../../../contract/views.ts'
import type { Context } from '../../kernel/context.ts'
import { invalid } from '../../kernel/problem.ts'
import { ticketPage } from '../tickets/access-list.ts'
import { type ViewFacts, visibleView } from './access.ts'
import { inViews, matching, viewerOf } from './access-query.ts'

/** The tickets of a view, by keyset on an index for each sort; counts are bounded. */
type Condition = RawBuilder<SqlBool>
type SortOf = { order: RawBuilder<unknown>; at: RawBuilder<unknown>; past: (at: string | null, id: string) => Condition }

export const sortsOf: Record<Sort, SortOf> = {
  newest: { order: sql`t.id desc`, at: sql`null::text`, past: (_, id) => sql`t.id < ${id}` },
  oldest: { order: sql`t.id`, at: sql`null::text`, past: (_, id) => sql`t.id > ${id}` },
  changed: {
    order: sql`t.changed_at desc, t.id desc`,
    at: sql`t.changed_at::text`,
    past: (at, id) => sql`(t.changed_at, t.id) < (${at}::timestamptz, ${id}::bigint)`,
  },
  waiting: {
    order: sql`t.waiting_since asc nulls last, t.id asc`,
    at: sql`t.waiting_since::text`,
    past: (at, id) =>
      at === null
        ? sql`(t.waiting_since is null and t.id > ${id})`
        : sql`(t.waiting_since is null or (t.waiting_since, t.id) > (${at}::timestamptz, ${id}::bigint))`,
  },
  priority: {
    order: sql`t.priority, t.id desc`,
    at: sql`t.priority::text`,
    past: (at, id) => sql`(t.priority >= ${at}::smallint and (t.priority > ${at}::smallint or t.id < ${id}))`,
  },
}

/** `none`: it has none. */
export const groupKey: Record<Grouping, RawBuilder<string>> = {
  status: sql`t.status_id::text`,
  meaning: sql`t.meaning`,
  priority: sql`t.priority::text`,
  team: sql`coalesce(t.team_id::text, 'none')`,
  assignee: sql`coalesce(t.assignee_id::text, 'none')`,
  organisation: sql`coalesce(t.organisation_id::text, 'none')`,
}

function decode(cursor: string, sort: Sort): Condition {
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string | null, string]
    const fits =
      sort === 'priority'
        ? /^[1-5]$/.test(at ?? '')
        : sort === 'waiting'
          ? at === null || !Number.isNaN(Date.parse(at))
          : sort !== 'changed' || !Number.isNaN(Date.parse(at ?? ''))
    if (!/^\d{1,19}$/.test(id) || !fits) throw new Error()
    return sortsOf[sort].past(at, id)
  } catch {
    throw invalid('query.after', 'cursor', 'This is not a page mark of this list.')
  }
}

type Asked = { limit: number; after?: string | undefined; sort?: Sort | undefined; by?: Grouping | undefined; group?: string | undefined }
type Page = { items: TicketRow[]; next: string | null }

export function ticketsOfView(context: Context, view: Pick<ViewFacts, 'query' | 'sort'>, asked: Asked): Promise<Page> {
  const sort = asked.sort ?? view.sort
  const { order, at } = sortsOf[sort]
  const parts = [inViews(context), matching(view.query, viewerOf(context))]
  if (asked.by !== undefined && asked.group !== undefined) parts.push(sql`${groupKey[asked.by]} = ${asked.group}`)
  if (asked.after !== undefined) parts.push(decode(asked.after, sort))
  return ticketPage(context, { where: sql`${sql.join(parts, sql` and `)}`, order, sortAt: at, limit: asked.limit })
}

export const bound = 1000

export async function countOf(context: Context, query: ViewQuery): Promise<{ count: number; more: boolean }> {
  const found = await sql<{ count: number }>`select count(*)::int as count from (select 1 from ticket t
    where ${inViews(context)} and ${matching(query, viewerOf(context))} limit ${sql.lit(bound + 1)}) x`.execute(context.db)
  return bounded(found.rows[0]?.count ?? 0)
}
const bounded = (count: number) => ({ count: Math.min(count, bound), more: count > bound })

export async function tryQuery(context: Context, query: ViewQuery, sort: Sort) {
  const { items } = await ticketsOfView(context, { query, sort }, { limit: 5 })
  return { ...(await countOf(context, query)), items }
}

/** All that are shown with a count, in one statement. */
const counted = 40

export async function countsOfViews(context: Context): Promise<{ id: string; count: number; more: boolean }[]> {
  const views = await sql<{ id: string; query: ViewQuery }>`select w.id, w.query from ticket_view w
    where ${visibleView(context.actor)} and w.pinned = 'yes' order by w.position, w.id limit ${sql.lit(counted)}`.execute(context.db)
  if (views.rows.length === 0) return []
  const viewer = viewerOf(context)
  const parts = views.rows.map(
    ({ query }, n) =>
      sql`(select count(*)::int from (select 1 from ticket t where ${inViews(context)} and ${matching(query, viewer)} limit ${sql.lit(bound + 1)}) x) as ${sql.ref(`n${n}`)}`,
  )
  const found = await sql<Record<string, number>>`select ${sql.join(parts)}`.execute(context.db)
  return views.rows.map(({ id }, n) => ({ id, ...bounded(found.rows[0]?.[`n${n}`] ?? 0) }))
}
