import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import './events.ts'
import { type Cluster, sameIssue, writtenAs } from './rules.ts'

/** How issues and their tickets are written, by the job of the night and by the one of the minute alike. */
const days = 90
export const leastSame = 3

/** On `t`: what the radar looks at. What only some may read is nobody's pattern. */
export const collected = (context: Context): RawBuilder<SqlBool> =>
  sql`t.created_at > ${context.now.toString()}::timestamptz - make_interval(days => ${sql.lit(days)}) and t.created_at <= ${context.now.toString()}::timestamptz
    and t.deleted_at is null and t.merged_into_id is null and t.restricted_at is null`

/** A person with the same category again and again, and a site with many of one category within a week. */
export async function groupByWho(context: Context, from = { person: sql`ticket t`, site: sql`ticket t` }): Promise<string[]> {
  const now = sql`${context.now.toString()}::timestamptz`
  const keep = (kind: 'person' | 'site', groups: RawBuilder<unknown>, joined: RawBuilder<SqlBool>) =>
    sql<{ id: string }>`
    with groups as materialized (${groups}),
    kept as (insert into radar_issue (kind, key, person_id, site_id, category_id, found_at, last_at)
      select ${kind}, ${kind} || ' ' || coalesce(g.person_id, g.site_id) || ' ' || g.category_id, g.person_id, g.site_id, g.category_id, ${now}, g.last_at from groups g
      order by coalesce(g.person_id, g.site_id), g.category_id
      on conflict (key) do update set last_at = greatest(radar_issue.last_at, excluded.last_at) returning id, person_id, site_id, category_id)
    , joined as (insert into radar_ticket (issue_id, ticket_id) select k.id, t.id from kept k join ticket t on t.category_id = k.category_id and ${joined}
      where ${collected(context)} on conflict do nothing)
    select id from kept`.execute(context.db)
  const people = await keep(
    'person',
    sql`select t.requester_id as person_id, null::bigint as site_id, t.category_id, max(t.created_at) as last_at from ${from.person}
      where ${collected(context)} and t.category_id is not null group by t.requester_id, t.category_id having count(*) >= ${sql.lit(leastSame)}`,
    sql`t.requester_id = k.person_id`,
  )
  // Five in seven days, and twice what the weeks before would bring, from more than one person.
  const recent = sql`filter (where t.created_at > ${now} - interval '7 days')`
  const sites = await keep(
    'site',
    sql`select null::bigint as person_id, t.site_id, t.category_id, max(t.created_at) as last_at from ${from.site}
      where ${collected(context)} and t.site_id is not null and t.category_id is not null group by t.site_id, t.category_id
      having count(*) ${recent} >= 5 and count(distinct t.requester_id) ${recent} >= 2
        and count(*) ${recent} >= 2 * (count(*) - count(*) ${recent}) / 11.86`,
    sql`t.site_id = k.site_id`,
  )
  return [...people.rows, ...sites.rows].map((row) => row.id)
}

/** Clusters become issues, or grow the ones that they already are. Returns the issue of each. */
export async function keepClusters(context: Context, found: readonly Cluster[]): Promise<string[]> {
  const known = await knownNear(
    context,
    found.flatMap((cluster) => cluster.ids),
  )
  const kept: string[] = []
  for (const cluster of found) {
    const issueId = sameIssue(cluster, known) ?? (await begin(context, cluster))
    await sql`insert into radar_ticket (issue_id, ticket_id) select ${issueId}, unnest(${cluster.ids}::bigint[]) on conflict do nothing`.execute(
      context.db,
    )
    kept.push(issueId)
  }
  return kept
}

async function knownNear(context: Context, ticketIds: string[]): Promise<{ id: string; ticketIds: string[] }[]> {
  const rows = await sql<{
    id: string
    ticketIds: string[]
  }>`select r.issue_id as id, array_agg(r.ticket_id::text) as "ticketIds" from radar_ticket r
    where r.issue_id in (select x.issue_id from radar_ticket x join radar_issue i on i.id = x.issue_id
      where i.kind = 'words' and x.ticket_id = any(${ticketIds}::bigint[])) group by r.issue_id order by r.issue_id`.execute(context.db)
  return rows.rows
}

