import { sql } from 'kysely'
import type { Handover, OnCallShift } from '../../../contract/oncall.ts'
import type { Context } from '../../kernel/context.ts'
import { namesOf } from './access.ts'
import { loadRotas } from './access-facts.ts'
import { handoversForMe } from './access-handovers.ts'
import { ahead, idsIn, wireShift } from './access-schedule.ts'
import { swapsForMe } from './access-swaps.ts'
import { finalOf, type Shift } from './rules-final.ts'

type Row = { rota: { id: string; name: string }; team: { id: string; name: string }; timeZone: string }
type Now = { items: (Row & { now: OnCallShift; next: OnCallShift | null })[]; handovers: Handover[]; swaps: number }

const living = ({ db }: Context) =>
  sql<Row>`select json_build_object('id', r.id::text, 'name', r.name) as rota, json_build_object('id', t.id::text, 'name', t.name) as team, r.time_zone as "timeZone"
    from rota r join team t on t.id = r.team_id where r.archived_at is null order by r.name collate "und-x-icu", r.id limit 200`.execute(db)

/** Fifteen days are looked ahead: who comes after that is nobody's "next". */
export async function onCallNow(context: Context): Promise<Now> {
  const { now } = context
  const rows = (await living(context)).rows
  const facts = await loadRotas(
    context,
    rows.map((row) => row.rota.id),
    now.subtract({ hours: 24 * 8 }),
    now.add({ hours: 24 * 15 }),
  )
  const found = rows.map((row) => {
    const shifts = finalOf(facts.get(row.rota.id)!, now.subtract({ hours: 24 * 8 }), now.add({ hours: 24 * 15 }))
    const at = shifts.findIndex((one) => one.to.epochMilliseconds > now.epochMilliseconds)
    return { row, now: shifts[at]!, next: shifts[at + 1] ?? null }
  })
  const names = await namesOf(context, idsIn(found.flatMap((one) => (one.next ? [one.now, one.next] : [one.now]))))
  const items = found.map((one) => ({
    ...one.row,
    now: wireShift(one.now, names),
    next: one.next === null ? null : wireShift(one.next, names),
  }))
  return {
    items,
    handovers: await handoversForMe(
      context,
      found.flatMap((one) => (one.now.personId === context.actor.id ? [one.row.rota.id] : [])),
    ),
    swaps: await swapsForMe(context),
  }
}

export type OwnShift = Shift & { rota: { id: string; name: string }; timeZone: string }

/** Whose shifts these are, in all rotas, by time. */
export async function shiftsOf(context: Context, personId: string): Promise<OwnShift[]> {
  const [from, to] = [context.now.subtract({ hours: 24 }), context.now.add(ahead)]
  const found = await sql<{ id: string }>`select distinct l.rota_id as id from rota_layer l join rota_layer_person k on k.layer_id = l.id
    where l.held_to is null and (k.person_id = ${personId} or k.person_id in (select a.person_id from absence a where a.substitute_id = ${personId}::bigint))
    union select rota_id from rota_override where person_id = ${personId} and ends_at > ${from.toString()}::timestamptz`.execute(context.db)
  const ids = new Set(found.rows.map((row) => row.id))
  const rows = (await living(context)).rows.filter((row) => ids.has(row.rota.id))
  const facts = await loadRotas(
    context,
    rows.map((row) => row.rota.id),
    from,
    to,
  )
  return rows
    .flatMap((row) => finalOf(facts.get(row.rota.id)!, from, to).map((shift) => ({ ...shift, rota: row.rota, timeZone: row.timeZone })))
    .filter((shift) => shift.personId === personId)
    .toSorted((a, b) => a.from.epochMilliseconds - b.from.epochMilliseconds)
}

export async function myShifts(context: Context): Promise<{ items: (OnCallShift & { rota: { id: string; name: string } })[] }> {
  const shifts = (await shiftsOf(context, context.actor.id ?? '0')).filter(
    (one) => one.to.epochMilliseconds > context.now.epochMilliseconds,
  )
  const names = await namesOf(context, idsIn(shifts))
  return { items: shifts.map((one) => ({ ...wireShift(one, names), rota: one.rota })) }
}
