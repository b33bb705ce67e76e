import { sql } from 'kysely'
import type { Context, Kernel } from '../../kernel/context.ts'
import { job } from '../../kernel/jobs.ts'
import { factsOf, viewerOf } from '../views/access-query.ts'
import { holds, testsOf } from '../views/rules.ts'
import { actingRules, type FailedRun, type RuleFacts } from './access.ts'
import { dueTickets, type TimedTicket } from './access-times.ts'
import { actOn, perform } from './actions-run.ts'
import './events.ts'

/** Rules that wait for a time, each minute: so many tickets of each rule, the others in the next minute. */
const mostInMinute = 200

export async function lookAtTimes(kernel: Kernel): Promise<void> {
  const rules = await kernel.asSystem((context) => actingRules(context, null))
  for (const rule of rules) {
    const due = await kernel.asSystem((context) => dueTickets(context, rule, mostInMinute))
    // One ticket that nobody foresaw keeps neither the next one nor the next rule waiting; it is looked at again in a minute.
    for (const ticket of due)
      await kernel
        .asSystem((context) => actInTime(context, rule.id, ticket))
        .catch((cause) => kernel.log.error('rule by time failed', cause, { rule: rule.id, ticket: ticket.id }))
  }
}

/** The rule and the ticket are looked at again: minutes may lie between, and a rule that ran wild is paused meanwhile. */
async function actInTime(context: Context, ruleId: string, { id, anchor }: TimedTicket): Promise<void> {
  const rule = (await actingRules(context, null)).find((one) => one.id === ruleId)
  if (rule && (await isStill(context, rule, id))) await actOn(context, rule, id, { anchor, depth: 0 })
}

async function isStill(context: Context, rule: RuleFacts, ticketId: string): Promise<boolean> {
  const tests = testsOf(rule.query, viewerOf(context))
  const facts = (await factsOf(context, [ticketId], tests))[0]
  return facts !== undefined && holds(facts, tests)
}

/** What failed, once more, with the rule as it is now. */
export async function tryAgain(context: Context, runId: string): Promise<void> {
  const found = await sql<
    FailedRun & { anchor: string | null; chain: string | null }
  >`select id, rule_id, ticket_id, anchor, chain from automation_run
    where id = ${runId} and outcome = 'failed' for update`.execute(context.db)
  const run = found.rows[0]
  if (!run) return
  const rule =
    await sql<RuleFacts>`select id, version, name, owner_id, occasion, query, actions, switched_off_at is null as on from automation_rule
    where id = ${run.rule_id} and archived_at is null`.execute(context.db)
  if (rule.rows[0]) await perform(context, rule.rows[0], run.ticket_id, run.id, { id: run.chain ?? run.anchor ?? run.id, depth: 1 })
}

export async function queueRetry(context: Context, run: FailedRun): Promise<void> {
  await sql`update automation_run set retried_at = ${context.now.toString()} where id = ${run.id}`.execute(context.db)
  context.later(job('automation.retry', { runId: run.id }))
}

export async function sweepRuns({ db, now }: Context): Promise<number> {
  const gone = await sql`delete from automation_run where id in (select id from automation_run
    where at < ${now.subtract({ hours: 90 * 24 }).toString()}::timestamptz limit 5000)`.execute(db)
  return Number(gone.numAffectedRows ?? 0n)
}
