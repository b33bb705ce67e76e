import { sql } from 'kysely'
import type { HandoffPart } from '../../../contract/handoff.ts'
import type { Duties } from '../../../contract/tiers.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notAllowed, notFound } from '../../kernel/problem.ts'

/** What a team settles, takes and asks for: known to all staff, changed by whoever looks after teams. */
export type DutyFacts = { team_id: string; version: number }

/** The team's row is locked, so that two who set it for the first time do not miss one another. */
export async function accessDuties(context: Context, teamId: string, right: 'team.edit'): Promise<Granted<DutyFacts, 'team.edit'>> {
  if (!context.actor.rights.has(right)) throw notAllowed()
  const locked = await sql`select 1 from team where id = ${teamId} for no key update`.execute(context.db)
  if (locked.rows.length === 0) throw notFound()
  // A statement of its own: whoever waited for the lock would still read the version of before.
  const found =
    await sql<DutyFacts>`select t.id as team_id, coalesce(d.version, 1) as version from team t left join team_duty d on d.team_id = t.id
    where t.id = ${teamId}`.execute(context.db)
  return found.rows[0] as unknown as Granted<DutyFacts, 'team.edit'>
}

export async function readDuties({ db }: Context, teamId: string): Promise<Duties> {
  const found =
    await sql<Duties>`select coalesce(d.version, 1) as version, coalesce(d.kinds, '{}') as kinds, coalesce(d.asks_for, '{}') as "asksFor",
      array(select s.category_id::text from team_settles s where s.team_id = t.id order by s.category_id) as settles,
      array(select k.category_id::text from team_takes k where k.team_id = t.id order by k.category_id) as takes
    from team t left join team_duty d on d.team_id = t.id where t.id = ${teamId}`.execute(db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}

export async function listAsking({ db }: Context): Promise<{ teamId: string; parts: HandoffPart[] }[]> {
  const found = await sql<{ teamId: string; parts: HandoffPart[] }>`select d.team_id::text as "teamId", d.asks_for as parts
    from team_duty d join team t on t.id = d.team_id where d.asks_for <> '{}' and t.archived_at is null order by d.team_id`.execute(db)
  return found.rows
}

export async function partsAskedBy({ db }: Context, teamId: string): Promise<{ team: string; parts: HandoffPart[] } | undefined> {
  const found = await sql<{ team: string; parts: HandoffPart[] }>`select t.name as team, d.asks_for as parts from team_duty d
    join team t on t.id = d.team_id where d.team_id = ${teamId} and d.asks_for <> '{}'`.execute(db)
  return found.rows[0]
}
