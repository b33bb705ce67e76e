import { sql } from 'kysely'
import type { Queue } from '../../../contract/distribution.ts'
import type { Context } from '../../kernel/context.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'
import { untold } from './access-distribution.ts'
import { isFull, loadOf } from './rules-pick.ts'

/** The queues: one's own teams', and all for whoever looks after routing. Tickets that one may not see are not counted. */
type Row = Omit<Queue, 'people' | 'can'> & { waitingWeight: number; mine: boolean }
type Person = Omit<Queue['people'][number], 'load' | 'full'> & { teamId: string }
const lying = sql`t.deleted_at is null and t.merged_into_id is null`
const mostCounted = 1000

export async function listQueues(context: Context): Promise<Queue[]> {
  const { actor } = context
  const all = actor.rights.has('routing.edit')
  const found =
    await sql<Row>`select json_build_object('id', x.id::text, 'name', x.name) as team, coalesce(r.way, ${untold.way}) as way, r.cap,
      coalesce(r.waiting_weight, ${untold.waitingWeight})::float8 as "waitingWeight", x.id = any(${actor.teams}::bigint[]) as mine, o.open, u.unassigned, ${wireTime('u.oldest')} as "oldestAt"
    from team x left join team_routing r on r.team_id = x.id
    cross join lateral (select count(*)::int as open from (select 1 from ticket t where t.team_id = x.id and t.meaning not in ('resolved', 'closed', 'cancelled')
      and ${lying} and ${visibleAsStaff(actor)} limit ${sql.lit(mostCounted)}) y) o
    cross join lateral (select count(*)::int as unassigned, min(y.created_at) as oldest from (select t.created_at from ticket t where t.team_id = x.id and t.assignee_id is null
      and t.meaning in ('new', 'open') and ${lying} and ${visibleAsStaff(actor)} limit ${sql.lit(mostCounted)}) y) u
    where x.archived_at is null and (${all} or x.id = any(${actor.teams}::bigint[])) order by x.tier nulls last, x.name collate "und-x-icu", x.id limit 100`.execute(
      context.db,
    )
  const people = await peopleOf(
    context,
    found.rows.map(({ team }) => team.id),
  )
  return found.rows.map(({ waitingWeight, mine, ...row }) => ({
    ...row,
    people: people
      .filter(({ teamId }) => teamId === row.team.id)
      .map(({ teamId: _, ...one }) => ({
        ...one,
        load: loadOf(one, { waitingWeight }),
        full: isFull(one, { waitingWeight, cap: row.cap }),
      })),
    can: { take: mine, edit: all },
  }))
}

async function peopleOf(context: Context, teamIds: string[]): Promise<Person[]> {
  const now = context.now.toString()
  const found =
    await sql<Person>`with fit as materialized (select distinct p.id, p.name, p.state from team_member m join person p on p.id = m.person_id
      where m.team_id = any(${teamIds}::bigint[]) and p.archived_at is null),
    counted as materialized (select f.*, (firstline.absence_of(f.id, ${now}::timestamptz)).to_on::text as away,
      coalesce((select json_agg(s.name order by s.name) from person_skill k join skill s on s.id = k.skill_id where k.person_id = f.id), '[]') as skills, l.open, l.waiting
      from fit f cross join lateral (select count(*) filter (where y.meaning in ('new', 'open'))::int as open, count(*) filter (where y.meaning not in ('new', 'open'))::int as waiting
        from (select t.meaning from ticket t where t.assignee_id = f.id and t.meaning not in ('resolved', 'closed', 'cancelled') and ${lying}
          and ${visibleAsStaff(context.actor)} limit ${sql.lit(mostCounted)}) y) l)
    select m.team_id::text as "teamId", json_build_object('id', c.id::text, 'name', c.name) as person, m.is_lead = 'yes' as lead, c.state, c.away as "absentUntil", c.skills, c.open, c.waiting
    from team_member m join counted c on c.id = m.person_id where m.team_id = any(${teamIds}::bigint[]) order by c.name collate "und-x-icu", c.id`.execute(
      context.db,
    )
  return found.rows
}

/** The most urgent that nobody has, and nobody is just taking: two who ask at once get two. */
export async function nextTicketFor(context: Context, teamId: string | undefined): Promise<string | null> {
  const { actor } = context
  const teams = teamId === undefined ? actor.teams : actor.teams.filter((id) => id === teamId)
  const found = await sql<{ id: string }>`select t.id from ticket t where t.team_id = any(${[...teams]}::bigint[]) and t.assignee_id is null
    and t.meaning in ('new', 'open') and ${lying} and ${visibleAsStaff(actor)}
    order by t.priority, t.created_at, t.id limit 1 for no key update of t skip locked`.execute(context.db)
  return found.rows[0]?.id ?? null
}
