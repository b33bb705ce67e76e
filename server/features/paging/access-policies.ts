import { sql } from 'kysely'
import type { PagingRule, Policy, PolicyStep } from '../../../contract/paging.ts'
import type { ViewQuery } from '../../../contract/views.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notFound } from '../../kernel/problem.ts'

/** Policies and rules, for the staff who see them and the leads who change them. */
export type PolicyFacts = {
  id: string
  version: number
  name: string
  urgency: 'high' | 'low'
  steps: PolicyStep[]
  loops: number
  acknowledged_minutes: number | null
  catch_all_id: string | null
  runbook: string
  hotline: string
}

/** Names of what the steps point at are looked up in one go: rotas, people and teams. */
const named = sql`(select jsonb_agg(jsonb_build_object('wait', s.value -> 'wait', 'repeat', s.value -> 'repeat', 'mode', s.value -> 'mode', 'targets',
    (select jsonb_agg(jsonb_build_object('kind', x.value ->> 'kind', 'id', x.value ->> 'id', 'name', coalesce(case x.value ->> 'kind'
        when 'rota' then (select r.name from rota r where r.id = (x.value ->> 'id')::bigint)
        when 'person' then firstline.name_of((x.value ->> 'id')::bigint)
        else (select m.name from team m where m.id = (x.value ->> 'id')::bigint) end, '')) order by x.ordinality)
      from jsonb_array_elements(s.value -> 'targets') with ordinality x)) order by s.ordinality)
  from jsonb_array_elements(p.steps) with ordinality s)`
const columns = (
  context: Context,
) => sql`p.id, p.version, p.name, p.urgency, ${named} as steps, p.loops, p.acknowledged_minutes as "acknowledgedMinutes",
  case when p.catch_all_id is null then null else json_build_object('id', p.catch_all_id::text, 'name', coalesce(firstline.name_of(p.catch_all_id), '')) end as "catchAll",
  p.runbook, p.hotline, json_build_object('edit', ${context.actor.rights.has('routing.edit')}::boolean) as can,
  coalesce((select json_agg(json_build_object('id', t.id::text, 'name', t.name) order by t.name) from paging_policy_team x join team t on t.id = x.team_id
    where x.policy_id = p.id), '[]') as teams`

export const listPolicies = async (context: Context): Promise<Policy[]> =>
  (
    await sql<Policy>`select ${columns(context)} from paging_policy p where p.archived_at is null order by p.name, p.id limit 200`.execute(
      context.db,
    )
  ).rows

export async function readPolicy(context: Context, id: string): Promise<Policy> {
  const found = await sql<Policy>`select ${columns(context)} from paging_policy p where p.id = ${id} and p.archived_at is null`.execute(
    context.db,
  )
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}

const facts = sql`id, version, name, urgency, steps, loops, acknowledged_minutes, catch_all_id, runbook, hotline`
export async function accessPolicy({ db }: Context, id: string): Promise<Granted<PolicyFacts, 'routing.edit'>> {
  const found = await sql<PolicyFacts>`select ${facts} from paging_policy where id = ${id} and archived_at is null for update`.execute(db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<PolicyFacts, 'routing.edit'>
}

export const policyById = async ({ db }: Context, id: string): Promise<PolicyFacts | undefined> =>
  (await sql<PolicyFacts>`select ${facts} from paging_policy where id = ${id} and archived_at is null`.execute(db)).rows[0]

export const policyOfTeam = async ({ db }: Context, teamId: string): Promise<PolicyFacts | undefined> =>
  (
    await sql<PolicyFacts>`select p.id, p.version, p.name, p.urgency, p.steps, p.loops, p.acknowledged_minutes, p.catch_all_id, p.runbook, p.hotline
      from paging_policy_team x join paging_policy p on p.id = x.policy_id where x.team_id = ${teamId} and p.archived_at is null`.execute(
      db,
    )
  ).rows[0]

export type RuleFacts = { id: string; version: number; name: string; query: ViewQuery; policy_id: string | null; on: boolean }
const ruleColumns = sql`r.id, r.version, r.name, r.query, case when p.id is null then null else json_build_object('id', p.id::text, 'name', p.name) end as policy,
  r.position, r.switched_off_at is null as on`

export const listRules = async ({ db }: Context): Promise<PagingRule[]> =>
  (
    await sql<PagingRule>`select ${ruleColumns} from paging_rule r left join paging_policy p on p.id = r.policy_id
      where r.archived_at is null order by r.position, r.id limit 200`.execute(db)
  ).rows

export async function readRule({ db }: Context, id: string): Promise<PagingRule> {
  const found = await sql<PagingRule>`select ${ruleColumns} from paging_rule r left join paging_policy p on p.id = r.policy_id
    where r.id = ${id} and r.archived_at is null`.execute(db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}

export async function accessRule({ db }: Context, id: string): Promise<Granted<RuleFacts, 'routing.edit'>> {
  const found = await sql<RuleFacts>`select id, version, name, query, policy_id, switched_off_at is null as on from paging_rule
    where id = ${id} and archived_at is null for update`.execute(db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<RuleFacts, 'routing.edit'>
}

export const actingRules = async ({ db }: Context): Promise<RuleFacts[]> =>
  (
    await sql<RuleFacts>`select id, version, name, query, policy_id, true as on from paging_rule
      where archived_at is null and switched_off_at is null order by position, id`.execute(db)
  ).rows

/** Whether any rule may page, remembered for five seconds: while there is none, a saved ticket costs nothing more. */
const known = new WeakMap<Kernel, { rules: number; until: number }>()
export async function learnRules(context: Context): Promise<void> {
  const now = context.kernel.clock.now().epochMilliseconds
  const held = known.get(context.kernel)
  if (held && held.until > now && held.until <= now + 5000) return
  const found = await sql<{ rules: number }>`select firstline.paging_rules() as rules`.execute(context.db)
  known.set(context.kernel, { rules: found.rows[0]?.rules ?? 0, until: now + 5000 })
}
export const mayPage = (kernel: Kernel): boolean => (known.get(kernel)?.rules ?? 0) > 0
export const forgetRules = (context: Context): void => context.afterCommit(() => void known.delete(context.kernel))
