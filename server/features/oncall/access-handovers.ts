import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Handover } from '../../../contract/oncall.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, notFound } from '../../kernel/problem.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { visibleAsStaff } from '../tickets/access-visibility.ts'
import { onCallAt } from './access-now.ts'

/**
 * Handover notes. They are written freely and may name any customer, so whoever is limited to some customers or teams
 * reads only what is for them or for their own team; tickets are shown to whoever sees them.
 */
export function visibleNotes({ actor }: Context): RawBuilder<SqlBool> {
  const me = actor.id
  if (actor.kind === 'system' || (actor.organisations === 'all' && actor.teamsLimit === 'all')) return sql`true`
  return sql`(h.from_id = ${me}::bigint or h.to_id = ${me}::bigint
    or exists (select 1 from team_member m where m.team_id = r.team_id and m.person_id = ${me}::bigint))`
}

const person = (column: string) =>
  sql`case when ${sql.raw(column)} is null then null else json_build_object('id', ${sql.raw(column)}::text, 'name', coalesce(firstline.name_of(${sql.raw(column)}), '')) end`

/** Whoever it is for, and whoever is on call: a colleague who only looks would take it from before their eyes. */
const mayConfirm = ({ actor }: Context, onCall: readonly string[]) =>
  sql<boolean>`h.from_id <> ${actor.id}::bigint and (coalesce(h.to_id = ${actor.id}::bigint, false) or h.rota_id = any(${[...onCall]}::bigint[]))`

/** This rota, where I am on call on it now. */
async function whereOnCall(context: Context, rotaId: string | undefined): Promise<string[]> {
  if (rotaId === undefined) return []
  return (await onCallAt(context, [rotaId], context.now)).get(rotaId)?.personId === context.actor.id ? [rotaId] : []
}
const rotaOfNote = async ({ db }: Context, id: string) =>
  (await sql<{ rota_id: string }>`select rota_id from handover_note where id = ${id}`.execute(db)).rows[0]?.rota_id

/** `onCall`: rotas on which I am on call now, and so may confirm what was left for whoever comes. */
const columns = (
  context: Context,
  onCall: readonly string[],
) => sql`h.id, json_build_object('id', r.id::text, 'name', r.name) as rota, ${wireTime('h.written_at')} as "writtenAt",
  ${person('h.from_id')} as from, ${person('h.to_id')} as to, h.text, ${wireTime('h.read_at')} as "readAt", ${person('h.read_by_id')} as "readBy",
  coalesce((select json_agg(json_build_object('id', t.id::text, 'number', t.id, 'subject', t.subject, 'priority', t.priority) order by t.priority, t.id)
    from handover_ticket k join ticket t on t.id = k.ticket_id where k.note_id = h.id and t.deleted_at is null and ${visibleAsStaff(context.actor)}), '[]') as tickets,
  json_build_object('confirm', h.read_at is null and ${mayConfirm(context, onCall)}) as can`

const joined = sql`handover_note h join rota r on r.id = h.rota_id`

/** Unread ones for me, and on rotas on which I am on call now those for nobody by name. */
export async function handoversForMe(context: Context, onCallRotas: readonly string[]): Promise<Handover[]> {
  const found = await sql<Handover>`select ${columns(context, onCallRotas)} from ${joined} where h.read_at is null and r.archived_at is null
    and (h.to_id = ${context.actor.id}::bigint or (h.rota_id = any(${[...onCallRotas]}::bigint[]) and h.from_id <> ${context.actor.id}::bigint))
    order by h.id desc limit 20`.execute(context.db)
  return found.rows
}

export async function listHandovers(
  context: Context,
  rotaId: string,
  query: { limit: number; after?: string | undefined },
): Promise<{ items: Handover[]; next: string | null }> {
  if (query.after !== undefined && !/^\d{1,18}$/.test(query.after))
    throw invalid('query.after', 'cursor', 'This is not a page mark of this list.')
  const onCall = await whereOnCall(context, rotaId)
  const after = query.after === undefined ? sql`` : sql`and h.id < ${query.after}::bigint`
  const found =
    await sql<Handover>`select ${columns(context, onCall)} from ${joined} where h.rota_id = ${rotaId} and ${visibleNotes(context)} ${after}
    order by h.id desc limit ${sql.raw(String(query.limit + 1))}`.execute(context.db)
  const items = found.rows.slice(0, query.limit)
  return { items, next: found.rows.length > query.limit ? items.at(-1)!.id : null }
}

export async function readHandover(context: Context, id: string): Promise<Handover> {
  const onCall = await whereOnCall(context, await rotaOfNote(context, id))
  const found =
    await sql<Handover>`select ${columns(context, onCall)} from ${joined} where h.id = ${id} and ${visibleNotes(context)}`.execute(
      context.db,
    )
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}

export type NoteFacts = { id: string; rota_id: string; from_id: string; read_at: unknown; mine: boolean }
export async function accessHandover(context: Context, id: string): Promise<Granted<NoteFacts, 'handover.read'>> {
  const onCall = await whereOnCall(context, await rotaOfNote(context, id))
  const found =
    await sql<NoteFacts>`select h.id, h.rota_id, h.from_id, h.read_at, ${mayConfirm(context, onCall)} as mine from ${joined} where h.id = ${id} and ${visibleNotes(context)} for update of h`.execute(
      context.db,
    )
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<NoteFacts, 'handover.read'>
}

/** What is open and high in the rota's team, as far as I see it. */
export async function urgentTickets(context: Context, teamId: string): Promise<Handover['tickets']> {
  const found = await sql<Handover['tickets'][number]>`select t.id::text as id, t.id::int as number, t.subject, t.priority from ticket t
    where t.team_id = ${teamId} and t.priority <= 2 and t.meaning not in ('resolved', 'closed', 'cancelled') and t.deleted_at is null and t.merged_into_id is null
      and ${visibleAsStaff(context.actor)} order by t.priority, t.id desc limit 50`.execute(context.db)
  return found.rows
}

/** Of these tickets those that I see: others cannot be handed over. */
export async function seenTickets(context: Context, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const found = await sql<{
    id: string
  }>`select t.id from ticket t where t.id = any(${[...ids]}::bigint[]) and t.deleted_at is null and ${visibleAsStaff(context.actor)}`.execute(
    context.db,
  )
  return found.rows.map((row) => row.id)
}
