import { sql } from 'kysely'
import type { StepDone } from '../../../contract/automation.ts'
import { type Context, openContext } from '../../kernel/context.ts'
import type { JobTypes } from '../../kernel/jobs.ts'
import { Problem } from '../../kernel/problem.ts'
import { companySettings } from '../company/access.ts'
import { factsOf, viewerOf } from '../views/access-query.ts'
import { type Facts, holds, testsOf, textTests } from '../views/rules.ts'
import { actingRules, type RuleFacts } from './access.ts'
import { keepChain } from './actions-chain.ts'
import { doAction } from './actions-steps.ts'
import { pauseRule } from './actions-switch-off.ts'
import { type Happened, isMeant, isOutside, mostDepth, mostStepsInHour, outsideChains } from './rules.ts'
import './events.ts'

/**
 * The rules that wait for what happened, in their order, each in a part of its own: one that fails takes only its own
 * steps back and is logged with the reason. Each sees the ticket as those before it left it.
 */
export type Key = { chain: string; anchor?: undefined; depth: number } | { chain?: undefined; anchor: string; depth: number }

export async function runRules(context: Context, { ticketId, events, chain, depth }: JobTypes['automation.run']): Promise<void> {
  if (depth > mostDepth) return
  const happened = await withoutAutomatic(context, events)
  if (happened.length === 0) return
  const meant = (await actingRules(context, happened.map(typeFor))).filter((rule) => isMeant(rule.occasion, happened))
  if (meant.length === 0) return
  const viewer = viewerOf(context)
  const tests = meant.map((rule) => testsOf(rule.query, viewer))
  const asked = { all: tests.flatMap(textTests), any: [] }
  let facts: Facts | undefined
  for (const [n, rule] of meant.entries()) {
    facts ??= (await factsOf(context, [ticketId], asked))[0]
    if (!facts) return
    if (!holds(facts, tests[n]!)) continue
    const stopped = await actOn(context, rule, ticketId, { chain, depth })
    if (stopped) return
    facts = undefined
  }
}

const types: Record<string, string> = {
  'requester-replied': 'ticket.replied',
  'staff-replied': 'ticket.replied',
  noted: 'ticket.replied',
  'task-done': 'task.done',
}
const typeFor = ({ is }: Happened): string => types[is] ?? `ticket.${is}`

/** What a program wrote is nobody's answer: no rule answers an answering machine. */
async function withoutAutomatic({ db }: Context, events: Happened[]): Promise<Happened[]> {
  const ids = events.flatMap(({ messageId }) => (messageId === undefined ? [] : [messageId]))
  if (ids.length === 0) return events
  const found = await sql<{
    id: string
  }>`select id from message where id = any(${ids}::bigint[]) and automatic is null and bounce is null and withdrawn_at is null`.execute(db)
  const people = new Set(found.rows.map((row) => row.id))
  return events.filter(({ messageId }) => messageId === undefined || people.has(messageId))
}

/** True: no further rule is to act. */
export async function actOn(context: Context, rule: RuleFacts, ticketId: string, key: Key): Promise<boolean> {
  if ((await stepsInHour(context, ticketId, key)) >= mostStepsInHour) {
    if (isOutside(key.chain)) return holdUp(context, rule, ticketId, key)
    await pauseRule(context, rule.id, ticketId)
    return true
  }
  const made = await sql<{ id: string }>`insert into automation_run (rule_id, ticket_id, at, chain, anchor, outcome)
    values (${rule.id}, ${ticketId}, ${context.now.toString()}, ${key.chain ?? null}, ${key.anchor ?? null}, 'nothing')
    on conflict do nothing returning id`.execute(context.db)
  const runId = made.rows[0]?.id
  if (runId === undefined) return false
  return perform(context, rule, ticketId, runId, { id: key.chain ?? key.anchor, depth: key.depth })
}

/** The steps of one run, all or none, and its row. */
export async function perform(
  context: Context,
  rule: RuleFacts,
  ticketId: string,
  runId: string,
  chain: { id: string; depth: number },
): Promise<boolean> {
  const { language } = await companySettings(context.db)
  const part = context.past ? null : openContext(context.kernel, context.db, { ...context.actor, language }, context.requestId)
  const own = part ?? context
  keepChain(own, chain)
  const named: Context = { ...own, record: (event) => own.record({ ...event, rule: event.rule ?? rule.name }) }
  const steps: StepDone[] = []
  await sql`savepoint rule`.execute(context.db)
  try {
    for (const action of rule.actions) steps.push(...(await doAction(named, rule, ticketId, action)))
    const acted = steps.filter((step) => step.outcome === 'done' && step.do !== 'stop')
    if (acted.length > 0)
      await named.record({
        type: 'ticket.automated',
        subject: { kind: 'ticket', id: ticketId },
        ticketId,
        audience: 'staff',
        data: { ruleId: rule.id, runId, steps: acted.map((step) => step.do) },
      })
    await part?.flush()
    await sql`release savepoint rule`.execute(context.db)
    context.afterCommit(() => part?.committed())
    await keepOutcome(context, runId, { outcome: acted.length > 0 ? 'done' : 'nothing', steps, done: acted.length, cause: null })
    return steps.some((step) => step.do === 'stop')
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause
    await sql`rollback to savepoint rule`.execute(context.db)
    await keepOutcome(context, runId, { outcome: 'failed', steps, done: 0, cause: cause.message })
    return false
  }
}

type Outcome = { outcome: 'done' | 'nothing' | 'failed'; steps: StepDone[]; done: number; cause: string | null }
async function keepOutcome({ db }: Context, runId: string, { outcome, steps, done, cause }: Outcome): Promise<void> {
  await sql`update automation_run set outcome = ${outcome}, steps = ${JSON.stringify(steps)}, steps_done = ${done}, cause = ${cause} where id = ${runId}`.execute(
    db,
  )
}

/** What outsiders caused counts against them alone. */
async function stepsInHour({ db, now }: Context, ticketId: string, { chain }: Key): Promise<number> {
  const counted = isOutside(chain) ? sql`` : sql`and (chain is null or chain not like ${outsideChains})`
  const found = await sql<{ n: number }>`select coalesce(sum(steps_done), 0)::int as n from automation_run
    where ticket_id = ${ticketId} and at > ${now.subtract({ hours: 1 }).toString()}::timestamptz ${counted}`.execute(db)
  return found.rows[0]?.n ?? 0
}

/** On this ticket alone, and told in the log, from where it can be tried again. */
async function holdUp({ db, now }: Context, rule: RuleFacts, ticketId: string, { chain }: Key): Promise<false> {
  await sql`insert into automation_run (rule_id, ticket_id, at, chain, outcome, cause)
    values (${rule.id}, ${ticketId}, ${now.toString()}, ${chain ?? null}, 'failed', ${`More than ${mostStepsInHour} automatic steps on this ticket within an hour.`})
    on conflict do nothing`.execute(db)
  return false
}
