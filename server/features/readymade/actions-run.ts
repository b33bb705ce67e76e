import { sql } from 'kysely'
import type { Content, Step, StepReport } from '../../../contract/readymade.ts'
import { onWire } from '../../kernel/clock.ts'
import { type Context, openContext } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { undoSecondsOf } from '../people/access-me.ts'
import { accessTicket, type TicketFacts } from '../tickets/access.ts'
import type { ReadymadeFacts } from './access.ts'
import { countUse } from './actions.ts'
import { doStep } from './actions-steps.ts'
import './events.ts'

/** Runs a macro, or applies a model: all steps in the transaction of the request, so that a refused one takes all back. */
type Usable = Granted<ReadymadeFacts, 'readymade.use'>
type Choice = { anyway: boolean; seenMessageId?: string | null | undefined }
type Ran = { steps: StepReport[]; messageId: string | null; refused: Problem | null }

/** A model on an existing ticket sets what a new ticket would have begun with. */
function stepsOf(content: Content): Step[] {
  if (content.kind === 'macro') return content.steps
  if (content.kind !== 'model' && content.kind !== 'template')
    throw invalid('readymadeId', 'kind', 'This is no macro and no model: it has no steps. Choose another.')
  return [
    { do: 'kind', kind: content.ticketKind },
    ...(content.categoryId === null ? [] : [{ do: 'category' as const, categoryId: content.categoryId }]),
    ...(content.teamId === null ? [] : [{ do: 'team' as const, teamId: content.teamId }]),
    ...(content.tags.length === 0 ? [] : [{ do: 'tags' as const, add: content.tags, remove: [] }]),
    ...(content.taskTemplateId === null ? [] : [{ do: 'tasks' as const, templateId: content.taskTemplateId }]),
  ]
}

/** What it would do: it is done, reported, and taken back before anything of it leaves the transaction. */
export async function previewRun(context: Context, row: Usable, ticketId: string): Promise<{ steps: StepReport[]; possible: boolean }> {
  await accessTicket(context, ticketId, 'ticket.note')
  const rehearsal = openContext(context.kernel, context.db, context.actor, context.requestId)
  await sql`savepoint rehearsal`.execute(context.db)
  try {
    const { steps, refused } = await runSteps(rehearsal, ticketId, stepsOf(row.content), undefined)
    return { steps, possible: refused === null }
  } finally {
    await sql`rollback to savepoint rehearsal`.execute(context.db)
  }
}

export async function runReadymade(
  context: Context,
  row: Usable,
  ticketId: string,
  choice: Choice,
): Promise<{ id: string; steps: StepReport[]; undoUntil: string; messageId: string | null }> {
  const before = await accessTicket(context, ticketId, 'ticket.note')
  const { steps, messageId, refused } = await runSteps(context, ticketId, stepsOf(row.content), choice.seenMessageId)
  if (refused) throw refused
  const blanks = steps.filter((step) => step.do !== 'note').flatMap((step) => step.missing)
  if (blanks.length > 0 && !choice.anyway)
    throw invalid(
      'anyway',
      'blanks',
      `There is no value for ${blanks.join(', ')}: ___ would stand in the answer. Write it by hand, or send it anyway.`,
    )
  await countUse(context, row)
  const after = await accessTicket(context, ticketId, 'ticket.see')
  const undoUntil = context.now.add({ seconds: await undoSecondsOf(context) })
  const made = await sql<{
    id: string
  }>`insert into macro_run (ticket_id, readymade_id, person_id, at, undo_until, message_id, before, after, steps)
    values (${ticketId}, ${row.id}, ${context.actor.id}, ${context.now.toString()}, ${undoUntil.toString()}, ${messageId}, ${JSON.stringify(stateOf(before))},
      ${JSON.stringify(stateOf(after))}, ${steps.filter((s) => s.outcome === 'done').map((s) => s.do)}) returning id`.execute(context.db)
  const id = made.rows[0]!.id
  await context.record({
    type: 'ticket.macro-run',
    subject: { kind: 'ticket', id: ticketId },
    ticketId,
    organisationId: after.organisation_id,
    audience: 'staff',
    data: { readymadeId: row.id, runId: id, steps: steps.map((step) => step.do) },
  })
  return { id, steps, undoUntil: onWire(undoUntil), messageId }
}

/** Each step is reported; the first that is refused ends it, and its report says why. */
async function runSteps(context: Context, ticketId: string, steps: Step[], seen: string | null | undefined): Promise<Ran> {
  const ran: Ran = { steps: [], messageId: null, refused: null }
  for (const [i, step] of steps.entries()) {
    const about = { step: i, do: step.do }
    try {
      const { changed, messageId, ...told } = await doStep(context, ticketId, step, seen)
      ran.steps.push({ ...about, outcome: changed ? 'done' : 'nothing', ...told, problem: null })
      ran.messageId = messageId ?? ran.messageId
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause
      ran.steps.push({ ...about, outcome: 'refused', value: '', text: null, missing: [], problem: cause.message })
      ran.refused = new Problem(cause.code, `Step ${i + 1}: ${cause.message}`, {
        issues: cause.issues,
        details: { ...cause.details, step: i },
      })
      return ran
    }
  }
  return ran
}

/** What a run may have set, as the undo compares it. */
const stateColumns = [
  'kind',
  'status_id',
  'impact',
  'urgency',
  'priority',
  'category_id',
  'team_id',
  'assignee_id',
  'tags',
  'revisit_at',
] as const
export type State = Record<(typeof stateColumns)[number], unknown> & { meaning: string }
export const stateOf = (ticket: TicketFacts): State =>
  Object.fromEntries([...stateColumns, 'meaning' as const].map((column) => [column, asJson(ticket[column])])) as State
const asJson = (value: unknown): unknown => (value === null || Array.isArray(value) || typeof value === 'number' ? value : String(value))
