import { sql } from 'kysely'
import type { z } from 'zod'
import type { people } from '../../../contract/people.ts'
import { staffRoles } from '../../../contract/rights.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { readTeam, type TeamFacts } from './access-teams.ts'
import './events.ts'

type Input = z.output<(typeof people)['POST /api/teams']['body']>
type Change = z.output<(typeof people)['PATCH /api/teams/:id']['body']>
type Members = z.output<(typeof people)['PUT /api/teams/:id/members']['body']>['members']
type Team = Granted<TeamFacts, 'team.edit'>

const nameTaken = () =>
  new Problem('already_exists', 'Another team has this name.', {
    issues: [{ path: 'name', code: 'already_exists', message: 'Another team has this name.' }],
  })
function namedAlready(cause: unknown): never {
  throw (cause as { code?: string }).code === '23505' ? nameTaken() : cause
}

export async function addTeam(context: Context, input: Input): Promise<string> {
  const made = await sql<{ id: string }>`insert into team (name, tier, speciality, created_at)
    values (${input.name}, ${input.tier ?? null}, ${input.speciality ?? ''}, ${context.now.toString()}) on conflict do nothing returning id`.execute(
    context.db,
  )
  const id = made.rows[0]?.id
  if (id === undefined) throw nameTaken()
  await context.record({ type: 'team.created', subject: { kind: 'team', id }, audience: 'staff', data: {} })
  return id
}

export async function changeTeam(context: Context, team: Team, version: number, change: Change): Promise<void> {
  if (team.version !== version)
    throw new Problem('version_stale', 'Somebody else changed this team meanwhile.', {
      details: { current: await readTeam(context, team.id) },
    })
  const sets = (['name', 'tier', 'speciality'] as const).flatMap((field) =>
    change[field] === undefined ? [] : [sql`, ${sql.ref(field)} = ${change[field]}`],
  )
  if (sets.length === 0) return
  await sql`update team set version = version + 1${sql.join(sets, sql``)} where id = ${team.id}`.execute(context.db).catch(namedAlready)
  await context.record({
    type: 'team.changed',
    subject: { kind: 'team', id: team.id },
    audience: 'staff',
    data: { fields: Object.keys(change) },
  })
}

/** Refused while it holds open tickets: they would wait for nobody. */
export async function archiveTeam(context: Context, team: Team): Promise<void> {
  if (team.archived_at !== null) return
  const open =
    await sql`select 1 from ticket where team_id = ${team.id} and meaning not in ('resolved', 'closed', 'cancelled') and deleted_at is null limit 1`.execute(
      context.db,
    )
  if (open.rows.length > 0) throw new Problem('still_in_use', 'This team holds open tickets: pass them on first.')
  await context.db.updateTable('team').set({ archived_at: context.now }).where('id', '=', team.id).execute()
  await context.record({ type: 'team.archived', subject: { kind: 'team', id: team.id }, audience: 'staff', data: {} })
}

/** Refused while another one has taken its name meanwhile. Its members are those it had. */
export async function restoreTeam(context: Context, team: Team): Promise<void> {
  if (team.archived_at === null) return
  await sql`update team set archived_at = null where id = ${team.id}`.execute(context.db).catch(namedAlready)
  await context.record({ type: 'team.restored', subject: { kind: 'team', id: team.id }, audience: 'staff', data: {} })
}

export async function setMembers(context: Context, team: Team, members: Members): Promise<void> {
  const ids = [...new Set(members.map((member) => member.personId))]
  const leads = members.filter((member) => member.lead).map((member) => member.personId)
  const staff = await sql<{ id: string }>`select distinct p.id from person p join role_grant g on g.person_id = p.id
    where p.id = any(${ids}::bigint[]) and p.archived_at is null and g.role = any(${[...staffRoles]}::text[])`.execute(context.db)
  if (staff.rows.length !== ids.length) throw invalid('members', 'not_staff', 'Only staff can be members of a team.')
  await sql`delete from team_member where team_id = ${team.id} and person_id <> all(${ids}::bigint[])`.execute(context.db)
  await sql`insert into team_member (team_id, person_id, is_lead, since)
    select ${team.id}::bigint, x, case when x = any(${leads}::bigint[]) then 'yes' else 'no' end, ${context.now.toString()}::timestamptz from unnest(${ids}::bigint[]) x
    on conflict (team_id, person_id) do update set is_lead = excluded.is_lead`.execute(context.db)
  await context.record({
    type: 'team.members-set',
    subject: { kind: 'team', id: team.id },
    audience: 'staff',
    data: { members: ids.length },
  })
}
