import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Rota } from '../../../contract/oncall.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notAllowed, notFound } from '../../kernel/problem.ts'

/** Rotas are known to all staff. The leads of the team edit them, and whoever forms teams. */
export type RotaInfo = {
  id: string
  version: number
  name: string
  team_id: string
  time_zone: string
  calendar_id: string | null
  needed: 'always' | 'within' | 'outside'
  archived: boolean
  may_edit: boolean
}

const leads = ({ actor }: Context, team: RawBuilder<unknown>): RawBuilder<SqlBool> =>
  actor.kind === 'system' || actor.rights.has('team.edit')
    ? sql`true`
    : sql`exists (select 1 from team_member m where m.team_id = ${team} and m.person_id = ${actor.id}::bigint and m.is_lead = 'yes')`

const reference = (id: string, name: string) =>
  sql`case when ${sql.raw(id)} is null then null else json_build_object('id', ${sql.raw(id)}::text, 'name', ${sql.raw(name)}) end`

const columns = (context: Context) => sql`r.id, r.version, r.name, ${reference('t.id', 't.name')} as team, r.time_zone as "timeZone",
  ${reference('c.id', 'c.name')} as calendar, r.needed, r.archived_at is not null as archived, json_build_object('edit', ${leads(context, sql`r.team_id`)}) as can,
  coalesce((select json_agg(json_build_object('id', l.id::text, 'name', l.name, 'timeZone', l.time_zone, 'rotation', json_build_object('unit', l.unit, 'every', l.every),
      'handover', l.handover, 'weekday', l.weekday, 'startsOn', l.starts_on, 'endsOn', l.ends_on, 'hours', l.hours,
      'people', coalesce((select json_agg(json_build_object('id', k.person_id::text, 'name', coalesce(firstline.name_of(k.person_id), '')) order by k.position)
        from rota_layer_person k where k.layer_id = l.id), '[]')) order by l.position)
    from rota_layer l where l.rota_id = r.id and l.held_to is null), '[]') as layers`
const joined = sql`rota r join team t on t.id = r.team_id left join calendar c on c.id = r.calendar_id`

export async function listRotas(context: Context, archived: boolean): Promise<{ items: Rota[]; can: { add: boolean } }> {
  const found = await sql<Rota>`select ${columns(context)} from ${joined} where (r.archived_at is not null) = ${archived}
    order by r.name collate "und-x-icu", r.id limit 200`.execute(context.db)
  const { actor } = context
  const led = await sql`select 1 from team_member where person_id = ${actor.id}::bigint and is_lead = 'yes' limit 1`.execute(context.db)
  return { items: found.rows, can: { add: actor.rights.has('team.edit') || led.rows.length > 0 } }
}

export async function readRota(context: Context, id: string): Promise<Rota> {
  const found = await sql<Rota>`select ${columns(context)} from ${joined} where r.id = ${id}`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}

async function rotaFacts(context: Context, id: string): Promise<RotaInfo> {
  const found =
    await sql<RotaInfo>`select r.id, r.version, r.name, r.team_id, r.time_zone, r.calendar_id, r.needed, r.archived_at is not null as archived,
    ${leads(context, sql`r.team_id`)} as may_edit from rota r where r.id = ${id} for no key update of r`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}

/** To be used: overrides of one's own, swaps, notes. Locked, so that two swaps of one shift come one after the other. */
export async function accessRota(context: Context, id: string): Promise<Granted<RotaInfo, 'rota.use'>> {
  if (!context.actor.rights.has('ticket.work')) throw notFound()
  return (await rotaFacts(context, id)) as unknown as Granted<RotaInfo, 'rota.use'>
}

export type EditedRota = Granted<RotaInfo, 'rota.edit'>
export async function accessRotaAsLead(context: Context, id: string): Promise<EditedRota> {
  const row = await rotaFacts(context, id)
  if (!row.may_edit) throw notAllowed('Only the leads of its team and whoever forms teams change a rota.')
  return row as unknown as EditedRota
}

/** For a rota that is yet to be: whoever may edit those of this team. */
export async function accessTeamForRota(context: Context, teamId: string): Promise<Granted<{ id: string }, 'rota.edit'>> {
  const found = await sql<{
    id: string
    may: boolean
  }>`select t.id, ${leads(context, sql`t.id`)} as may from team t where t.id = ${teamId}`.execute(context.db)
  if (found.rows[0] && !found.rows[0].may) throw notAllowed('Only the leads of this team and whoever forms teams add a rota for it.')
  return { id: teamId } as unknown as Granted<{ id: string }, 'rota.edit'>
}

/** Names for ids, past row-level security: whoever sees a schedule sees who stands in it. */
export async function namesOf({ db }: Context, ids: readonly (string | null)[]): Promise<Map<string, { id: string; name: string }>> {
  const asked = [...new Set(ids.filter((id) => id !== null))]
  if (asked.length === 0) return new Map()
  const found = await sql<{
    id: string
    name: string
  }>`select x.id::text as id, coalesce(firstline.name_of(x.id), '') as name from unnest(${asked}::bigint[]) x (id)`.execute(db)
  return new Map(found.rows.map((row) => [row.id, row]))
}
