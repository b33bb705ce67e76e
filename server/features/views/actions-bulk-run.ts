import { sql } from 'kysely'
import type { BulkAction } from '../../../contract/views.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { Problem } from '../../kernel/problem.ts'
import { actingAs, actorOfPerson } from '../mail/access-agent.ts'
import type { TicketFacts } from '../tickets/access.ts'
import type { TicketRight } from '../tickets/access-visibility.ts'
import { watchTicket } from '../tickets/actions-care.ts'
import { editTicket, passTicket } from '../tickets/actions-edit.ts'
import { closeTicket, removeTicket, resolveTicket } from '../tickets/actions-life.ts'
import { effectsOn } from './access-effects.ts'
import { tagsAfter } from './rules-bulk.ts'
import './events.ts'

/**
 * A run in portions of one transaction each, by the verbs of a single ticket and as the person who asked: what a click on
 * one ticket records, tells and refuses, this does too. The statements of a portion travel together. One that refuses fails
 * its portion; that is halved until it stands alone, so that the others are done all the same.
 */
type Run = { id: string; person_id: string; action: BulkAction }
type Outcome = { outcome: 'done' | 'same' | 'cannot'; code: string | null }
export const portion = 100

export async function runBulk(kernel: Kernel, runId: string): Promise<void> {
  const run = await kernel.asSystem((context) => began(context, runId))
  if (!run) return
  for (let before = ''; ; ) {
    const ids = await kernel.asSystem((context) => waiting(context, runId))
    if (ids.length === 0) break
    // Nothing of them moved: whoever asked may do nothing here any more.
    if (ids.join() === before) {
      for (const id of ids) await kernel.asSystem((context) => keepRefused(context, runId, id, 'not_allowed'))
      continue
    }
    before = ids.join()
    await halving(ids, (some) =>
      kernel.asSystem(async (context) =>
        actingAs(context, await actorOfPerson(context, run.person_id), (own) => doPortion(own, run, some)),
      ),
    ).catch(unlessRefused((id, code) => kernel.asSystem((context) => keepRefused(context, runId, id, code))))
  }
  await kernel.asSystem((context) => finish(context, run))
}

async function began({ db }: Context, runId: string): Promise<Run | undefined> {
  const found = await sql<Run>`update bulk_run set state = 'running' where id = ${runId} and state in ('waiting', 'running')
    returning id, person_id, action`.execute(db)
  return found.rows[0]
}

const waiting = async ({ db }: Context, runId: string): Promise<string[]> =>
  (
    await sql<{ id: string }>`select ticket_id as id from bulk_row where run_id = ${runId} and outcome = 'will' order by ticket_id
      limit ${sql.lit(portion)}`.execute(db)
  ).rows.map((row) => row.id)

/** Stands for the one ticket that refused. */
export class Refused extends Error {
  readonly refusals: { id: string; code: string }[]
  constructor(refusals: { id: string; code: string }[]) {
    super('Some refused.')
    this.refusals = refusals
  }
}

export async function halving(ids: readonly string[], act: (some: readonly string[]) => Promise<void>): Promise<void> {
  try {
    await act(ids)
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause
    if (ids.length === 1) throw new Refused([{ id: ids[0]!, code: cause.code }])
    const half = Math.ceil(ids.length / 2)
    const refusals: { id: string; code: string }[] = []
    for (const part of [ids.slice(0, half), ids.slice(half)])
      await halving(part, act).catch((inner) => {
        if (!(inner instanceof Refused)) throw inner
        refusals.push(...inner.refusals)
      })
    if (refusals.length > 0) throw new Refused(refusals)
  }
}

export const unlessRefused = (keep: (id: string, code: string) => Promise<void>) => async (cause: unknown) => {
  if (!(cause instanceof Refused)) throw cause
  for (const { id, code } of cause.refusals) await keep(id, code)
}

const keepRefused = async ({ db }: Context, runId: string, id: string, code: string): Promise<void> =>
  void (await sql`update bulk_row set outcome = 'cannot', code = ${code} where run_id = ${runId} and ticket_id = ${id}`.execute(db))

async function doPortion(context: Context, run: Run, ids: readonly string[]): Promise<void> {
  context.many = true
  // Taken by this transaction: a second worker with the same job waits, and then finds them done.
  const mine = await sql<{
    id: string
  }>`select ticket_id as id from bulk_row where run_id = ${run.id} and ticket_id = any(${[...ids]}::bigint[])
    and outcome = 'will' order by ticket_id for update`.execute(context.db)
  const left = mine.rows.map((row) => row.id)
  if (left.length === 0) return
  const outcomes = await act(context, run, left)
  const done = left.filter((id) => outcomes.get(id)?.outcome === 'done')
  const told = left.map((id) => outcomes.get(id) ?? { outcome: 'cannot', code: 'not_found' })
  await sql`update bulk_row r set outcome = x.outcome, code = x.code,
      version_after = case when x.outcome = 'done' then t.version end
    from unnest(${left}::bigint[], ${told.map((one) => one.outcome)}::text[], ${told.map((one) => one.code)}::text[]) as x (id, outcome, code)
    left join ticket t on t.id = x.id where r.run_id = ${run.id} and r.ticket_id = x.id`.execute(context.db)
  await sql`update bulk_row r set before = r.before || jsonb_build_object('last_message_after', t.last_message_id::text)
    from ticket t where r.run_id = ${run.id} and t.id = r.ticket_id and r.ticket_id = any(${done}::bigint[])`.execute(context.db)
}

