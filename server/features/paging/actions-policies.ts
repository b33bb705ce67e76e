import { sql } from 'kysely'
import type { z } from 'zod'
import type { PolicyStep, paging } from '../../../contract/paging.ts'
import type { ViewQuery } from '../../../contract/views.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { fieldFacts } from '../fields/access.ts'
import { wrongOwn } from '../views/rules-own.ts'
import { forgetRules, type PolicyFacts, type RuleFacts } from './access-policies.ts'
import { isPersonal } from './rules.ts'
import './events.ts'

/** Policies and rules are added, changed and archived; what they point at must be there. */
type NewPolicy = z.output<(typeof paging)['POST /api/paging/policies']['body']>
type PolicyChange = z.output<(typeof paging)['PATCH /api/paging/policies/:id']['body']>
type NewRule = z.output<(typeof paging)['POST /api/paging/rules']['body']>
type RuleChange = z.output<(typeof paging)['PATCH /api/paging/rules/:id']['body']>

const about = (kind: string, id: string) => ({ subject: { kind, id }, audience: 'staff' as const })
const stale = (version: number) => new Problem('version_stale', 'Somebody else changed it meanwhile.', { details: { version } })

export async function addPolicy(context: Context, body: NewPolicy): Promise<string> {
  await refuseUnknown(context, body.steps, body.catchAllId)
  await refuseTaken(context, body.name, null)
  const made = await sql<{
    id: string
  }>`insert into paging_policy (name, urgency, steps, loops, acknowledged_minutes, catch_all_id, runbook, hotline, created_at)
    values (${body.name}, ${body.urgency}, ${JSON.stringify(body.steps)}::jsonb, ${body.loops}, ${body.acknowledgedMinutes}, ${body.catchAllId}::bigint, ${body.runbook}, ${body.hotline},
      ${context.now.toString()}) returning id`.execute(context.db)
  const id = made.rows[0]!.id
  await setTeams(context, id, body.teamIds)
  await context.record({ type: 'paging-policy.created', ...about('paging-policy', id), data: {} })
  return id
}

export async function changePolicy(
  context: Context,
  row: Granted<PolicyFacts, 'routing.edit'>,
  version: number,
  change: PolicyChange,
): Promise<void> {
  if (row.version !== version) throw stale(row.version)
  const steps = change.steps ?? row.steps
  const catchAll = change.catchAllId === undefined ? row.catch_all_id : change.catchAllId
  await refuseUnknown(context, change.steps ?? [], change.catchAllId ?? null)
  if (change.name !== undefined) await refuseTaken(context, change.name, row.id)
  await sql`update paging_policy set version = version + 1, name = ${change.name ?? row.name}, urgency = ${change.urgency ?? row.urgency}, steps = ${JSON.stringify(steps)}::jsonb,
      loops = ${change.loops ?? row.loops}, acknowledged_minutes = ${change.acknowledgedMinutes === undefined ? row.acknowledged_minutes : change.acknowledgedMinutes}::int,
      catch_all_id = ${catchAll}::bigint, runbook = ${change.runbook ?? row.runbook}, hotline = ${change.hotline ?? row.hotline} where id = ${row.id}`.execute(
    context.db,
  )
  if (change.teamIds) await setTeams(context, row.id, change.teamIds)
  await context.record({ type: 'paging-policy.changed', ...about('paging-policy', row.id), data: { fields: Object.keys(change) } })
}

export async function archivePolicy(context: Context, row: Granted<PolicyFacts, 'routing.edit'>): Promise<void> {
  const used = await sql`select 1 from paging_rule where policy_id = ${row.id} and archived_at is null limit 1`.execute(context.db)
  if (used.rows.length > 0) throw new Problem('still_in_use', 'A rule pages by this policy. Change the rule first.')
  await sql`delete from paging_policy_team where policy_id = ${row.id}`.execute(context.db)
  await sql`update paging_policy set archived_at = ${context.now.toString()}, version = version + 1 where id = ${row.id}`.execute(
    context.db,
  )
  await context.record({ type: 'paging-policy.archived', ...about('paging-policy', row.id), data: {} })
}

async function setTeams(context: Context, policyId: string, teamIds: readonly string[]): Promise<void> {
  const known = await sql<{
    id: string
    name: string
    other: string | null
  }>`select t.id, t.name, (select p.name from paging_policy_team x join paging_policy p on p.id = x.policy_id
      where x.team_id = t.id and x.policy_id <> ${policyId}) as other from team t where t.id = any(${[...teamIds]}::bigint[]) and t.archived_at is null`.execute(
    context.db,
  )
  if (known.rows.length < new Set(teamIds).size)
    throw invalid('teamIds', 'unknown', 'A team of these does not exist any more. Choose another.')
  const taken = known.rows.find((row) => row.other !== null)
  if (taken) throw invalid('teamIds', 'taken', `${taken.name} has the policy ${taken.other} already. Take it out there first.`)
  await sql`delete from paging_policy_team where policy_id = ${policyId}`.execute(context.db)
  await sql`insert into paging_policy_team (team_id, policy_id) select unnest(${[...new Set(teamIds)]}::bigint[]), ${policyId}`.execute(
    context.db,
  )
}

