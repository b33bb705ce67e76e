import { sql } from 'kysely'
import type { z } from 'zod'
import type { statuses } from '../../../contract/statuses.ts'
import type { Meaning } from '../../../contract/tickets.ts'
import type { Context } from '../../kernel/context.ts'
import { job } from '../../kernel/jobs.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { type accessStatus, allStatuses, statusUse } from './access-statuses.ts'
import './events.ts'

/** The company's own statuses. A meaning never changes: clocks and figures hang on it. */
type Editable = Awaited<ReturnType<typeof accessStatus>>
type New = z.output<(typeof statuses)['POST /api/statuses']['body']>
type Moves = z.output<(typeof statuses)['PUT /api/status-moves']['body']>['moves']
const most = 100
const about = (id: string) => ({ subject: { kind: 'status', id }, audience: 'staff' as const })

/** A place for one more, after the last of its meaning. */
async function placeFor(context: Context, meaning: Meaning): Promise<number> {
  const all = await allStatuses(context)
  if (all.length >= most) throw invalid('meaning', 'too_many', `A desk has at most ${most} statuses. Archive one first.`)
  const at = all.findLast((one) => one.meaning === meaning)?.position ?? all.at(-1)?.position ?? 0
  await sql`update status set position = position + 1 where position > ${at}`.execute(context.db)
  return at + 1
}

export async function addStatus(context: Context, { meaning, name }: New): Promise<string> {
  const position = await placeFor(context, meaning)
  const made = await sql<{
    id: string
  }>`insert into status (meaning, name, position) values (${meaning}, ${JSON.stringify(name)}::jsonb, ${position})
    returning id`.execute(context.db)
  const id = made.rows[0]!.id
  await context.record({ type: 'status.added', ...about(id), data: { meaning } })
  return id
}

export async function renameStatus(context: Context, status: Editable, version: number, name: New['name']): Promise<void> {
  if (status.version !== version)
    throw new Problem('version_stale', 'Somebody changed this status meanwhile.', {
      details: { current: (await allStatuses(context)).find((one) => one.id === status.id) },
    })
  await sql`update status set name = ${JSON.stringify(name)}::jsonb, version = version + 1 where id = ${status.id}`.execute(context.db)
  await context.record({ type: 'status.renamed', ...about(status.id), data: {} })
}

/** Every status has its place: an order that misses one was made from an old list. */
export async function orderStatuses(context: Context, ids: string[]): Promise<void> {
  const known = await sql<{ id: string }>`select id from status where archived_at is null for no key update`.execute(context.db)
  if (new Set(ids).size !== ids.length || known.rows.length !== ids.length || known.rows.some((row) => !ids.includes(row.id)))
    throw invalid('ids', 'not_all', 'Name each status once. Read the list again: somebody changed it meanwhile.')
  await sql`update status s set position = x.position from unnest(${ids}::bigint[]) with ordinality as x (id, position) where s.id = x.id`.execute(
    context.db,
  )
  await context.record({ type: 'statuses.ordered', ...about(ids[0] ?? '0'), data: { ids } })
}

/** Out of use at once; its tickets keep it until the job has given each the other one. */
export async function archiveStatus(context: Context, status: Editable, replacementId: string | null): Promise<void> {
  const use = await statusUse(context, status)
  if (use.needed)
    throw new Problem('still_in_use', 'Firstline itself sets this status, and there is no other of its meaning. Add another one first.', {
      details: { tickets: use.tickets, needed: true },
    })
  if (replacementId === null && use.tickets > 0)
    throw new Problem('still_in_use', `${use.tickets} tickets have this status. Say which one they get instead.`, {
      details: { tickets: use.tickets, replacements: use.replacements },
    })
  if (replacementId !== null && !use.replacements.includes(replacementId))
    throw invalid(
      'replacementId',
      'unknown',
      'Choose a status of the same meaning, or, where there is none, another one that is not finished.',
    )
  await sql`update status set archived_at = ${context.now.toString()}, replaced_by_id = ${replacementId}::bigint, version = version + 1 where id = ${status.id}`.execute(
    context.db,
  )
  // What was to be given this one gets the other.
  await sql`update status set replaced_by_id = ${replacementId}::bigint where replaced_by_id = ${status.id}`.execute(context.db)
  await sql`delete from status_move where ${status.id} in (from_id, to_id)`.execute(context.db)
  await context.record({ type: 'status.archived', ...about(status.id), data: { replacementId, tickets: use.tickets } })
  context.later(job('tickets.merge-statuses', {}))
}

/** What the job has not yet given another status keeps this one. */
export async function restoreStatus(context: Context, status: Editable): Promise<void> {
  const position = await placeFor(context, status.meaning)
  await sql`update status set archived_at = null, replaced_by_id = null, position = ${position}, version = version + 1 where id = ${status.id}`.execute(
    context.db,
  )
  await context.record({ type: 'status.restored', ...about(status.id), data: {} })
}

export async function setMoves(context: Context, moves: Moves): Promise<void> {
  const known = new Set((await allStatuses(context)).map((one) => one.id))
  const wrong = (moves ?? []).flatMap((move, n) =>
    (['fromId', 'toId'] as const)
      .filter((end) => !known.has(move[end]))
      .map((end) => ({ path: `moves.${n}.${end}`, code: 'unknown', message: 'This status does not exist any more.' })),
  )
  const twice = (moves ?? []).findIndex(
    (move, n, all) => move.fromId === move.toId || all.findIndex((o) => o.fromId === move.fromId && o.toId === move.toId) < n,
  )
  if (twice >= 0) wrong.push({ path: `moves.${twice}`, code: 'taken', message: 'Name each move once, between two different statuses.' })
  if (moves?.length === 0) wrong.push({ path: 'moves', code: 'missing', message: 'Allow at least one move, or send null to allow all.' })
  if (wrong.length > 0) throw new Problem('validation_failed', 'Please correct the moves.', { issues: wrong })
  await sql`delete from status_move`.execute(context.db)
  await sql`insert into status_move (from_id, to_id, least_role) select x."fromId", x."toId", x."leastRole"
    from jsonb_to_recordset(${JSON.stringify(moves ?? [])}::jsonb) as x ("fromId" bigint, "toId" bigint, "leastRole" text)`.execute(
    context.db,
  )
  await context.record({ type: 'status.moves-set', ...about('0'), data: { moves: moves?.length ?? null } })
}
