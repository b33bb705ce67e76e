import { sql } from 'kysely'
import type { z } from 'zod'
import type { RoutingRule, routing } from '../../../contract/desk.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { type RuleFacts, readRule } from './access.ts'
import { giveTicket } from './actions-give.ts'
import { type Conditions, type Facts, matchRule } from './rules.ts'
import './events.ts'

type Input = z.output<(typeof routing)['POST /api/routing-rules']['body']>
type Change = z.output<(typeof routing)['PATCH /api/routing-rules/:id']['body']>
type Try = z.output<(typeof routing)['POST /api/routing-rules/try']['body']>
type Rule = Granted<RuleFacts, 'routing.edit'>

const about = (id: string) => ({ subject: { kind: 'routing-rule', id }, audience: 'staff' as const })

export async function addRule(context: Context, input: Input): Promise<string> {
  await refuseUnknown(context, input)
  const now = context.now.toString()
  const made = await sql<{
    id: string
  }>`insert into routing_rule (position, name, mailbox_id, category_id, organisation_id, words, team_id, switched_off_at, created_at)
    select coalesce(max(position), 0) + 1, ${input.name}::text, ${input.mailboxId ?? null}::bigint, ${input.categoryId ?? null}::bigint, ${input.organisationId ?? null}::bigint,
      ${input.words ?? []}::text[], ${input.teamId}::bigint, ${input.on === false ? now : null}::timestamptz, ${now}::timestamptz from routing_rule returning id`.execute(
    context.db,
  )
  const id = made.rows[0]!.id
  await context.record({ type: 'routing-rule.created', ...about(id), data: {} })
  return id
}

const columnOf = {
  name: 'name',
  mailboxId: 'mailbox_id',
  categoryId: 'category_id',
  organisationId: 'organisation_id',
  words: 'words',
  teamId: 'team_id',
} as const

export async function changeRule(context: Context, rule: Rule, version: number, change: Change): Promise<void> {
  if (rule.version !== version)
    throw new Problem('version_stale', 'Somebody else changed this rule meanwhile.', {
      details: { current: await readRule(context, rule.id) },
    })
  await refuseUnknown(context, change)
  const sets = Object.entries(columnOf).flatMap(([field, column]) => {
    const value = change[field as keyof typeof columnOf]
    return value === undefined ? [] : [sql`, ${sql.ref(column)} = ${value}`]
  })
  if (change.on !== undefined) sets.push(sql`, switched_off_at = ${change.on ? null : context.now.toString()}`)
  if (sets.length === 0) return
  await sql`update routing_rule set version = version + 1${sql.join(sets, sql``)} where id = ${rule.id}`.execute(context.db)
  await context.record({ type: 'routing-rule.changed', ...about(rule.id), data: { fields: Object.keys(change) } })
}

export async function removeRule(context: Context, rule: Rule): Promise<void> {
  await context.db.deleteFrom('routing_rule').where('id', '=', rule.id).execute()
  await context.record({ type: 'routing-rule.removed', ...about(rule.id), data: {} })
}

/** Every rule has its place: an order that misses one, or names one twice, was made from an old list. */
export async function orderRules(context: Context, ids: string[]): Promise<void> {
  const known = await sql<{ id: string }>`select id from routing_rule for no key update`.execute(context.db)
  if (new Set(ids).size !== ids.length || known.rows.length !== ids.length || known.rows.some((row) => !ids.includes(row.id)))
    throw invalid('ids', 'not_all', 'Name each rule once. Read the list again: somebody changed it meanwhile.')
  await sql`update routing_rule r set position = x.position from unnest(${ids}::bigint[]) with ordinality as x (id, position) where r.id = x.id`.execute(
    context.db,
  )
  await context.record({ type: 'routing-rules.ordered', ...about(ids[0] ?? '0'), data: { ids } })
}

