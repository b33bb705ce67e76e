import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { z } from 'zod'
import type { BulkAction, views } from '../../../contract/views.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { job } from '../../kernel/jobs.ts'
import { type Issue, Problem } from '../../kernel/problem.ts'
import { viewCondition } from '../tickets/access-list.ts'
import { accessView } from './access.ts'
import type { RunFacts } from './access-bulk.ts'
import { effectsOn } from './access-effects.ts'
import { inViews, matching, viewerOf } from './access-query.ts'
import { rightFor } from './rules-bulk.ts'
import './events.ts'

/**
 * Many tickets at once. The preview takes down which tickets are meant, and what would happen to each; the run does exactly
 * those, looking at each anew. What came into the view in between is not touched.
 */
type Input = z.output<(typeof views)['POST /api/bulk']['body']>
export const mostTickets = 5000

export async function previewBulk(context: Context, input: Input): Promise<string> {
  await refuseAction(context, input.action)
  const chosen = await chosenIds(context, input)
  const ids = chosen.slice(0, mostTickets)
  const { effects } = await effectsOn(context, ids, input.action, rightFor(input.action), { lock: false })
  const made = await sql<{ id: string }>`insert into bulk_run (person_id, at, action, cut)
    values (${context.actor.id}, ${context.now.toString()}, ${JSON.stringify(input.action)}, ${chosen.length > mostTickets ? 'yes' : 'no'}) returning id`.execute(
    context.db,
  )
  const id = made.rows[0]!.id
  const told = ids.map((ticketId) => effects.get(ticketId) ?? { outcome: 'cannot' as const, code: 'not_found' })
  await sql`insert into bulk_row (run_id, ticket_id, outcome, code) select ${id}::bigint, x.id, x.outcome, x.code
    from unnest(${ids}::bigint[], ${told.map((one) => one.outcome)}::text[], ${told.map((one) => ('code' in one ? one.code : null))}::text[]) as x (id, outcome, code)`.execute(
    context.db,
  )
  return id
}

async function chosenIds(context: Context, input: Input): Promise<string[]> {
  if (input.ticketIds) return [...new Set(input.ticketIds)]
  let where: RawBuilder<SqlBool>
  if (input.fixedView) where = sql`${inViews(context)} and ${viewCondition(context, input.fixedView) as RawBuilder<SqlBool>}`
  else {
    const query = input.viewId ? (await accessView(context, input.viewId, 'view.use')).query : input.query
    where = sql`${inViews(context)} and ${matching(query ?? { all: [], any: [] }, viewerOf(context))}`
  }
  const found = await sql<{
    id: string
  }>`select t.id from ticket t where ${where} order by t.id desc limit ${sql.lit(mostTickets + 1)}`.execute(context.db)
  return found.rows.map((row) => row.id)
}

/** What names something that is gone, or misses something, is told before anything else. */
async function refuseAction(context: Context, action: BulkAction): Promise<void> {
  const issues: Issue[] = []
  const unknown = (path: string) =>
    issues.push({ path: `action.${path}`, code: 'unknown', message: 'This does not exist any more. Choose another.' })
  const missing = (path: string, message: string) => issues.push({ path: `action.${path}`, code: 'missing', message })
  const exists = async (query: RawBuilder<unknown>) => (await query.execute(context.db)).rows.length > 0
  if (action.do === 'set') {
    const { fields } = action
    if (Object.keys(fields).filter((name) => name !== 'priorityReason').length === 0) missing('fields', 'Choose what to change.')
    if (fields.priority !== undefined && !fields.priorityReason?.trim())
      missing('fields.priorityReason', 'Say why the priority is set by hand.')
    if (fields.statusId && !(await exists(sql`select 1 from status where id = ${fields.statusId} and archived_at is null`)))
      unknown('fields.statusId')
    if (fields.categoryId && !(await exists(sql`select 1 from category where id = ${fields.categoryId} and archived_at is null`)))
      unknown('fields.categoryId')
  }
  if (action.do === 'assign' && action.assigneeId === undefined && action.teamId === undefined)
    missing('assigneeId', 'Choose a person or a team.')
  if (action.do === 'assign' && action.assigneeId && action.assigneeId !== 'me' && !(await exists(staff(action.assigneeId))))
    issues.push({ path: 'action.assigneeId', code: 'unknown', message: 'Only somebody of the staff can be given a ticket.' })
  if ('teamId' in action && action.teamId && !(await exists(sql`select 1 from team where id = ${action.teamId} and archived_at is null`)))
    unknown('teamId')
  if (action.do === 'tags' && action.add.length + action.remove.length === 0) missing('add', 'Name a tag to add or to remove.')
  if (issues[0]) throw new Problem('validation_failed', issues[0].message, { issues })
}
const staff = (id: string) =>
  sql`select 1 from person p join role_grant g on g.person_id = p.id and g.role in ('agent', 'lead', 'manager', 'administrator')
    where p.id = ${id} and p.archived_at is null limit 1`

export async function startBulk(context: Context, run: Granted<RunFacts, 'bulk.use'>): Promise<void> {
  if (run.state !== 'preview') throw new Problem('bulk_state', 'This was done already. Make a new preview.')
  if (context.now.epochMilliseconds - run.at.epochMilliseconds > 3_600_000)
    throw new Problem('bulk_state', 'This preview is older than an hour. Make a new one.')
  await sql`update bulk_run set state = 'waiting' where id = ${run.id}`.execute(context.db)
  context.later(job('views.run-bulk', { runId: run.id }, { priority: -5, attempts: 5 }))
}

export async function startUndo(context: Context, run: Granted<RunFacts, 'bulk.use'>): Promise<void> {
  if (run.state !== 'done') throw new Problem('bulk_state', 'Only what is done, and not taken back yet, can be taken back.')
  if (run.undo_until === null || run.undo_until.epochMilliseconds < context.now.epochMilliseconds)
    throw new Problem('undo_too_late', 'The undo time is over. Change the tickets by hand.')
  await sql`update bulk_run set state = 'undoing' where id = ${run.id}`.execute(context.db)
  context.later(job('views.undo-bulk', { runId: run.id }, { priority: -5, attempts: 5 }))
}
