import { sql } from 'kysely'
import type { Team } from '../../../contract/people.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notAllowed, notFound } from '../../kernel/problem.ts'
import { openTickets } from './access-organisations.ts'

/** Teams and skills are the desk's own: all staff see them, so that a ticket can be passed on. */
export type TeamFacts = { id: string; version: number; archived_at: unknown }

export async function accessTeam(context: Context, id: string, right: 'team.edit'): Promise<Granted<TeamFacts, 'team.edit'>> {
  if (!context.actor.rights.has(right)) throw notAllowed()
  const found = await sql<TeamFacts>`select id, version, archived_at from team where id = ${id} for no key update`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<TeamFacts, 'team.edit'>
}

const columns = (context: Context) => sql`x.id, x.version, x.name, x.tier, x.speciality, x.archived_at is not null as archived,
  coalesce((select json_agg(json_build_object('id', p.id::text, 'name', p.name, 'lead', m.is_lead = 'yes', 'state', p.state) order by p.name, p.id)
    from team_member m join person p on p.id = m.person_id where m.team_id = x.id and p.archived_at is null), '[]') as members,
  ${openTickets(context.actor, 'team_id', 'x.id')} as "openTickets"`

export async function listTeams(context: Context, archived: boolean): Promise<Team[]> {
  const found = await sql<Team>`select ${columns(context)} from team x where (x.archived_at is not null) = ${archived}
    order by x.tier nulls last, x.name collate "und-x-icu", x.id`.execute(context.db)
  return found.rows
}

export async function readTeam(context: Context, id: string): Promise<Team> {
  const found = await sql<Team>`select ${columns(context)} from team x where x.id = ${id}`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}

export type SkillFacts = { id: string }

export async function accessSkill(context: Context, id: string): Promise<Granted<SkillFacts, 'team.edit'>> {
  if (!context.actor.rights.has('team.edit')) throw notAllowed()
  const found = await sql<SkillFacts>`select id from skill where id = ${id} for update`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<SkillFacts, 'team.edit'>
}

export async function listSkills(context: Context): Promise<{ id: string; name: string }[]> {
  return (await sql<{ id: string; name: string }>`select id, name from skill order by name collate "und-x-icu", id`.execute(context.db))
    .rows
}
