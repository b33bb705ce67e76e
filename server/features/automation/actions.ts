import { sql } from 'kysely'
import type { z } from 'zod'
import type { automation } from '../../../contract/automation.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { type RuleFacts, readRule } from './access.ts'
import { forgetAwaited } from './access-awaited.ts'
import { refuseRule } from './actions-checks.ts'
import { typesOf } from './rules.ts'
import { refsOf } from './rules-references.ts'
import './events.ts'

/** Writing rules. Only administrators do: what a rule does it does as the program. */
type Input = z.output<(typeof automation)['POST /api/automation/rules']['body']>
type Change = z.output<(typeof automation)['PATCH /api/automation/rules/:id']['body']>
type Editable = Granted<RuleFacts, 'automation.edit'>

const about = (id: string) => ({ subject: { kind: 'automation', id }, audience: 'staff' as const })
const most = 200

export async function addRule(context: Context, input: Input): Promise<string> {
  await refuseRule(context, input)
  const at = context.now.toString()
  const made = await sql<{
    id: string
  }>`insert into automation_rule (position, name, owner_id, occasion, types, query, actions, created_at, active_since, switched_off_at, switched_off_why)
    select coalesce(max(position), 0) + 1, ${input.name}, ${context.actor.id}::bigint, ${JSON.stringify(input.occasion)}::jsonb, ${typesOf(input.occasion)}::text[],
      ${JSON.stringify(input.query)}::jsonb, ${JSON.stringify(input.actions)}::jsonb, ${at}::timestamptz, ${at}::timestamptz,
      ${input.on ? null : at}::timestamptz, ${input.on ? null : 'hand'}::text
    from automation_rule where archived_at is null having count(*) < ${most} returning id`.execute(context.db)
  const id = made.rows[0]?.id
  if (id === undefined) throw invalid('name', 'too_many', `There are ${most} rules, and nobody oversees more. Remove one first.`)
  await keepReferences(context, id, input)
  await context.record({ type: 'automation.created', ...about(id), data: {} })
  forgetAwaited(context)
  return id
}

export async function changeRule(context: Context, row: Editable, version: number, change: Change): Promise<void> {
  if (row.version !== version)
    throw new Problem('version_stale', 'Somebody else changed this rule meanwhile.', {
      details: { current: await readRule(context, row.id) },
    })
  const next = { occasion: change.occasion ?? row.occasion, query: change.query ?? row.query, actions: change.actions ?? row.actions }
  const on = change.on ?? row.on
  // What acts has to be whole: it is looked at again when it is switched on, too.
  if (on || change.occasion || change.query || change.actions) await refuseRule(context, next)
  const at = context.now.toString()
  const begins = (on && !row.on) || JSON.stringify(next.occasion) !== JSON.stringify(row.occasion)
  await sql`update automation_rule set version = version + 1, name = ${change.name ?? row.name}, occasion = ${JSON.stringify(next.occasion)}::jsonb,
    types = ${typesOf(next.occasion)}::text[], query = ${JSON.stringify(next.query)}::jsonb, actions = ${JSON.stringify(next.actions)}::jsonb,
    active_since = case when ${begins} then ${at}::timestamptz else active_since end,
    switched_off_at = case when ${on} then null else coalesce(switched_off_at, ${at}::timestamptz) end,
    switched_off_why = case when ${on} then null else coalesce(switched_off_why, 'hand') end where id = ${row.id}`.execute(context.db)
  await keepReferences(context, row.id, next)
  await context.record({ type: 'automation.changed', ...about(row.id), data: { fields: Object.keys(change) } })
  forgetAwaited(context)
}

/** Its name stays in the timelines of what it did, and its log for as long as logs are kept. */
export async function removeRule(context: Context, row: Editable): Promise<void> {
  await sql`update automation_rule set archived_at = ${context.now.toString()}, version = version + 1 where id = ${row.id}`.execute(
    context.db,
  )
  await sql`delete from automation_reference where rule_id = ${row.id}`.execute(context.db)
  await context.record({ type: 'automation.removed', ...about(row.id), data: {} })
  forgetAwaited(context)
}

/** Those that are not named come behind, as they stood. */
export async function orderRules(context: Context, ids: string[]): Promise<void> {
  await sql`update automation_rule r set position = n.place from (select x.id, row_number() over (order by coalesce(array_position(${ids}::bigint[], x.id), 100000), x.position, x.id) as place
    from automation_rule x where x.archived_at is null) n where n.id = r.id and r.position <> n.place`.execute(context.db)
  await context.record({ type: 'automations.ordered', ...about('0'), data: { ids } })
}

async function keepReferences(context: Context, id: string, { query, actions }: Pick<Input, 'query' | 'actions'>): Promise<void> {
  const refs = refsOf(query, actions)
  await sql`delete from automation_reference where rule_id = ${id}`.execute(context.db)
  await sql`insert into automation_reference (rule_id, kind, to_id) select ${id}::bigint, x.kind, x.id
    from unnest(${refs.map((r) => r.kind)}::text[], ${refs.map((r) => r.id)}::bigint[]) as x (kind, id) on conflict do nothing`.execute(
    context.db,
  )
}