async function refuseUnknown(context: Context, steps: readonly PolicyStep[], catchAllId: string | null): Promise<void> {
  const targets = steps.flatMap((step, s) => step.targets.map((target, n) => ({ ...target, path: `steps.${s}.targets.${n}.id` })))
  const ids = (kind: string) => targets.filter((one) => one.kind === kind).map((one) => one.id)
  const people = [...ids('person'), ...(catchAllId === null ? [] : [catchAllId])]
  const found = await sql<{
    kind: string
    id: string
  }>`select 'person' as kind, p.id from person p where p.id = any(${people}::bigint[]) and p.archived_at is null
      and exists (select 1 from role_grant g where g.person_id = p.id and g.role in ('agent', 'lead', 'manager', 'administrator'))
    union all select 'leads', id from team where id = any(${ids('leads')}::bigint[]) and archived_at is null
    union all select 'rota', id from rota where id = any(${ids('rota')}::bigint[]) and archived_at is null`.execute(context.db)
  const here = new Set(found.rows.map((row) => `${row.kind} ${row.id}`))
  const missing = targets.find((one) => !here.has(`${one.kind} ${one.id}`))
  if (missing)
    throw invalid(missing.path, 'unknown', 'This is nobody who can be rung: a rota, a team or a colleague who is there. Choose another.')
  if (catchAllId !== null && !here.has(`person ${catchAllId}`))
    throw invalid('catchAllId', 'unknown', 'This person is no colleague any more. Choose another, or leave it to the administrators.')
}

async function refuseTaken(context: Context, name: string, butNot: string | null): Promise<void> {
  const taken =
    await sql`select 1 from paging_policy where firstline.plain(name) = firstline.plain(${name}) and archived_at is null and id is distinct from ${butNot}::bigint`.execute(
      context.db,
    )
  if (taken.rows.length > 0) throw invalid('name', 'taken', 'Another policy has this name. Choose another.')
}

export async function addRule(context: Context, body: NewRule): Promise<string> {
  await refuseWrong(context, body)
  const made = await sql<{ id: string }>`insert into paging_rule (name, query, policy_id, position, switched_off_at, created_at)
    values (${body.name}, ${JSON.stringify(body.query)}::jsonb, ${body.policyId}::bigint, ${body.position}, ${body.on ? null : context.now.toString()}::timestamptz, ${context.now.toString()})
    returning id`.execute(context.db)
  const id = made.rows[0]!.id
  await context.record({ type: 'paging-rule.created', ...about('paging-rule', id), data: {} })
  forgetRules(context)
  return id
}

export async function changeRule(
  context: Context,
  row: Granted<RuleFacts, 'routing.edit'>,
  version: number,
  change: RuleChange,
): Promise<void> {
  if (row.version !== version) throw stale(row.version)
  await refuseWrong(context, change)
  const on = change.on ?? row.on
  await sql`update paging_rule set version = version + 1, name = ${change.name ?? row.name}, query = ${JSON.stringify(change.query ?? row.query)}::jsonb,
      policy_id = ${change.policyId === undefined ? row.policy_id : change.policyId}::bigint, position = coalesce(${change.position ?? null}::int, position),
      switched_off_at = ${on ? null : context.now.toString()}::timestamptz where id = ${row.id}`.execute(context.db)
  await context.record({ type: 'paging-rule.changed', ...about('paging-rule', row.id), data: { fields: Object.keys(change) } })
  forgetRules(context)
}

export async function archiveRule(context: Context, row: Granted<RuleFacts, 'routing.edit'>): Promise<void> {
  await sql`update paging_rule set archived_at = ${context.now.toString()}, version = version + 1 where id = ${row.id}`.execute(context.db)
  await context.record({ type: 'paging-rule.archived', ...about('paging-rule', row.id), data: {} })
  forgetRules(context)
}

async function refuseWrong(context: Context, rule: RuleChange): Promise<void> {
  if (rule.query) await refuseWrongQuery(context, rule.query)
  if (!rule.policyId) return
  const policy = await sql`select 1 from paging_policy where id = ${rule.policyId} and archived_at is null`.execute(context.db)
  if (policy.rows.length === 0) throw invalid('policyId', 'unknown', 'This policy does not exist any more. Choose another.')
}

/** A rule is nobody, so it cannot ask for "mine"; and one that asks for nothing would wake somebody for each ticket. */
async function refuseWrongQuery(context: Context, query: ViewQuery): Promise<void> {
  const all = [
    ...query.all.map((one, n) => ({ one, path: `query.all.${n}` })),
    ...query.any.map((one, n) => ({ one, path: `query.any.${n}` })),
  ]
  if (all.length === 0) throw invalid('query', 'empty', 'Say which tickets page: without a condition each ticket would wake somebody.')
  const personal = all.find(({ one }) => isPersonal(one))
  if (personal)
    throw invalid(personal.path, 'personal', 'This asks about whoever reads the list, and a rule is nobody. Name the person or the team.')
  if (!all.some(({ one }) => one.field === 'own')) return
  const [wrong] = wrongOwn(query, await fieldFacts(context))
  if (wrong) throw new Problem('validation_failed', `Please correct: ${wrong.path}.`, { issues: [wrong] })
}
