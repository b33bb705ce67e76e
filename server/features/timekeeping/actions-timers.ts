import { sql } from 'kysely'
import type { z } from 'zod'
import type { time } from '../../../contract/time.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, notFound } from '../../kernel/problem.ts'
import type { TicketFacts } from '../tickets/access.ts'
import { elapsed } from './access-timers.ts'
import { addTime, refuseStrangeTask } from './actions.ts'
import { measured } from './rules.ts'

/**
 * One's own clocks. At most one runs: starting one pauses the other, because a person does one thing at a time. A clock is
 * no record and has no history; what it becomes, an entry, has.
 */
type Stop = z.output<(typeof time)['POST /api/tickets/:id/timer/stop']['body']>

const most = 20

export async function startTimer(context: Context, ticket: Granted<TicketFacts, 'ticket.note'>, taskId: string | null): Promise<void> {
  const { actor } = context
  if (actor.id === null) throw invalid('taskId', 'unknown', 'Only a person spends time.')
  await refuseStrangeTask(context, ticket.id, taskId)
  const now = context.now.toString()
  const others = await sql<{ n: number }>`with paused as (update timer c set seconds = ${elapsed(context)}, running_since = null
      where c.person_id = ${actor.id} and c.running_since is not null and c.ticket_id <> ${ticket.id})
    select count(*)::int as n from timer where person_id = ${actor.id} and ticket_id <> ${ticket.id}`.execute(context.db)
  if (others.rows[0]!.n >= most) throw invalid('taskId', 'too_many', `You have ${most} clocks. Stop some of them first.`)
  await sql`insert into timer (person_id, ticket_id, task_id, running_since, started_at) values (${actor.id}, ${ticket.id}, ${taskId}, ${now}, ${now})
    on conflict (person_id, ticket_id) do update set running_since = coalesce(timer.running_since, excluded.running_since),
      task_id = coalesce(excluded.task_id, timer.task_id)`.execute(context.db)
}

export async function pauseTimer(context: Context, ticketId: string): Promise<void> {
  const done = await sql`update timer c set seconds = ${elapsed(context)}, running_since = null
    where c.person_id = ${context.actor.id} and c.ticket_id = ${ticketId}`.execute(context.db)
  if (done.numAffectedRows !== 1n) throw notFound()
}

export async function stopTimer(context: Context, ticket: Granted<TicketFacts, 'ticket.note'>, input: Stop): Promise<string> {
  const gone = await sql<{
    seconds: number
    task_id: string | null
  }>`delete from timer c where c.person_id = ${context.actor.id} and c.ticket_id = ${ticket.id}
    returning ${elapsed(context)} as seconds, c.task_id`.execute(context.db)
  const clock = gone.rows[0]
  if (!clock) throw notFound()
  return addTime(context, ticket, { taskId: clock.task_id, ...input, minutes: input.minutes ?? measured(clock.seconds) })
}

export async function dropTimer(context: Context, ticketId: string): Promise<void> {
  const gone = await sql`delete from timer where person_id = ${context.actor.id} and ticket_id = ${ticketId}`.execute(context.db)
  if (gone.numAffectedRows !== 1n) throw notFound()
}
