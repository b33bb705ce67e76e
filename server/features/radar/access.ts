import { sql } from 'kysely'
import type { z } from 'zod'
import type { Issue, IssueState, radar } from '../../../contract/radar.ts'
import type { Repeated } from '../../../contract/similar.ts'
import type { TicketRow } from '../../../contract/tickets.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, notAllowed, notFound } from '../../kernel/problem.ts'
import { ticketPage } from '../tickets/access-list.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'
import { trendOf, weeksOf } from './rules.ts'

/**
 * Repeated issues as a reader may know them: each is counted among the tickets that they see, and where these are fewer
 * than three it does not exist for them. The lists are ordered by what the job counted.
 */
type Query = z.output<(typeof radar)['GET /api/radar']['query']>
export type IssueFacts = { id: string; version: number; state: IssueState }
type Row = Omit<Issue, 'weeks' | 'trend' | 'can'> & { ages: number[]; inTheBurst: number; whole: boolean }

const least = 3
/** A burst is news for a day, for those who see enough of its tickets: to others it would tell of what they may not see. */
const newsHours = 24
const inTheBurst = sql`count(*) filter (where t.created_at between i.burst_at - interval '1 hour' and i.burst_at)::int`
const bursts = (
  context: Context,
) => sql`(i.burst_at > ${context.now.toString()}::timestamptz - make_interval(hours => ${sql.lit(newsHours)})
  and x."inTheBurst" >= ${sql.lit(least)})`

const counted = (context: Context) => sql`cross join lateral (
    select count(*)::int as tickets, count(*) filter (where t.meaning not in ('resolved', 'closed', 'cancelled'))::int as open,
      count(distinct t.requester_id)::int as people, count(distinct t.organisation_id)::int as organisations,
      ${wireTime('min(t.created_at)')} as "firstAt", ${wireTime('max(t.created_at)')} as "lastAt", coalesce(sum(r.minutes), 0)::int as minutes,
      coalesce(sum(r.minutes) filter (where r.estimated = 'yes'), 0)::int as estimated, (array_agg(t.subject order by t.id desc))[1] as subject,
      array_agg(floor(extract(epoch from ${context.now.toString()}::timestamptz - t.created_at) / 86400)::int) as ages, ${inTheBurst} as "inTheBurst"
    from radar_ticket r join ticket t on t.id = r.ticket_id
    where r.issue_id = i.id and t.deleted_at is null and t.merged_into_id is null and ${visibleAsStaff(context.actor)}) x`

/** Its words as the tickets say them that the reader sees: others may name what only they are about. So many of the newest tell enough, beside a ticket too. */
const telling = 50
const wordsFor = (
  context: Context,
) => sql`array(select w.word from unnest(i.words, i.stems) with ordinality w (word, stem, n) where exists (
    select 1 from (select t.id, t.subject from radar_ticket r join ticket t on t.id = r.ticket_id where r.issue_id = i.id
      and t.deleted_at is null and t.merged_into_id is null and ${visibleAsStaff(context.actor)} order by r.ticket_id desc limit ${sql.lit(telling)}) y
    where w.stem = any(firstline.telling_words(y.subject || ' ' || coalesce((select left(m.visible_body, 600) from message m
      where m.ticket_id = y.id and m.audience = 'everyone' order by m.id limit 1), '')))) order by w.n)`

/** Who sees all of an issue says what it is about, and reads what was said: that may name what only some of its tickets are about. */
const whole = ({ actor }: Context) =>
  actor.organisations === 'all' && actor.teamsLimit === 'all' ? sql`true` : sql`x.tickets >= i.tickets`

const columns = (context: Context) => sql`i.id, i.version, i.kind, ${wordsFor(context)} as words, i.state, ${whole(context)} as whole,
  case when ${whole(context)} then i.why else '' end as why, ${wireTime('i.set_at')} as "setAt",
  case when i.person_id is null then null else json_build_object('id', i.person_id::text, 'name', firstline.name_of(i.person_id)) end as person,
  case when s.id is null then null else json_build_object('id', s.id::text, 'name', s.name) end as site,
  case when c.id is null then null else json_build_object('id', c.id::text, 'name', c.name ->> ${context.actor.language}) end as category,
  case when i.set_by_id is null then null else json_build_object('id', i.set_by_id::text, 'name', firstline.name_of(i.set_by_id)) end as "setBy",
  i.state = 'new' and i.set_at is not null as "cameBack",
  case when ${bursts(context)} then json_build_object('at', ${wireTime('i.burst_at')}, 'tickets', least(i.burst_tickets, x."inTheBurst")) end as burst,
  x.*`
