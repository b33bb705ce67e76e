import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { collected, countIssues, groupByWho, keepClusters } from './actions-issues.ts'
import './events.ts'
import { clusters, isBurst } from './rules.ts'

/**
 * Each minute: the tickets of the last hour. They join the issues that they belong to, and many with one unusual word are
 * told to the leads: probably one thing has failed for all of them.
 */
const quietHours = 4

export async function lookAround(context: Context): Promise<void> {
  const fresh = await sql<{ id: string }>`select t.id from ticket t where ${collected(context)}
    and t.created_at > ${context.now.toString()}::timestamptz - interval '1 hour' order by t.id desc limit 2000`.execute(context.db)
  const ids = fresh.rows.map((row) => row.id)
  if (ids.length === 0) return
  const touched = new Set([...(await joinKnown(context, ids)), ...(await joinWho(context, ids)), ...(await findBursts(context, ids))])
  if (touched.size > 0) await countIssues(context, [...touched])
}

/** Only the persons and sites of these tickets, each looked up by itself: the night sees all. */
const joinWho = (context: Context, ids: string[]) => {
  const same = (who: string) => sql`(select distinct f.${sql.raw(who)}, f.category_id from ticket f
      where f.id = any(${ids}::bigint[]) and f.category_id is not null and f.${sql.raw(who)} is not null) f
    cross join lateral (select x.requester_id, x.site_id, x.category_id, x.created_at, x.deleted_at, x.merged_into_id, x.restricted_at from ticket x where x.${sql.raw(who)} = f.${sql.raw(who)} and x.category_id = f.category_id
      and x.deleted_at is null and x.merged_into_id is null offset 0) t`
  return groupByWho(context, { person: same('requester_id'), site: same('site_id') })
}

/** A new ticket with the words of a known issue is one of it. */
async function joinKnown(context: Context, ids: string[]): Promise<string[]> {
  const joined = await sql<{ id: string }>`insert into radar_ticket (issue_id, ticket_id)
    with said as materialized (select t.id, firstline.telling_words(t.subject) as words from ticket t where t.id = any(${ids}::bigint[]))
    select i.id, s.id from said s join radar_issue i on i.kind = 'words' and cardinality(i.stems) > 1 and i.stems[1:2] <@ s.words
    on conflict do nothing returning issue_id as id`.execute(context.db)
  return joined.rows.map((row) => row.id)
}

async function findBursts(context: Context, ids: string[]): Promise<string[]> {
  const found = await sql<{ word: string; ids: string[]; people: number; share: number }>`
    with said as (select t.id, t.requester_id, w.word from ticket t cross join lateral unnest(firstline.telling_words(t.subject || ' ' || coalesce((
      select left(m.visible_body, 600) from message m where m.ticket_id = t.id and m.audience = 'everyone' order by m.id limit 1), ''))) w (word)
      where t.id = any(${ids}::bigint[]))
    select s.word, array_agg(s.id::text order by s.id desc) as ids, count(distinct s.requester_id)::int as people, coalesce(max(u.share), 0)::float8 as share
    from said s left join radar_word u on u.word = s.word group by s.word having count(*) >= 5 order by count(*) desc, s.word limit 200`.execute(
    context.db,
  )
  const unusual = found.rows.filter(({ ids: own, people, share }) => isBurst({ tickets: own.length, people, share }, ids.length))
  const outages = clusters(unusual.map(({ word, ids: own }) => ({ stems: [word], ids: own })))
  const issues = await keepClusters(context, outages)
  for (const [n, issueId] of issues.entries()) await ring(context, issueId, outages[n]!.ids)
  return issues
}

/** Once for each burst: as long as it goes on, and four hours after, nobody is told again. */
async function ring(context: Context, issueId: string, ids: string[]): Promise<void> {
  const now = sql`${context.now.toString()}::timestamptz`
  const before = await sql<{ burst_at: string | null; state: string }>`select burst_at::text, state from radar_issue where id = ${issueId}
    and (burst_at is null or burst_at < ${now} - make_interval(hours => ${sql.lit(quietHours)})) for no key update`.execute(context.db)
  await sql`update radar_issue set burst_at = ${now}, burst_tickets = ${ids.length} where id = ${issueId}`.execute(context.db)
  if (!before.rows[0]) return
  const first = [...ids].sort((a, b) => Number(a) - Number(b))[0]!
  await context.record({
    type: 'radar.burst',
    subject: { kind: 'radar', id: issueId },
    ticketId: first,
    audience: 'staff',
    data: { issueId, tickets: ids.length },
  })
}
