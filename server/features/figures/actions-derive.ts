import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Context, Kernel } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import { leftOut } from './access-populations.ts'
import { deriveTargets } from './actions-derive-targets.ts'
import { contactsOf, escalationsOf, neededOf, teamsOf } from './actions-derive-teams.ts'

/**
 * From events to figures. Tickets are counted whole, each from its own history, so that it may be done again at any time
 * and what comes in late (an import, the past of another desk) corrects the days that it belongs to.
 */
const batch = 1000
/** How long one job works: the program may want to stop. */
const turn = 10_000

/** Until nothing is left to count; each step is a transaction of its own. */
export async function countAll(kernel: Kernel): Promise<void> {
  for (let more = true; more; ) more = await kernel.asSystem(followHistory)
}

/**
 * The same for a while. Between two steps it rests as long as the first took, so that the first count over a million
 * tickets leaves the machine to those who wait for an answer. Says whether there is more to do.
 */
export async function countForATurn(kernel: Kernel): Promise<boolean> {
  for (const until = performance.now() + turn; performance.now() < until; ) {
    const begun = performance.now()
    if (!(await kernel.asSystem(followHistory))) return false
    await pause(Math.min(performance.now() - begun, 1000))
  }
  return true
}

/** Counts what came since the last time. Says whether there is more to do at once. */
export async function followHistory(context: Context): Promise<boolean> {
  const { db } = context
  // Right after an upgrade PostgreSQL knows nothing of these tables, and would read all of them for each step.
  await sql`set local enable_seqscan = off`.execute(db)
  await begin(db)
  // Whoever finds it taken leaves the work to the other.
  const found = await sql<Position>`select xid::text as xid, event_id, filled_to, open_to
    from figure_position for update skip locked`.execute(db)
  const position = found.rows[0]
  if (!position) return false
  if (position.filled_to !== null) return fillFurther(context, position.filled_to)
  if (position.open_to !== null) return countOpenFurther(context, position.open_to)
  return followFurther(context, position)
}

type Position = { xid: string; event_id: string; filled_to: string | null; open_to: string | null }

/** Begun anew, nothing derived may be left: the first count need not look for it. */
async function begin(db: Db): Promise<void> {
  const made = await sql`insert into figure_position (xid, event_id, filled_to) values (pg_snapshot_xmin(pg_current_snapshot()), 0, 0)
    on conflict do nothing returning id`.execute(db)
  if (made.rows.length === 0) return
  for (const table of ['ticket_spell', 'ticket_target', 'ticket_breach', 'ticket_holding', 'ticket_figure'])
    await sql`delete from ${sql.table(table)}`.execute(db)
}

/** The first count: all tickets by their number. What happens meanwhile stands behind the position, and is counted after it. */
async function fillFurther({ db }: Context, filledTo: string): Promise<boolean> {
  const found = await sql<{ id: string }>`select id from ticket where id > ${filledTo}::bigint order by id limit ${sql.lit(batch)}`.execute(
    db,
  )
  const ids = found.rows.map((row) => row.id)
  await deriveFigures(db, ids, 'nothing')
  const done = ids.length < batch
  await sql`update figure_position set filled_to = ${done ? null : ids.at(-1)}::bigint`.execute(db)
  return true
}

/** Clocks that were counted anew tell it in one event for all of them: whatever is open is looked at once more. */
async function countOpenFurther({ db }: Context, openTo: string): Promise<boolean> {
  const found = await sql<{ id: string }>`select id from ticket where id > ${openTo}::bigint and meaning not in ${finished}
    and deleted_at is null order by id limit ${sql.lit(batch)}`.execute(db)
  const ids = found.rows.map((row) => row.id)
  await deriveFigures(db, ids)
  const done = ids.length < batch
  await sql`update figure_position set open_to = ${done ? null : ids.at(-1)}::bigint`.execute(db)
  return true
}

