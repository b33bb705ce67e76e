import { sql } from 'kysely'
import { onWire } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, notAllowed } from '../../kernel/problem.ts'
import { namesOf, type RotaInfo } from './access.ts'
import { type NoteFacts, seenTickets, urgentTickets } from './access-handovers.ts'
import { finalSchedule } from './access-now.ts'
import { about } from './actions.ts'
import './events.ts'

/** Whoever leaves writes what is open; whoever comes confirms having read it. Notes are kept and never changed. */
type UsedRota = Granted<RotaInfo, 'rota.use'>

/** Who comes after the shift that runs now: the next other person within fifteen days. */
async function whoComes(context: Context, rotaId: string): Promise<{ toId: string | null; endsAt: string | null }> {
  const [now, ...later] = await finalSchedule(context, rotaId, context.now, context.now.add({ hours: 24 * 15 }))
  // Written after the handover, it is for whoever has it now.
  if (now && now.personId !== null && now.personId !== context.actor.id) return { toId: now.personId, endsAt: null }
  const next = later.find((shift) => shift.personId !== null && shift.personId !== context.actor.id)
  return { toId: next?.personId ?? null, endsAt: now ? onWire(now.to) : null }
}

export async function draftHandover(context: Context, rota: UsedRota) {
  const { toId, endsAt } = await whoComes(context, rota.id)
  const names = await namesOf(context, [toId])
  return { to: toId === null ? null : names.get(toId)!, shiftEndsAt: endsAt, tickets: await urgentTickets(context, rota.team_id) }
}

export async function writeHandover(context: Context, rota: UsedRota, input: { text: string; ticketIds: string[] }): Promise<string> {
  if (rota.archived) throw notAllowed('This rota is archived. Restore it first.')
  const ids = [...new Set(input.ticketIds)]
  if ((await seenTickets(context, ids)).length < ids.length)
    throw invalid('ticketIds', 'ticket_unknown', 'One of these tickets is not there for you. Take it out.')
  const { toId, endsAt } = await whoComes(context, rota.id)
  const made = await sql<{ id: string }>`insert into handover_note (rota_id, written_at, from_id, to_id, shift_ends_at, text)
    values (${rota.id}, ${context.now.toString()}, ${context.actor.id}, ${toId}, ${endsAt}, ${input.text.trim()}) returning id`.execute(
    context.db,
  )
  const id = made.rows[0]!.id
  await sql`insert into handover_ticket (note_id, ticket_id) select ${id}::bigint, unnest(${ids}::bigint[])`.execute(context.db)
  await context.record({ type: 'oncall.handover-written', ...about(rota.id), data: { noteId: id, personIds: toId === null ? [] : [toId] } })
  return id
}

export async function confirmHandover(context: Context, note: Granted<NoteFacts, 'handover.read'>): Promise<void> {
  if (note.from_id === context.actor.id) throw notAllowed('Whoever comes confirms it, not whoever wrote it.')
  if (!note.mine) throw notAllowed('It is confirmed by whom it is for, or by whoever is on call now.')
  if (note.read_at !== null) return
  await sql`update handover_note set read_at = ${context.now.toString()}, read_by_id = ${context.actor.id} where id = ${note.id}`.execute(
    context.db,
  )
  await context.record({ type: 'oncall.handover-read', ...about(note.rota_id), data: { noteId: note.id } })
}
