import { sql } from 'kysely'
import type { z } from 'zod'
import type { oncall, Schedule } from '../../../contract/oncall.ts'
import { type Instant, onWire, Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, notAllowed, notFound } from '../../kernel/problem.ts'
import { accessRota, type RotaInfo } from './access.ts'
import { finalSchedule } from './access-now.ts'
import { overrideColumns, refuseRange } from './access-schedule.ts'
import { about, isStaff } from './actions.ts'
import './events.ts'

type Input = z.output<(typeof oncall)['POST /api/rotas/:id/overrides']['body']>
type UsedRota = Granted<RotaInfo, 'rota.use'>

/** Who was on call is not written anew. */
export const laterOf = (a: Instant, b: Instant): Instant => (Temporal.Instant.compare(a, b) < 0 ? b : a)

/** By leads, for anybody. Whoever is not one may do no more than take over themselves where nobody is on call. */
export async function addOverride(context: Context, rota: UsedRota, input: Input): Promise<string> {
  const [from, to] = [Temporal.Instant.from(input.from), Temporal.Instant.from(input.to)]
  refuseRange(from, to, '')
  if (to.epochMilliseconds <= context.now.epochMilliseconds)
    throw invalid('to', 'past', 'This time is over. Choose an end that is still to come.')
  if (rota.archived) throw notAllowed('This rota is archived. Restore it first.')
  const starts = laterOf(from, context.now)
  const held = await finalSchedule(context, rota.id, starts, to)
  const fillsGap = input.personId === context.actor.id && held.every((shift) => shift.personId === null)
  if (!rota.may_edit && !fillsGap)
    throw notAllowed('Only leads put somebody else on call. Offer a swap, or step in where nobody is on call.')
  if (input.personId !== null) await refuseStrangers(context, input.personId, 'personId')
  const before = held.flatMap((shift) => shift.personId ?? [])
  return putOverride(context, rota.id, { ...input, from: onWire(starts), swapId: null, before })
}

export async function refuseStrangers({ db }: Context, personId: string, path: string): Promise<void> {
  const found = await sql<{ ok: boolean }>`select ${isStaff('x.id')} as ok from (select ${personId}::bigint as id) x`.execute(db)
  if (!found.rows[0]!.ok) throw invalid(path, 'no_staff', 'Only somebody of the staff who is still here can be on call. Choose another.')
}

type Put = { from: string; to: string; personId: string | null; reason: string; swapId: string | null; before: readonly string[] }

export async function putOverride(context: Context, rotaId: string, put: Put): Promise<string> {
  const made = await sql<{
    id: string
  }>`insert into rota_override (rota_id, starts_at, ends_at, person_id, reason, swap_id, made_at, made_by_id)
    values (${rotaId}, ${put.from}, ${put.to}, ${put.personId}, ${put.reason}, ${put.swapId}, ${context.now.toString()}, ${context.actor.id}) returning id`.execute(
    context.db,
  )
  const id = made.rows[0]!.id
  // Of a swap both hear as of a swap.
  if (put.swapId === null) {
    const personIds = [...new Set([...put.before, ...(put.personId === null ? [] : [put.personId])])]
    await context.record({ type: 'oncall.override-added', ...about(rotaId), data: { overrideId: id, personIds } })
  }
  return id
}

export async function readOverride({ db }: Context, id: string): Promise<Schedule['overrides'][number]> {
  const found = await sql<Schedule['overrides'][number]>`select ${overrideColumns} from rota_override o where o.id = ${id}`.execute(db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}

/** By leads, and by whoever made it, unless it came of a swap: that is taken back by another swap. */
export async function removeOverride(context: Context, id: string): Promise<void> {
  const found = await sql<{
    rota_id: string
    made_by_id: string | null
    person_id: string | null
    swap_id: string | null
    starts_at: Temporal.Instant
    ends_at: Temporal.Instant
  }>`
    select rota_id, made_by_id, person_id, swap_id, starts_at, ends_at from rota_override where id = ${id}`.execute(context.db)
  const row = found.rows[0]
  if (!row) throw notFound()
  const rota = await accessRota(context, row.rota_id)
  const own = row.made_by_id === context.actor.id && row.swap_id === null
  if (!rota.may_edit && !own) throw notAllowed('Only leads and whoever made it take this back.')
  if (Temporal.Instant.compare(row.ends_at, context.now) <= 0) throw notAllowed('This time is over: it stays as it was.')
  if (Temporal.Instant.compare(row.starts_at, context.now) < 0)
    await sql`update rota_override set ends_at = ${context.now.toString()} where id = ${id}`.execute(context.db)
  else await sql`delete from rota_override where id = ${id}`.execute(context.db)
  const after = (await finalSchedule(context, rota.id, laterOf(row.starts_at, context.now), row.ends_at)).flatMap(
    (shift) => shift.personId ?? [],
  )
  const personIds = [...new Set([...after, ...(row.person_id === null ? [] : [row.person_id])])]
  await context.record({ type: 'oncall.override-removed', ...about(rota.id), data: { overrideId: id, personIds } })
}
