import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { board, Grouping, Sort } from '../../../contract/views.ts'
import type { Context } from '../../kernel/context.ts'
import { ticketPage } from '../tickets/access-list.ts'
import type { ViewFacts } from './access.ts'
import { bound, groupKey, sortsOf } from './access-list.ts'
import { inViews, matching, viewerOf } from './access-query.ts'

/** A view in groups: what its first thousand tickets fall into, with the first 50 of each; three statements, whatever the groups. */
const shown = 50
type Board = z.infer<typeof board>
type Group = { key: string; name: string }
type Asked = { by: Grouping; sort?: Sort | undefined }

export async function boardOf(context: Context, view: Pick<ViewFacts, 'query' | 'sort'>, { by, sort }: Asked): Promise<Board> {
  const { order } = sortsOf[sort ?? view.sort]
  const found = await sql<{ id: string; key: string; n: number; count: number; total: number }>`
    with hits as materialized (select t.id, ${groupKey[by]} as key, row_number() over (order by ${order}) as place from ticket t
      where ${inViews(context)} and ${matching(view.query, viewerOf(context))} order by ${order} limit ${sql.lit(bound + 1)}),
    placed as (select id, key, row_number() over (partition by key order by place)::int as n, count(*) over (partition by key)::int as count,
      count(*) over ()::int as total from hits)
    select * from placed where n <= ${sql.lit(shown)} order by n`.execute(context.db)
  const rows = found.rows
  const names = await namesOf(context, by, [...new Set(rows.map((row) => row.key))])
  const { items } = await ticketPage(context, {
    where: sql`t.id = any(${rows.map((row) => row.id)}::bigint[])`,
    order,
    sortAt: sql`null::text`,
    limit: Math.max(1, rows.length),
  })
  const keyOf = new Map(rows.map((row) => [row.id, row.key]))
  const counts = new Map(rows.map((row) => [row.key, row.count]))
  const groups = names.map(({ key, name }) => ({
    key,
    name,
    count: counts.get(key) ?? 0,
    items: items.filter((row) => keyOf.get(row.id) === key),
  }))
  return { groups, more: (rows[0]?.total ?? 0) > bound }
}

/** In the order in which one reads them. Statuses, priorities and teams also where nothing is in them, so that one can move there. */
async function namesOf(context: Context, by: Grouping, keys: string[]): Promise<Group[]> {
  const ids = keys.filter((key) => /^\d+$/.test(key))
  const none: Group[] = keys.includes('none') || by === 'team' || by === 'assignee' ? [{ key: 'none', name: '' }] : []
  if (by === 'priority') return ['1', '2', '3', '4', '5'].map((key) => ({ key, name: key }))
  if (by === 'meaning') return keys.map((key) => ({ key, name: key }))
  const from: Record<'status' | 'team' | 'assignee' | 'organisation', RawBuilder<unknown>> = {
    status: sql`select id::text as key, coalesce(name ->> ${context.actor.language}, name ->> 'en') as name from status
      where id = any(${ids}::bigint[]) or (archived_at is null and meaning not in ('resolved', 'closed', 'new')) order by position`,
    team: sql`select id::text as key, name from team where id = any(${ids}::bigint[]) or archived_at is null order by tier nulls last, name limit 100`,
    assignee: sql`select id::text as key, coalesce(nullif(name, ''), email::text, '') as name from person where id = any(${ids}::bigint[]) order by name limit 200`,
    organisation: sql`select id::text as key, name from organisation where id = any(${ids}::bigint[]) order by name limit 200`,
  }
  const found = await sql<Group>`${from[by]}`.execute(context.db)
  return [...none, ...found.rows]
}