async function act(context: Context, { id: runId, action }: Run, ids: string[]): Promise<Map<string, Outcome>> {
  await keepBefore(context, runId, ids)
  switch (action.do) {
    case 'set':
      return each(context, action, ids, 'ticket.edit', (ticket) => editTicket(context, ticket, action.fields))
    case 'assign': {
      const assigneeId = action.assigneeId === 'me' ? context.actor.id : action.assigneeId
      const edit = {
        ...(assigneeId === undefined ? {} : { assigneeId }),
        ...(action.teamId === undefined ? {} : { teamId: action.teamId }),
      }
      return each(context, action, ids, 'ticket.edit', (ticket) => editTicket(context, ticket, edit))
    }
    case 'pass':
      return each(context, action, ids, 'ticket.edit', (ticket) =>
        passTicket(context, ticket, { teamId: action.teamId, assigneeId: null, note: action.note, parts: action.parts }),
      )
    case 'tags':
      return each(context, action, ids, 'ticket.edit', (ticket) => editTicket(context, ticket, { tags: tagsAfter(ticket.tags, action) }))
    case 'resolve':
      return each(context, action, ids, 'ticket.edit', (ticket) => resolveTicket(context, ticket, action))
    case 'close':
      return each(context, action, ids, 'ticket.see', (ticket) => closeTicket(context, ticket, 'staff'))
    case 'follow':
      return each(context, action, ids, 'ticket.note', (ticket) => watchTicket(context, ticket, action.watching))
    case 'spam':
      return each(context, action, ids, 'ticket.remove', (ticket) => removeTicket(context, ticket))
  }
}

/** All are waited for, also behind one that refused: nothing may still be under way when its transaction ends. */
async function each<R extends TicketRight>(
  context: Context,
  action: BulkAction,
  ids: string[],
  right: R,
  verb: (ticket: Granted<TicketFacts, R>) => Promise<void>,
): Promise<Map<string, Outcome>> {
  const { effects, granted } = await effectsOn(context, ids, action, right, { lock: true })
  const outcomes = new Map<string, Outcome>()
  const acts: Promise<void>[] = []
  for (const [id, effect] of effects) {
    const ticket = granted.get(id)
    if (effect.outcome === 'will' && ticket) {
      outcomes.set(id, { outcome: 'done', code: null })
      acts.push(verb(ticket))
    } else outcomes.set(id, { outcome: effect.outcome === 'same' ? 'same' : 'cannot', code: 'code' in effect ? effect.code : null })
  }
  const failed = (await Promise.allSettled(acts)).filter((one) => one.status === 'rejected')
  // What a broken transaction makes of the statements behind it is no cause of its own.
  const cause = failed.find((one) => one.reason instanceof Problem) ?? failed[0]
  if (cause) throw cause.reason
  return outcomes
}

/** What undoing puts back. The resolution is kept with it, because leaving a finished status wipes it. */
const keepBefore = ({ db }: Context, runId: string, ids: string[]) =>
  sql`update bulk_row r set before = jsonb_build_object('kind', t.kind, 'status_id', t.status_id, 'meaning', t.meaning, 'impact', t.impact, 'urgency', t.urgency,
      'priority', t.priority, 'category_id', t.category_id, 'team_id', t.team_id, 'assignee_id', t.assignee_id, 'tags', t.tags, 'fields', t.fields, 'waiting_since', t.waiting_since,
      'revisit_at', t.revisit_at, 'resolved_at', t.resolved_at, 'resolution_code', t.resolution_code, 'resolution', t.resolution, 'closed_at', t.closed_at,
      'reopened_count', t.reopened_count, 'passed_count', t.passed_count)
    from ticket t where r.run_id = ${runId} and t.id = r.ticket_id and r.ticket_id = any(${ids}::bigint[])`.execute(db)

const undoMinutes = 10

async function finish(context: Context, run: Run): Promise<void> {
  const found = await sql<{ done: number; cannot: number }>`with counted as (select count(*) filter (where outcome = 'done')::int as done,
      count(*) filter (where outcome = 'cannot')::int as cannot from bulk_row where run_id = ${run.id}),
    ended as (update bulk_run set state = 'done', finished_at = ${context.now.toString()}, undo_until = ${context.now.add({ minutes: undoMinutes }).toString()}
      where id = ${run.id} returning id) select counted.* from counted, ended`.execute(context.db)
  const counts = found.rows[0] ?? { done: 0, cannot: 0 }
  await context.record({
    type: 'bulk.finished',
    subject: { kind: 'bulk', id: run.id },
    audience: 'staff',
    data: { do: run.action.do, ...counts },
  })
}

/** The reports of thirty days are kept. */
export const sweepRuns = ({ db, now }: Context) =>
  sql`delete from bulk_run where at < ${now.subtract({ hours: 24 * 30 }).toString()}`.execute(db)
