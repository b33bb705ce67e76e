import { sql } from 'kysely'
import type { z } from 'zod'
import type { oncall, RotaInput } from '../../../contract/oncall.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { type Issue, Problem } from '../../kernel/problem.ts'
import { type EditedRota, readRota } from './access.ts'
import type { Trial } from './access-schedule.ts'
import { putLayers } from './actions-layers.ts'
import type { LayerFacts } from './rules-turns.ts'
import './events.ts'

type Change = z.output<(typeof oncall)['PATCH /api/rotas/:id']['body']>

export const about = (rotaId: string) => ({ subject: { kind: 'rota', id: rotaId }, audience: 'staff' as const })

export async function addRota(context: Context, _team: Granted<{ id: string }, 'rota.edit'>, input: RotaInput): Promise<string> {
  await refuseUnfit(context, input, null)
  const made = await sql<{ id: string }>`insert into rota (name, team_id, time_zone, calendar_id, needed, created_at)
    values (${input.name}, ${input.teamId}, ${input.timeZone}, ${input.calendarId}, ${input.needed}, ${context.now.toString()}) returning id`.execute(
    context.db,
  )
  const id = made.rows[0]!.id
  await putLayers(context, id, input.layers, null)
  await context.record({ type: 'oncall.rota-added', ...about(id), data: {} })
  return id
}

export async function changeRota(context: Context, rota: EditedRota, version: number, change: Change): Promise<void> {
  const current = await readRota(context, rota.id)
  if (rota.version !== version) throw new Problem('version_stale', 'Somebody changed this rota meanwhile.', { details: { current } })
  const input = {
    name: change.name ?? rota.name,
    teamId: change.teamId ?? rota.team_id,
    timeZone: change.timeZone ?? rota.time_zone,
    calendarId: change.calendarId === undefined ? rota.calendar_id : change.calendarId,
    needed: change.needed ?? rota.needed,
  }
  await refuseUnfit(context, { ...input, layers: change.layers ?? [] }, rota.id)
  await sql`update rota set version = version + 1, name = ${input.name}, team_id = ${input.teamId}, time_zone = ${input.timeZone}, calendar_id = ${input.calendarId}, needed = ${input.needed}
    where id = ${rota.id}`.execute(context.db)
  if (change.layers) await putLayers(context, rota.id, change.layers, context.now.toString())
  await context.record({ type: 'oncall.rota-changed', ...about(rota.id), data: { fields: Object.keys(change) } })
}

export async function archiveRota(context: Context, rota: EditedRota): Promise<void> {
  if (rota.archived) return
  await sql`update rota set version = version + 1, archived_at = ${context.now.toString()} where id = ${rota.id}`.execute(context.db)
  await context.record({ type: 'oncall.rota-archived', ...about(rota.id), data: {} })
}

export async function restoreRota(context: Context, rota: EditedRota): Promise<void> {
  if (!rota.archived) return
  await refuseTakenName(context, rota.name, rota.id)
  await sql`update rota set version = version + 1, archived_at = null where id = ${rota.id}`.execute(context.db)
  await context.record({ type: 'oncall.rota-restored', ...about(rota.id), data: {} })
}

/** A rota that is not kept yet, as the rules take it; layers are told apart by their place. */
export async function trialOf(context: Context, input: RotaInput, rotaId: string | null): Promise<Trial> {
  await refuseUnfit(context, input, rotaId, 'rota.')
  const layers: LayerFacts[] = input.layers.map((layer, n) => ({
    id: String(n),
    name: layer.name,
    timeZone: layer.timeZone,
    ...layer.rotation,
    handover: layer.handover,
    weekday: layer.weekday,
    startsOn: layer.startsOn,
    endsOn: layer.endsOn,
    personIds: layer.peopleIds,
    hours: layer.hours,
  }))
  return { layers, teamId: input.teamId, needed: input.needed, calendarId: input.calendarId, name: input.name }
}

/** Names every wrong field at once. */
async function refuseUnfit(context: Context, input: RotaInput, own: string | null, path = ''): Promise<void> {
  const issues: Issue[] = []
  const add = (field: string, code: string, message: string) => issues.push({ path: path + field, code, message })
  const people = input.layers.flatMap((layer) => layer.peopleIds)
  const kept = input.layers.flatMap((layer) => layer.id ?? [])
  const found = await sql<{ team: boolean; calendar: boolean; taken: boolean; strange: string[]; layers: string[] }>`select
    exists (select 1 from team where id = ${input.teamId} and archived_at is null) as team,
    exists (select 1 from calendar where id = ${input.calendarId}::bigint) as calendar,
    exists (select 1 from rota where firstline.plain(name) = firstline.plain(${input.name}::text) and archived_at is null and id is distinct from ${own}::bigint) as taken,
    array(select x.id::text from unnest(${people}::bigint[]) x (id) where not ${isStaff('x.id')}) as strange,
    array(select id::text from rota_layer where rota_id = ${own}::bigint and held_to is null and id = any(${kept}::bigint[])) as layers`.execute(
    context.db,
  )
  const is = found.rows[0]!
  if (is.taken) add('name', 'taken', 'Another rota has this name. Choose another, or restore that one.')
  if (!is.team) add('teamId', 'team_unknown', 'There is no such team. Choose one of the list.')
  if (input.needed !== 'always' && input.calendarId === null)
    add('calendarId', 'needed', 'Choose the calendar whose hours are meant, or say that somebody is needed at all times.')
  if (input.needed === 'always' && input.calendarId !== null)
    add('needed', 'calendar', 'Say whether somebody is needed within or outside the hours of the calendar, or leave the calendar out.')
  if (input.calendarId !== null && !is.calendar) add('calendarId', 'calendar_unknown', 'There is no such calendar. Choose one of the list.')
  for (const [n, layer] of input.layers.entries()) {
    if (layer.endsOn !== null && layer.endsOn <= layer.startsOn)
      add(`layers.${n}.endsOn`, 'before_start', 'The last day is not after the first. Choose a later one.')
    if (layer.id !== undefined && (!is.layers.includes(layer.id) || kept.indexOf(layer.id) !== kept.lastIndexOf(layer.id)))
      add(`layers.${n}.id`, 'layer_unknown', 'This layer is not of this rota. Leave its id out to add it.')
    if (layer.peopleIds.some((id) => is.strange.includes(id)))
      add(`layers.${n}.peopleIds`, 'no_staff', 'Only people of the staff who are still here can be on call. Take the others out.')
  }
  if (issues.length > 0) throw new Problem('validation_failed', issues[0]!.message, { issues })
}

export const isStaff = (column: string) => sql`exists (select 1 from person p join role_grant g on g.person_id = p.id
  and g.role in ('agent', 'lead', 'manager', 'administrator') where p.id = ${sql.raw(column)} and p.archived_at is null)`

async function refuseTakenName(context: Context, name: string, own: string): Promise<void> {
  const taken =
    await sql`select 1 from rota where firstline.plain(name) = firstline.plain(${name}::text) and archived_at is null and id <> ${own}`.execute(
      context.db,
    )
  if (taken.rows.length > 0) throw new Problem('already_exists', 'Another rota has this name by now. Rename that one first.')
}
