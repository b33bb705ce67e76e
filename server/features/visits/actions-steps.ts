import { sql } from 'kysely'
import type { z } from 'zod'
import type { VisitState, visits } from '../../../contract/visits.ts'
import { type Instant, Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { replyToTicket } from '../tickets/actions-converse.ts'
import type { GrantedVisit, VisitFacts } from './access.ts'
import { mayStep } from './rules.ts'
import './events.ts'

/**
 * On the way, there, done. What was pressed in a cellar without a connection arrives later with its own time; pressing
 * twice changes nothing, so that a phone may send again what it is not sure of.
 */
type Input = z.output<(typeof visits)['POST /api/visits/:id/step']['body']>

export async function stepVisit(context: Context, visit: GrantedVisit, { state, reason, at }: Input): Promise<void> {
  if (visit.state === state) return
  if (!mayStep(visit.state, state)) throw new Problem('visit_over', 'This visit was cancelled. Plan a new one.')
  if (state === 'not-met' && reason === '') throw invalid('reason', 'visit_reason_missing', 'Say who was not met, or why it was in vain.')
  await writeStep(context, visit, state, reason, momentOf(context, at))
}

function momentOf(context: Context, at: string | undefined): Instant {
  if (at === undefined) return context.now
  const then = Temporal.Instant.from(at)
  const earliest = context.now.subtract({ hours: 48 })
  if (Temporal.Instant.compare(then, earliest) < 0)
    throw invalid('at', 'visit_too_old', 'This was more than two days ago. Press the button again.')
  // A phone's clock may be ahead.
  return Temporal.Instant.compare(then, context.now) > 0 ? context.now : then
}

async function writeStep(context: Context, visit: GrantedVisit, state: VisitState, reason: string, at: Instant): Promise<void> {
  await sql`update visit set state = ${state}, reason = ${reason}, changed_at = ${context.now.toString()} where id = ${visit.id}`.execute(
    context.db,
  )
  await sql`update visit_person set taken = ${state === 'not-met' ? 'no' : 'yes'} where visit_id = ${visit.id}`.execute(context.db)
  await sql`insert into visit_step (visit_id, state, at, by_id) values (${visit.id}, ${state}, ${at.toString()}, ${context.actor.id})`.execute(
    context.db,
  )
  await context.record({
    type: 'visit.stepped',
    subject: { kind: 'visit', id: visit.id },
    ticketId: visit.ticket.id,
    organisationId: visit.ticket.organisation_id,
    audience: 'everyone',
    data: { visitId: visit.id, state },
  })
}

/** "Cannot make it": the words go into the conversation as the asker's message, and the visit shows it until it is moved. */
export async function declineVisit(context: Context, visit: Granted<VisitFacts, 'visit.decline'>, text: string): Promise<void> {
  if (visit.state !== 'planned') throw new Problem('visit_over', 'This visit cannot be moved any more. Please call us.')
  const { messageId } = await replyToTicket(context, visit.ticket_id, { body: text, internal: false, kind: 'portal' })
  await sql`update visit set declined_at = ${context.now.toString()}, declined_text = ${text} where id = ${visit.id}`.execute(context.db)
  await context.record({
    type: 'visit.declined',
    subject: { kind: 'visit', id: visit.id },
    ticketId: visit.ticket_id,
    audience: 'everyone',
    data: { visitId: visit.id, messageId },
  })
}
