import { sql } from 'kysely'
import type { Context, Kernel } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'

/**
 * From events to figures. Tickets are counted whole, each from its own history, so that it may be done again at any time
 * and what comes in late (an import, the past of another desk) corrects the days that it belongs to.
 */
const batch = 2000

/** Until nothing is left to count; each step is a transaction of its own. */
export async function countAll(kernel: Kernel): Promise<void> {
  for (let more = true; more; ) more = await kernel.asSystem(followHistory)
}

/** Counts what came since the last time. Says whether there is more to do at once. */
export async function followHistory(context: Context): Promise<boolean> {
  const { db } = context
  await sql`insert into figure_position (xid, event_id, filled_to) values (pg_snapshot_xmin(pg_current_snapshot()), 0, 0) on conflict do nothing`.execute(
    db,
  )
  // Whoever finds it taken leaves the work to the other.
  const found = await sql<{ xid: string; event_id: string; filled_to: string | null }>`select xid::text as xid, event_id, filled_to
    from figure_position for update skip locked`.execute(db)
  const position = found.rows[0]
  if (!position) return false
  if (position.filled_to !== null) return fillFurther(context, position.filled_to)
  return followFurther(context, position)
}

/** The first count: all tickets by their number. What happens meanwhile stands behind the position, and is counted after it. */
async function fillFurther({ db }: Context, filledTo: string): Promise<boolean> {
  const found = await sql<{ id: string }>`select id from ticket where id > ${filledTo}::bigint order by id limit ${sql.lit(batch)}`.execute(
    db,
  )
  const ids = found.rows.map((row) => row.id)
  await deriveFigures(db, ids)
  const done = ids.length < batch
  await sql`update figure_position set filled_to = ${done ? null : ids.at(-1)}::bigint`.execute(db)
  return true
}

/** Events become visible in another order than they are numbered: whoever reads them in order stops at the oldest open transaction. */
async function followFurther({ db, now }: Context, position: { xid: string; event_id: string }): Promise<boolean> {
  const found = await sql<{ xid: string; id: string; ticket_id: string | null }>`select e.xid::text as xid, e.id, e.ticket_id from event e
    where (e.xid, e.id) > (${position.xid}::xid8, ${position.event_id}::bigint)
      and (e.xid < pg_snapshot_xmin(pg_current_snapshot()) or e.xid = pg_current_xact_id_if_assigned())
    order by e.xid, e.id limit ${sql.lit(batch)}`.execute(db)
  const last = found.rows.at(-1)
  const ids = [...new Set(found.rows.flatMap((row) => (row.ticket_id === null ? [] : [row.ticket_id])))]
  await deriveFigures(db, ids)
  await sql`update figure_position set xid = ${last?.xid ?? position.xid}::xid8, event_id = ${last?.id ?? position.event_id}::bigint,
    followed_at = ${now.toString()}`.execute(db)
  return found.rows.length === batch
}

const finished = sql`('resolved', 'closed', 'cancelled')`
const held = sql`(meaning like 'waiting-%' or meaning = 'scheduled')`

/**
 * Each meaning that a ticket had, in order, and what it comes to: open, held or done. Being merged away changes nothing
 * here: such tickets are left out as long as it lasts. Where the history ends otherwise than the ticket stands (an import
 * knows of some only how they ended), the ticket counts.
 */
const states = (ids: string[]) => sql`told as (
    select t.id as ticket_id, t.created_at as at, 0::bigint as nth, 'new' as meaning from ticket t where t.id = any(${ids}::bigint[])
    union all select e.ticket_id, e.at, e.id, case e.type when 'ticket.resolved' then 'resolved' when 'ticket.closed' then 'closed'
        when 'ticket.reopened' then 'open' else e.data #>> '{changes,meaning,1}' end
      from event e where e.ticket_id = any(${ids}::bigint[]) and (e.type in ('ticket.resolved', 'ticket.closed', 'ticket.reopened')
        or (e.type = 'ticket.changed' and e.data #>> '{changes,meaning,1}' is not null))),
  classed as (select *, case when meaning in ${finished} then 'done' when ${held} then 'held' else 'open' end as class from told),
  ended as (select distinct on (ticket_id) * from classed order by ticket_id, at desc, nth desc),
  present as (select t.id as ticket_id, greatest(x.at, case when t.meaning in ${finished} then coalesce(t.resolved_at, t.closed_at, t.changed_at) else t.changed_at end) as at,
      9223372036854775807 as nth, t.meaning, case when t.meaning in ${finished} then 'done' when ${held} then 'held' else 'open' end as class, x.class as was
    from ticket t join (select ticket_id, at, class from ended) x on x.ticket_id = t.id where t.id = any(${ids}::bigint[]) and t.merged_into_id is null),
  states as (select ticket_id, at, nth, meaning, class from classed
    union all select ticket_id, at, nth, meaning, class from present where class <> was)`

