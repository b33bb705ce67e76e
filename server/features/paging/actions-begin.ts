import { sql } from 'kysely'
import type { PolicyStep } from '../../../contract/paging.ts'
import type { ViewQuery } from '../../../contract/views.ts'
import type { Context } from '../../kernel/context.ts'
import { job } from '../../kernel/jobs.ts'
import { factsOf, viewerOf } from '../views/access-query.ts'
import { holds, testsOf, textTests } from '../views/rules.ts'
import { actingRules, type PolicyFacts, policyById, policyOfTeam } from './access-policies.ts'
import './events.ts'

/** A page comes into being: by hand, by a rule, because a target is near its breach, as a call for help. */
export type NewPage = {
  ticketId: string
  organisationId: string | null
  why: 'hand' | 'rule' | 'target' | 'alert' | 'help' | 'call'
  policy?: PolicyFacts | undefined
  /** Instead of a policy: one person, rung three times. */
  personId?: string | undefined
  ruleId?: string | undefined
  byId?: string | null | undefined
  parentId?: string | undefined
  urgency?: 'high' | 'low' | undefined
  note?: string | undefined
}

/** Before everything else that waits: somebody is to be woken. */
export const first = -20
export const advanceJob = (pageId: string, at?: Context['now']) =>
  job('paging.advance', { pageId }, { priority: first, key: `paging.advance:${pageId}`, ...(at ? { at } : {}) })

/** Null: it rings already. One ticket, one page; a call for help stands beside it. */
export async function beginPage(context: Context, page: NewPage): Promise<string | null> {
  const { policy, personId } = page
  const steps: PolicyStep[] = personId
    ? [{ targets: [{ kind: 'person', id: personId }], wait: 5, repeat: 2, mode: 'all' }]
    : (policy?.steps ?? [])
  const urgency = page.urgency ?? policy?.urgency ?? 'high'
  const at = context.now.toString()
  const made = await sql<{
    id: string
  }>`insert into page (ticket_id, parent_id, policy_id, rule_id, by_id, why, note, urgency, steps, loops, acknowledged_minutes,
      catch_all_id, next_at, began_at)
    values (${page.ticketId}, ${page.parentId ?? null}::bigint, ${policy?.id ?? null}::bigint, ${page.ruleId ?? null}::bigint, ${page.byId ?? null}::bigint, ${page.why},
      ${page.note ?? ''}, ${urgency}, ${JSON.stringify(steps)}::jsonb, ${policy?.loops ?? 0}, ${policy?.acknowledged_minutes ?? null}::int,
      ${policy?.catch_all_id ?? null}::bigint, ${at}::timestamptz, ${at}::timestamptz)
    on conflict (ticket_id) where state <> 'ended' and parent_id is null do nothing returning id`.execute(context.db)
  const id = made.rows[0]?.id
  if (id === undefined) return null
  await context.record({
    type: 'page.begun',
    subject: { kind: 'page', id },
    ticketId: page.ticketId,
    organisationId: page.organisationId,
    audience: 'staff',
    data: { pageId: id, why: page.why, policyId: policy?.id ?? null, ruleId: page.ruleId ?? null },
  })
  context.later(advanceJob(id))
  return id
}

type Ticket = { organisation_id: string | null; team_id: string | null }
async function ticketOf({ db }: Context, id: string): Promise<Ticket | undefined> {
  const found =
    await sql<Ticket>`select organisation_id, team_id from ticket where id = ${id} and deleted_at is null and merged_into_id is null
    and meaning not in ('resolved', 'closed', 'cancelled')`.execute(db)
  return found.rows[0]
}

/** The first rule that holds pages; each pages a ticket once, and once more when it was opened again. */
export async function pageByRules(context: Context, ticketId: string, again: boolean): Promise<void> {
  const ticket = await ticketOf(context, ticketId)
  const rules = ticket ? await actingRules(context) : []
  if (!ticket || rules.length === 0) return
  const viewer = viewerOf(context)
  const tests = rules.map((rule) => testsOf(rule.query as ViewQuery, viewer))
  const [facts] = await factsOf(context, [ticketId], { all: tests.flatMap(textTests), any: [] })
  const rule = facts && rules.find((_, n) => holds(facts, tests[n]!))
  if (!rule) return
  const before = again
    ? []
    : (await sql`select 1 from page where ticket_id = ${ticketId} and rule_id = ${rule.id} limit 1`.execute(context.db)).rows
  if (before.length > 0) return
  const policy = rule.policy_id
    ? await policyById(context, rule.policy_id)
    : ticket.team_id
      ? await policyOfTeam(context, ticket.team_id)
      : undefined
  if (policy) await beginPage(context, { ticketId, organisationId: ticket.organisation_id, why: 'rule', policy, ruleId: rule.id })
}

/**
 * Asked for by a feature (a target that is near its breach): by this policy, by the one of this team, or of the ticket's.
 * An agreement that says that somebody is paged is not left unheard: without a policy it falls to the administrators.
 */
export async function pageTicket(
  context: Context,
  ticketId: string,
  why: 'target' | 'alert',
  by: { policyId?: string | null; teamId?: string | null } = {},
): Promise<void> {
  const ticket = await ticketOf(context, ticketId)
  if (!ticket) return
  const teamId = by.teamId ?? ticket.team_id
  const policy = by.policyId ? await policyById(context, by.policyId) : teamId ? await policyOfTeam(context, teamId) : undefined
  if (policy || why === 'target') await beginPage(context, { ticketId, organisationId: ticket.organisation_id, why, policy })
}
