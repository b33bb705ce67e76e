import { type RawBuilder, sql } from 'kysely'
import type { RoutingRule } from '../../../contract/desk.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notAllowed, notFound } from '../../kernel/problem.ts'

/** Routing rules, categories and statuses belong to the whole desk: staff see them, who holds the right changes them. */
export type RuleFacts = { id: string; version: number }

export async function accessRule(context: Context, id: string, right: 'routing.edit'): Promise<Granted<RuleFacts, 'routing.edit'>> {
  if (!context.actor.rights.has(right)) throw notAllowed()
  const found = await sql<RuleFacts>`select id, version from routing_rule where id = ${id} for no key update`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<RuleFacts, 'routing.edit'>
}

export type CategoryFacts = { id: string; parent_id: string | null }

export async function accessCategory(
  context: Context,
  id: string,
  right: 'category.edit',
): Promise<Granted<CategoryFacts, 'category.edit'>> {
  if (!context.actor.rights.has(right)) throw notAllowed()
  const found = await sql<CategoryFacts>`select id, parent_id from category where id = ${id} for no key update`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<CategoryFacts, 'category.edit'>
}

/** A customer that this person may not see still is a condition: it is shown without its name. */
export async function listRules(context: Context, only: RawBuilder<unknown> = sql``): Promise<RoutingRule[]> {
  const language = context.actor.language
  const found = await sql<RoutingRule>`select r.id, r.version, r.position, r.name, r.words, r.switched_off_at is null as on,
      case when r.mailbox_id is null then null else json_build_object('id', m.id::text, 'name', m.name) end as mailbox,
      case when r.category_id is null then null else json_build_object('id', c.id::text, 'name', c.name ->> ${language}) end as category,
      case when r.organisation_id is null then null else json_build_object('id', r.organisation_id::text, 'name', coalesce(o.name, '…')) end as organisation,
      json_build_object('id', t.id::text, 'name', t.name) as team
    from routing_rule r join team t on t.id = r.team_id left join mailbox m on m.id = r.mailbox_id left join category c on c.id = r.category_id
    left join organisation o on o.id = r.organisation_id ${only} order by r.position, r.id`.execute(context.db)
  return found.rows
}

export async function readRule(context: Context, id: string): Promise<RoutingRule> {
  const [rule] = await listRules(context, sql`where r.id = ${id}`)
  if (!rule) throw notFound()
  return rule
}
