import { sql } from 'kysely'
import type { z } from 'zod'
import type { visits } from '../../../contract/visits.ts'
import type { Context } from '../../kernel/context.ts'
import { Problem } from '../../kernel/problem.ts'
import { accessEntry } from '../timekeeping/access.ts'
import { addTime, changeTime, removeTime, todayOf } from '../timekeeping/actions.ts'
import { type GrantedVisit, readVisit } from './access.ts'
import './events.ts'

type Work = z.output<(typeof visits)['PUT /api/visits/:id/work']['body']>

/** Minutes are each one's own; summary and parts are the visit's. */
export async function writeWork(context: Context, visit: GrantedVisit, version: number, work: Work): Promise<void> {
  if (visit.version !== version)
    throw new Problem('version_stale', 'Somebody changed this visit meanwhile.', {
      details: { current: await readVisit(context, visit.id) },
    })
  if (visit.state === 'cancelled') throw new Problem('visit_over', 'This visit was cancelled. Plan a new one.')
  await sql`update visit set summary = ${work.summary}, version = version + 1, changed_at = ${context.now.toString()} where id = ${visit.id}`.execute(
    context.db,
  )
  await keepMinutes(context, visit, work)
  await keepParts(context, visit.id, work.parts)
  await context.record({
    type: 'visit.work-written',
    subject: { kind: 'visit', id: visit.id },
    ticketId: visit.ticket.id,
    organisationId: visit.ticket.organisation_id,
    audience: 'staff',
    data: { visitId: visit.id },
  })
}

async function keepMinutes(context: Context, visit: GrantedVisit, work: Work): Promise<void> {
  const me = context.actor.id
  const before = await sql<{
    entry: string | null
  }>`select time_entry_id as entry from visit_work where visit_id = ${visit.id} and person_id = ${me}`.execute(context.db)
  const nothing = work.workMinutes === 0 && work.travelMinutes === 0 && work.kilometres === 0
  if (nothing && before.rows.length === 0) return
  const entry = await followInTime(context, visit, work.workMinutes, before.rows[0]?.entry ?? null)
  if (nothing) await sql`delete from visit_work where visit_id = ${visit.id} and person_id = ${me}`.execute(context.db)
  else
    await sql`insert into visit_work (visit_id, person_id, work_minutes, travel_minutes, kilometres, time_entry_id)
      values (${visit.id}, ${me}, ${work.workMinutes}, ${work.travelMinutes}, ${work.kilometres}, ${entry})
      on conflict (visit_id, person_id) do update set work_minutes = excluded.work_minutes, travel_minutes = excluded.travel_minutes,
        kilometres = excluded.kilometres, time_entry_id = excluded.time_entry_id`.execute(context.db)
}

/** Work on site is time spent on the ticket: one entry, which follows what is written here. */
async function followInTime(context: Context, visit: GrantedVisit, minutes: number, entryId: string | null): Promise<string | null> {
  if (entryId === null) {
    if (minutes === 0) return null
    const day = visit.starts_at.toZonedDateTimeISO(visit.time_zone).toPlainDate().toString()
    const begun = visit.starts_at.epochMilliseconds < context.now.epochMilliseconds
    return addTime(context, visit.ticket, { minutes, workDate: begun ? day : todayOf(context), note: visit.purpose })
  }
  const entry = await accessEntry(context, entryId)
  if (minutes === 0) {
    await removeTime(context, entry)
    return null
  }
  if (entry.minutes !== minutes) await changeTime(context, entry, entry.version, { minutes })
  return entryId
}

async function keepParts(context: Context, visitId: string, parts: Work['parts']): Promise<void> {
  await sql`delete from visit_part where visit_id = ${visitId}`.execute(context.db)
  if (parts.length === 0) return
  const rows = parts.map((part, position) => ({ ...part, position }))
  await sql`insert into visit_part (visit_id, position, name, number, quantity, serial, price_cents)
    select ${visitId}::bigint, x.position, x.name, x.number, x.quantity, x.serial, x.price
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x (position int, name text, number text, quantity numeric, serial text, price bigint)`.execute(
    context.db,
  )
}
