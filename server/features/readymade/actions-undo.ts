import { sql } from 'kysely'
import type { Step } from '../../../contract/readymade.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { notFound, Problem } from '../../kernel/problem.ts'
import { accessTicket, type TicketFacts } from '../tickets/access.ts'
import { withdrawReply } from '../tickets/actions-converse.ts'
import { editTicket } from '../tickets/actions-edit.ts'
import { reopenTicket } from '../tickets/actions-life.ts'
import { type State, stateOf } from './actions-run.ts'
import './events.ts'

/**
 * Takes a run back: its reply, which has not left yet, and each field that still is as the run left it. What was written
 * for colleagues (notes, tasks, time) stays and is named: it can be removed where it stands.
 */
type Run = {
  id: string
  ticket_id: string
  readymade_id: string
  message_id: string | null
  undo_until: Instant
  before: State
  after: State
  steps: Step['do'][]
}
type Edit = Parameters<typeof editTicket>[2]
const stays: readonly Step['do'][] = ['note', 'tasks', 'time']

export async function undoRun(context: Context, id: string): Promise<{ body: string | null; kept: Step['do'][] }> {
  const found = await sql<Run>`select id, ticket_id, readymade_id, message_id, undo_until, before, after, steps from macro_run
    where id = ${id} and person_id = ${context.actor.id} and undone_at is null for update`.execute(context.db)
  const run = found.rows[0]
  if (!run) throw notFound()
  if (run.undo_until.epochMilliseconds < context.now.epochMilliseconds)
    throw new Problem('undo_too_late', 'The undo time is over. Change the fields by hand.')
  const kept = new Set(run.steps.filter((step) => stays.includes(step)))
  const body = run.message_id === null ? null : (await withdrawReply(context, run.message_id)).body
  if (run.steps.includes('resolve')) await reopen(context, run)
  await putBack(context, run, kept)
  await sql`update macro_run set undone_at = ${context.now.toString()} where id = ${id}`.execute(context.db)
  const ticket = await accessTicket(context, run.ticket_id, 'ticket.see')
  await context.record({
    type: 'ticket.macro-undone',
    subject: { kind: 'ticket', id: run.ticket_id },
    ticketId: run.ticket_id,
    organisationId: ticket.organisation_id,
    audience: 'staff',
    data: { readymadeId: run.readymade_id, runId: id },
  })
  return { body, kept: [...kept] }
}

async function reopen(context: Context, run: Run): Promise<void> {
  const ticket = await accessTicket(context, run.ticket_id, 'ticket.see')
  if (ticket.meaning === 'resolved') await reopenTicket(context, await accessTicket(context, run.ticket_id, 'ticket.reopen'), '')
}

async function putBack(context: Context, run: Run, kept: Set<Step['do']>): Promise<void> {
  const ticket = await accessTicket(context, run.ticket_id, 'ticket.edit')
  const back = backTo(ticket, run, kept, context.now)
  if (Object.keys(back).length > 0) await editTicket(context, ticket, back)
}

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** The fields that the run set and nobody changed since, as they were before. */
function backTo(ticket: TicketFacts, { before, after, steps }: Run, kept: Set<Step['do']>, at: Instant): Edit {
  const now = stateOf(ticket)
  const edit: Edit = {}
  const mine = (column: keyof State) => !same(before[column], after[column]) && same(now[column], after[column])
  if (mine('kind')) edit.kind = before.kind as 'incident' | 'request'
  if (mine('category_id')) edit.categoryId = before.category_id as string | null
  if (mine('team_id')) edit.teamId = before.team_id as string | null
  if (mine('assignee_id')) edit.assigneeId = before.assignee_id as string | null
  if (mine('tags')) edit.tags = before.tags as string[]
  if (mine('priority'))
    Object.assign(edit, { priority: Number(before.priority), priorityReason: reasonOf[ticket.language === 'de' ? 'de' : 'en'] })
  const resolved = steps.includes('resolve')
  if (mine('status_id') || resolved) {
    // A ticket is new only once: it stays in progress.
    if (before.meaning === 'new') kept.add('status')
    else if (!same(now.status_id, before.status_id)) edit.statusId = before.status_id as string
  }
  const revisit = before.revisit_at as string | null
  if (mine('revisit_at') && (revisit === null || Date.parse(revisit) > at.epochMilliseconds)) edit.revisitAt = revisit
  return edit
}
const reasonOf = { en: 'A macro was taken back.', de: 'Ein Makro wurde zurückgenommen.' }