async function refuseUnknown(context: Context, given: Change): Promise<void> {
  const found = await sql<Record<string, boolean>>`select
    exists (select 1 from team where id = ${given.teamId ?? null}::bigint and archived_at is null) as "teamId",
    exists (select 1 from mailbox where id = ${given.mailboxId ?? null}::bigint and archived_at is null) as "mailboxId",
    exists (select 1 from category where id = ${given.categoryId ?? null}::bigint and archived_at is null) as "categoryId",
    exists (select 1 from organisation where id = ${given.organisationId ?? null}::bigint) as "organisationId"`.execute(context.db)
  for (const field of ['teamId', 'mailboxId', 'categoryId', 'organisationId'] as const)
    if (given[field] != null && found.rows[0]?.[field] !== true)
      throw invalid(field, 'unknown', 'This does not exist any more. Choose another.')
}

export async function tryRules(context: Context, ticket: Try): Promise<RoutingRule | null> {
  const { rules, categoryIds } = await rulesFor(context, ticket)
  const rule = matchRule(rules, { ...ticket, categoryIds })
  return rule ? readRule(context, rule.id) : null
}

type LiveRule = Conditions & { id: string; name: string; teamId: string }
/** `distributing`: the teams that give their tickets out, so that those that do not cost no further query. */
type Routes = { rules: LiveRule[]; categoryIds: string[]; defaultTeamId: string | null; distributing: string[] }

/** The rules that are on and whose team still is there, in order, with what else routing needs: one query. */
async function rulesFor(context: Context, ticket: { mailboxId: string | null; categoryId: string | null }): Promise<Routes> {
  const found = await sql<Routes>`
    with recursive above as (select id, parent_id from category where id = ${ticket.categoryId}::bigint union select c.id, c.parent_id from category c join above a on c.id = a.parent_id)
    select coalesce((select json_agg(json_build_object('id', r.id::text, 'name', r.name, 'teamId', r.team_id::text, 'mailboxId', r.mailbox_id::text,
        'categoryId', r.category_id::text, 'organisationId', r.organisation_id::text, 'words', r.words) order by r.position, r.id)
        from routing_rule r join team t on t.id = r.team_id where r.switched_off_at is null and t.archived_at is null), '[]') as rules,
      array(select id::text from above) as "categoryIds",
      (select m.team_id from mailbox m join team t on t.id = m.team_id where m.id = ${ticket.mailboxId}::bigint and t.archived_at is null) as "defaultTeamId",
      array(select team_id::text from team_routing where way <> 'pull') as distributing`.execute(context.db)
  return found.rows[0]!
}

export type NewTicketFacts = Omit<Facts, 'categoryIds'> & {
  id: string
  categoryId: string | null
  assigneeId: string | null
  requesterId: string
}

/**
 * Gives a new ticket its team: by the first rule that matches, else by its mailbox; else it stays with nobody, visibly.
 * Where the team gives its tickets out, it has its person with the same answer.
 */
export async function routeTicket(context: Context, ticket: NewTicketFacts): Promise<void> {
  const { rules, categoryIds, defaultTeamId, distributing } = await rulesFor(context, ticket)
  const rule = matchRule(rules, { ...ticket, categoryIds })
  const teamId = rule?.teamId ?? defaultTeamId
  if (teamId === null) return
  const given = await sql`update ticket set team_id = ${teamId} where id = ${ticket.id} and team_id is null`.execute(context.db)
  if (given.numAffectedRows !== 1n) return
  const gives = !context.past && ticket.assigneeId === null && distributing.includes(teamId)
  const person = gives ? await giveTicket(context, teamId, ticket, { fresh: true }) : null
  await context.record({
    type: 'ticket.assigned',
    subject: { kind: 'ticket', id: ticket.id },
    ticketId: ticket.id,
    organisationId: ticket.organisationId,
    rule: rule?.name ?? 'mailbox',
    audience: 'staff',
    data: {
      teamId,
      assigneeId: person?.assigneeId ?? ticket.assigneeId,
      fromTeamId: null,
      fromAssigneeId: ticket.assigneeId,
      ...(person ? { given: person.why } : {}),
    },
  })
}