export async function deriveFigures(db: Db, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`delete from ticket_spell where ticket_id = any(${ids}::bigint[])`.execute(db)
  await sql`with ${states(ids)},
    moved as (select *, lag(class) over (partition by ticket_id order by at, nth) as before from states),
    kept as (select *, lead(at) over (partition by ticket_id order by at, nth) as until_at from moved where before is distinct from class)
    insert into ticket_spell (ticket_id, nth, state, from_at, until_at)
      select ticket_id, row_number() over (partition by ticket_id order by at, nth), class, at, coalesce(until_at, 'infinity') from kept where class <> 'done'`.execute(
    db,
  )
  await writeFigures(db, ids)
}

/** An answer is one of a person, told to everyone, and not the ticket's opening words; a resolution that is told is one too. */
const answersOf = sql`(select count(*)::int as answers, min(said.at) as first_at from (
    select m.at from message m where m.ticket_id = t.id and m.direction = 'out' and m.audience = 'everyone' and m.author_id is not null
      and m.withdrawn_at is null and m.automatic is null and m.bounce is null and m.merged_from_id is null and m.at >= t.created_at
      and m.id > (select min(o.id) from message o where o.ticket_id = t.id and o.merged_from_id is null)
    union all select e.at from event e where e.ticket_id = t.id and e.type = 'ticket.resolved' and e.data ->> 'tell' = 'true' and e.actor_id is not null) said)`

const writeFigures = (db: Db, ids: string[]): Promise<unknown> =>
  sql`with ${states(ids)},
    moved as (select *, lag(class) over w as before,
        coalesce(bool_or(class <> 'done') over (w rows between 1 following and unbounded following), false) as goes_on
      from states window w as (partition by ticket_id order by at, nth)),
    life as (select ticket_id, min(at) filter (where meaning in ('resolved', 'closed')) as first_resolved_at,
        case when (array_agg(meaning order by at desc, nth desc))[1] in ('resolved', 'closed') then
          coalesce(max(at) filter (where not goes_on and meaning = 'resolved'), min(at) filter (where not goes_on and class = 'done')) end as resolved_at,
        count(*) filter (where class <> 'done' and before = 'done')::int as reopened, bool_or(class = 'held') as was_held
      from moved group by ticket_id),
    spent as (select ticket_id, coalesce(sum(extract(epoch from until_at - from_at)) filter (where state = 'open'), 0) as open_seconds,
        coalesce(sum(extract(epoch from until_at - from_at)) filter (where state = 'held'), 0) as held_seconds
      from ticket_spell where ticket_id = any(${ids}::bigint[]) and until_at < 'infinity' group by ticket_id)
    insert into ticket_figure as f (ticket_id, created_at, first_answer_at, answers, first_resolved_at, resolved_at, open_seconds, held_seconds, reopened, was_held)
      select t.id, t.created_at, a.first_at, a.answers, l.first_resolved_at, l.resolved_at, coalesce(s.open_seconds, 0), coalesce(s.held_seconds, 0), l.reopened,
        case when l.was_held then 'yes' else 'no' end
      from life l join ticket t on t.id = l.ticket_id cross join lateral ${answersOf} a left join spent s on s.ticket_id = t.id
    on conflict (ticket_id) do update set created_at = excluded.created_at, first_answer_at = excluded.first_answer_at, answers = excluded.answers,
      first_resolved_at = excluded.first_resolved_at, resolved_at = excluded.resolved_at, open_seconds = excluded.open_seconds,
      held_seconds = excluded.held_seconds, reopened = excluded.reopened, was_held = excluded.was_held`.execute(db)