async function begin(context: Context, { stems, ids }: Cluster): Promise<string> {
  const texts = await sql<{
    text: string
  }>`select t.subject || ' ' || coalesce((select left(m.visible_body, 600) from message m where m.ticket_id = t.id
      and m.audience = 'everyone' order by m.id limit 1), '') as text
    from ticket t where t.id = any(${ids.slice(0, 20)}::bigint[]) order by t.id`.execute(context.db)
  const words = stems.map((stem) =>
    writtenAs(
      stem,
      texts.rows.map((row) => row.text),
    ),
  )
  const made = await sql<{ id: string }>`insert into radar_issue (kind, key, stems, words, found_at, last_at)
    values ('words', ${`words ${stems.join(' ')} ${[...ids].sort()[0]}`}, ${stems}, ${words}, ${context.now.toString()}, ${context.now.toString()})
    on conflict (key) do update set stems = excluded.stems returning id`.execute(context.db)
  return made.rows[0]!.id
}

/** What they cost, how many they are, and whether what was done is not: of some issues, or of all. */
export async function countIssues(context: Context, ids: string[] | null): Promise<void> {
  const some = ids === null ? sql`true` : sql`i.id = any(${ids}::bigint[])`
  await sql`with usual as materialized (${usualMinutes(context)}),
    costs as (select r.issue_id, r.ticket_id, (select sum(e.minutes) from time_entry e where e.ticket_id = r.ticket_id)::int as booked,
      (select count(*) from message m where m.ticket_id = r.ticket_id and m.direction <> 'in' and m.automatic is null and m.author_id is not null)::int as acts
      from radar_ticket r join radar_issue i on i.id = r.issue_id where ${some})
    update radar_ticket r set minutes = coalesce(c.booked, u.minutes, greatest(6, 6 * c.acts)), estimated = case when c.booked is null then 'yes' else 'no' end
    from costs c cross join usual u where r.issue_id = c.issue_id and r.ticket_id = c.ticket_id
      and (r.minutes, r.estimated) is distinct from (coalesce(c.booked, u.minutes, greatest(6, 6 * c.acts)), case when c.booked is null then 'yes' else 'no' end)`.execute(
    context.db,
  )
  await sql`update radar_issue i set tickets = x.tickets, minutes = x.minutes, last_at = x.last_at
    from (select r.issue_id, count(*)::int as tickets, sum(r.minutes)::int as minutes, max(t.created_at) as last_at
      from radar_ticket r join radar_issue i on i.id = r.issue_id join ticket t on t.id = r.ticket_id where ${some} group by r.issue_id) x
    where i.id = x.issue_id and (i.tickets, i.minutes, i.last_at) is distinct from (x.tickets, x.minutes, x.last_at)`.execute(context.db)
  await bringBack(context, some)
}

/** What a ticket takes here, where enough time is written down to say so; else six minutes for each of our messages (above). */
const usualMinutes = (
  context: Context,
) => sql`select case when count(*) >= 10 then percentile_cont(0.5) within group (order by x.minutes)::int end as minutes
  from (select sum(e.minutes) as minutes from time_entry e where e.work_date > (${context.now.toString()}::timestamptz at time zone 'UTC')::date - ${sql.lit(days)} group by e.ticket_id) x`

async function bringBack(context: Context, some: RawBuilder<unknown>): Promise<void> {
  const back = await sql<{ id: string; tickets: number }>`update radar_issue i set state = 'new', version = version + 1
    from (select r.issue_id, count(*)::int as tickets from radar_ticket r join ticket t on t.id = r.ticket_id join radar_issue d on d.id = r.issue_id
      where d.state = 'done' and t.created_at > d.set_at group by r.issue_id) x
    where i.id = x.issue_id and i.state = 'done' and ${some} returning i.id, x.tickets`.execute(context.db)
  for (const { id, tickets } of back.rows)
    await context.record({ type: 'radar.came-back', subject: { kind: 'radar', id }, audience: 'staff', data: { tickets } })
}