/** Events become visible in another order than they are numbered: whoever reads them in order stops at the oldest open transaction. */
async function followFurther({ db, now }: Context, position: Pick<Position, 'xid' | 'event_id'>): Promise<boolean> {
  const found = await sql<{
    xid: string
    id: string
    type: string
    ticket_id: string | null
  }>`select e.xid::text as xid, e.id, e.type, e.ticket_id from event e
    where (e.xid, e.id) > (${position.xid}::xid8, ${position.event_id}::bigint)
      and (e.xid < pg_snapshot_xmin(pg_current_snapshot()) or e.xid = pg_current_xact_id_if_assigned())
    order by e.xid, e.id limit ${sql.lit(batch)}`.execute(db)
  const last = found.rows.at(-1)
  const ids = [...new Set(found.rows.flatMap((row) => (row.ticket_id === null ? [] : [row.ticket_id])))]
  await deriveFigures(db, ids)
  const again = found.rows.some(({ type }) => type === 'agreements.recounted')
  await sql`update figure_position set xid = ${last?.xid ?? position.xid}::xid8, event_id = ${last?.id ?? position.event_id}::bigint,
    open_to = ${again ? 0 : null}::bigint, followed_at = ${now.toString()}`.execute(db)
  return again || found.rows.length === batch
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

/** An answer is one of a person, told to everyone, and not the ticket's opening words; a resolution that is told is one too. */
const answersOf = sql`(select count(*)::int as answers, min(said.at) as first_at from (
    select m.at from message m where m.ticket_id = t.ticket_id and m.direction = 'out' and m.audience = 'everyone' and m.author_id is not null
      and m.withdrawn_at is null and m.automatic is null and m.bounce is null and m.merged_from_id is null and m.at >= t.created_at
      and m.id > (select min(o.id) from message o where o.ticket_id = t.ticket_id and o.merged_from_id is null)
    union all select e.at from event e where e.ticket_id = t.ticket_id and e.type = 'ticket.resolved' and e.data ->> 'tell' = 'true' and e.actor_id is not null) said)`

/** What figures are asked by, as the ticket has it at present. */
const ofTicket = 'organisation_id, team_id, assignee_id, kind, priority, channel, restricted_at, deleted_at, left_out'
const traits = sql.raw(ofTicket)
const ofHistory =
  'contacts, replies, moves, team_ids, resolved_team_id, functional, hierarchical, needed, created_at, first_answer_at, answer_seconds, answers, first_resolved_at, resolved_at, resolution_seconds, open_seconds, held_seconds, reopened, was_held'
const all = `${ofHistory}, ${ofTicket}`
const replaced = sql.raw(`(${all}) = row (${all.replaceAll(/\w+/g, 'excluded.$&')})`)

/** What was derived before is deleted first, unless the caller knows that there is nothing. */
export async function deriveFigures(db: Db, ids: string[], before: 'delete' | 'nothing' = 'delete'): Promise<void> {
  if (ids.length === 0) return
  if (before === 'delete') await sql`delete from ticket_spell where ticket_id = any(${ids}::bigint[])`.execute(db)
  await sql`with ${states(ids)},
    moved as (select *, lag(class) over w as before,
        coalesce(bool_or(class <> 'done') over (w rows between 1 following and unbounded following), false) as goes_on
      from states window w as (partition by ticket_id order by at, nth)),
    kept as (select *, row_number() over w as n, lead(at) over w as until_at from moved where before is distinct from class
      window w as (partition by ticket_id order by at, nth)),
    about as (select t.id as ticket_id, t.created_at, t.changed_at, t.organisation_id, t.team_id, t.assignee_id, t.kind, t.priority, t.channel, t.restricted_at,
        t.deleted_at, ${leftOut} as left_out from ticket t where t.id = any(${ids}::bigint[])),
    spells as (insert into ticket_spell (ticket_id, nth, state, from_at, until_at, ${traits})
      select ticket_id, k.n, k.class, k.at, coalesce(k.until_at, 'infinity'), ${traits} from kept k join about using (ticket_id) where k.class <> 'done' order by ticket_id),
    life as (select ticket_id, min(at) filter (where meaning in ('resolved', 'closed')) as first_resolved_at,
        case when (array_agg(meaning order by at desc, nth desc))[1] in ('resolved', 'closed') then
          coalesce(max(at) filter (where not goes_on and meaning = 'resolved'), min(at) filter (where not goes_on and class = 'done')) end as resolved_at,
        count(*) filter (where class <> 'done' and before = 'done')::int as reopened, bool_or(class = 'held') as was_held,
        bool_or(meaning = 'waiting-approval') as waited_approval, bool_or(meaning = 'waiting-vendor') as waited_vendor
      from moved group by ticket_id),
    spent as (select ticket_id, coalesce(sum(extract(epoch from until_at - at)) filter (where class = 'open'), 0) as open_seconds,
        coalesce(sum(extract(epoch from until_at - at)) filter (where class = 'held'), 0) as held_seconds from kept group by ticket_id)
    insert into ticket_figure (ticket_id, ${sql.raw(all)})
      select ticket_id, c.contacts, c.replies, m.moves, m.team_ids, m.last_team, x.functional, x.hierarchical, ${neededOf}, t.created_at, a.first_at, extract(epoch from a.first_at - t.created_at), a.answers,
        l.first_resolved_at, l.resolved_at, extract(epoch from l.resolved_at - t.created_at), s.open_seconds, s.held_seconds, l.reopened,
        case when l.was_held then 'yes' else 'no' end, ${traits}
      from life l join about t using (ticket_id) join spent s using (ticket_id) cross join lateral ${answersOf} a
        cross join lateral ${contactsOf} c cross join lateral ${teamsOf} m cross join lateral ${escalationsOf} x order by ticket_id
    on conflict (ticket_id) do update set ${replaced}`.execute(db)
  await deriveTargets(db, ids, before)
}