const joins = sql`left join site s on s.id = i.site_id left join category c on c.id = i.category_id`

const asIssue = ({ ages, inTheBurst: _, whole: settle, ...row }: Row): Issue => {
  const weeks = weeksOf(ages)
  return { ...row, weeks, trend: trendOf(weeks), can: { settle } }
}

const orders = { tickets: sql`i.tickets`, minutes: sql`i.minutes`, last: sql`i.last_at` }

export async function listIssues(context: Context, query: Query) {
  const by = orders[query.order]
  const mark = query.after === undefined ? undefined : markOf(query.after)
  const found = await sql<Row>`select ${columns(context)} from radar_issue i ${counted(context)} ${joins}
    where x.tickets >= ${sql.lit(least)} ${query.state === 'all' ? sql`` : sql`and i.state = ${query.state}`}
      ${query.kind === undefined ? sql`` : sql`and i.kind = ${query.kind}`}
      ${mark === undefined ? sql`` : sql`and (${by}, i.id) < (select ${by}, i.id from radar_issue i where i.id = ${mark}::bigint)`}
    order by ${by} desc, i.id desc limit ${sql.raw(String(query.limit + 1))}`.execute(context.db)
  const rows = found.rows.slice(0, query.limit)
  const last = rows.at(-1)
  const at = await sql<{ at: string | null }>`select value ->> 'at' as at from setting where name = 'radar'`.execute(context.db)
  return {
    items: rows.map(asIssue),
    next: found.rows.length > query.limit && last ? Buffer.from(JSON.stringify(['0', last.id])).toString('base64url') : null,
    collectedAt: at.rows[0]?.at ?? null,
  }
}

/** The id alone: what the lists are ordered by counts tickets that the reader may not see. */
function markOf(cursor: string): string {
  try {
    const [, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, string]
    if (/^\d{1,18}$/.test(id)) return id
  } catch {}
  throw invalid('query.after', 'cursor', 'This is not a page mark of this list.')
}

export async function readIssue(context: Context, id: string): Promise<Issue> {
  const found = await sql<Row>`select ${columns(context)} from radar_issue i ${counted(context)} ${joins}
    where i.id = ${id} and x.tickets >= ${sql.lit(least)}`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return asIssue(found.rows[0])
}

/** To say what it is about: for those who see all of it, since it is said to everybody. */
export async function accessIssue(context: Context, id: string): Promise<Granted<IssueFacts, 'radar.settle'>> {
  const { version, state, can } = await readIssue(context, id)
  if (!can.settle) throw notAllowed('Part of this issue belongs to others. Somebody who sees all of it says what it is about.')
  return { id, version, state } as unknown as Granted<IssueFacts, 'radar.settle'>
}

export async function ticketsOfIssue(
  context: Context,
  id: string,
  query: { limit: number; after?: string | undefined },
): Promise<{ items: TicketRow[]; next: string | null }> {
  await readIssue(context, id)
  const mark = query.after === undefined ? sql`` : sql`and t.id < ${markOf(query.after)}::bigint`
  return ticketPage(context, {
    where: sql`t.id in (select r.ticket_id from radar_ticket r where r.issue_id = ${id}) and t.deleted_at is null and t.merged_into_id is null
      and ${visibleAsStaff(context.actor)} ${mark}`,
    order: sql`t.id desc`,
    sortAt: sql`'0'::text`,
    limit: query.limit,
  })
}

/** What a ticket is one of, for who looks at it; the other open ones may be made its children. */
export async function issuesOf(context: Context, ticketId: string): Promise<Repeated[]> {
  const found =
    await sql<Repeated>`select i.id, i.kind, ${wordsFor(context)} as words, x.tickets, coalesce(${bursts(context)}, false) as burst, x.open
    from radar_ticket own join radar_issue i on i.id = own.issue_id cross join lateral (
      select count(*)::int as tickets, ${inTheBurst} as "inTheBurst", coalesce((array_agg(t.id::text order by t.id) filter (where t.id <> ${ticketId} and t.meaning not in ('resolved', 'closed', 'cancelled')
        and not exists (select 1 from ticket_link l where l.from_id = t.id and l.kind = 'child')))[1:50], '{}') as open
      from radar_ticket r join ticket t on t.id = r.ticket_id
      where r.issue_id = i.id and t.deleted_at is null and t.merged_into_id is null and ${visibleAsStaff(context.actor)}) x
    where own.ticket_id = ${ticketId} and i.state <> 'done' and x.tickets >= ${sql.lit(least)} order by x.tickets desc, i.id limit 5`.execute(
      context.db,
    )
  return found.rows
}
