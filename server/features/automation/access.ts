import { type RawBuilder, sql } from 'kysely'
import type { Occasion, Rule, RuleAction, RuleRun } from '../../../contract/automation.ts'
import type { ViewQuery } from '../../../contract/views.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, notFound } from '../../kernel/problem.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { visibleTo } from '../tickets/access-visibility.ts'
import type { Ref } from './rules-references.ts'

/** Rules and their log, for those who look after them. In the log no ticket stands that the reader may not see. */
export type RuleFacts = {
  id: string
  version: number
  name: string
  owner_id: string
  occasion: Occasion
  query: ViewQuery
  actions: RuleAction[]
  on: boolean
}
const factColumns = sql`r.id, r.version, r.name, r.owner_id, r.occasion, r.query, r.actions, r.switched_off_at is null as on`

export async function accessRule({ db }: Context, id: string): Promise<Granted<RuleFacts, 'automation.edit'>> {
  const found =
    await sql<RuleFacts>`select ${factColumns} from automation_rule r where r.id = ${id} and r.archived_at is null for no key update`.execute(
      db,
    )
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<RuleFacts, 'automation.edit'>
}

/** Those that act, in their order: on these events; without any, those that wait for a time. */
export async function actingRules({ db }: Context, types: readonly string[] | null): Promise<(RuleFacts & { active_since: string })[]> {
  const waits = types === null ? sql`r.occasion ->> 'on' = 'time'` : sql`r.types && ${[...types]}::text[]`
  const found = await sql<
    RuleFacts & { active_since: string }
  >`select ${factColumns}, r.active_since::text as active_since from automation_rule r
    where r.archived_at is null and r.switched_off_at is null and ${waits} order by r.position, r.id limit 200`.execute(db)
  return found.rows
}

/** Its name, null when it is no longer there to be used. An own field counts with the type by which it is asked (field-date). */
export const targetName = (kind: RawBuilder<unknown>, id: RawBuilder<unknown>, language: 'en' | 'de'): RawBuilder<string | null> =>
  sql`case when ${kind} like 'field-%' then (select y.label ->> ${language} from field y
    where y.id = ${id} and y.archived_at is null and 'field-' || y.type = ${kind}) else firstline.automation_target(${kind}, ${id}, ${language}) end`

type Row = Omit<Rule, 'names' | 'broken'> & { targets: { kind: string; id: string; name: string | null }[] }
const columns = ({
  actor,
}: Context) => sql`r.id, r.version, r.name, r.occasion, r.query, r.actions, r.switched_off_at is null as on, r.switched_off_why as "offWhy",
  json_build_object('id', r.owner_id::text, 'name', coalesce(firstline.name_of(r.owner_id), '')) as owner,
  coalesce((select json_agg(json_build_object('kind', f.kind, 'id', f.to_id::text, 'name', ${targetName(sql`f.kind`, sql`f.to_id`, actor.language)}))
    from automation_reference f where f.rule_id = r.id), '[]') as targets, coalesce(n.done, 0) as done, coalesce(n.failed, 0) as failed`
/** At most a thousand runs are counted for each. */
const counted = ({
  now,
}: Context) => sql`left join lateral (select count(*) filter (where x.outcome = 'done')::int as done, count(*) filter (where x.outcome = 'failed')::int as failed
  from (select u.outcome, u.at from automation_run u where u.rule_id = r.id order by u.id desc limit 1000) x
  where x.at > ${now.subtract({ hours: 7 * 24 }).toString()}::timestamptz) n on true`

function asRule({ targets, ...row }: Row): Rule {
  const keyed = targets.map((target) => ({ ...target, key: `${target.kind}:${target.id}` }))
  return {
    ...row,
    names: Object.fromEntries(keyed.flatMap(({ key, name }) => (name === null ? [] : [[key, name]]))),
    broken: keyed.filter(({ name }) => name === null).map(({ key }) => key),
  }
}

export async function listRules(context: Context): Promise<Rule[]> {
  const found = await sql<Row>`select ${columns(context)} from automation_rule r ${counted(context)} where r.archived_at is null
    order by r.position, r.id limit 200`.execute(context.db)
  return found.rows.map(asRule)
}

export async function readRule(context: Context, id: string): Promise<Rule> {
  const found =
    await sql<Row>`select ${columns(context)} from automation_rule r ${counted(context)} where r.id = ${id} and r.archived_at is null`.execute(
      context.db,
    )
  if (!found.rows[0]) throw notFound()
  return asRule(found.rows[0])
}

/** Those that are no longer there. */
export async function goneOf(context: Context, refs: readonly Ref[]): Promise<Ref[]> {
  if (refs.length === 0) return []
  const found = await sql<{
    n: number
  }>`select x.n::int as n from unnest(${refs.map((r) => r.kind)}::text[], ${refs.map((r) => r.id)}::bigint[])
    with ordinality as x (kind, id, n) where ${targetName(sql`x.kind`, sql`x.id`, 'en')} is null`.execute(context.db)
  return found.rows.map((row) => refs[row.n - 1]).filter((ref) => ref !== undefined)
}

const runColumns = sql`u.id, ${wireTime('u.at')} as at, json_build_object('id', t.id::text, 'subject', t.subject) as ticket, u.outcome, u.steps, u.cause,
  u.retried_at is not null as retried`
type Query = { limit: number; after?: string | undefined; outcome?: RuleRun['outcome'] | undefined }

export async function listRuns(context: Context, ruleId: string, query: Query): Promise<{ items: RuleRun[]; next: string | null }> {
  await readRule(context, ruleId)
  if (query.after !== undefined && !/^\d{1,19}$/.test(query.after))
    throw invalid('query.after', 'cursor', 'This is not a page mark of this list.')
  const found = await sql<RuleRun>`select ${runColumns} from automation_run u join ticket t on t.id = u.ticket_id
    where u.rule_id = ${ruleId} and ${visibleTo(context.actor)} ${query.outcome === undefined ? sql`` : sql`and u.outcome = ${query.outcome}`}
    ${query.after === undefined ? sql`` : sql`and u.id < ${query.after}::bigint`} order by u.id desc limit ${sql.lit(query.limit + 1)}`.execute(
    context.db,
  )
  const items = found.rows.slice(0, query.limit)
  return { items, next: found.rows.length > query.limit ? (items.at(-1)?.id ?? null) : null }
}

export async function readRun(context: Context, id: string): Promise<RuleRun> {
  const found = await sql<RuleRun>`select ${runColumns} from automation_run u join ticket t on t.id = u.ticket_id
    where u.id = ${id} and ${visibleTo(context.actor)}`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}

export type FailedRun = { id: string; rule_id: string; ticket_id: string }
export async function accessFailedRun(context: Context, id: string): Promise<Granted<FailedRun, 'automation.edit'>> {
  const found = await sql<
    FailedRun & { outcome: string }
  >`select u.id, u.rule_id, u.ticket_id, u.outcome from automation_run u join ticket t on t.id = u.ticket_id
    where u.id = ${id} and ${visibleTo(context.actor)} for update of u`.execute(context.db)
  const row = found.rows[0]
  if (!row) throw notFound()
  if (row.outcome !== 'failed') throw invalid('id', 'not_failed', 'This did not fail: there is nothing to try again.')
  return row as unknown as Granted<FailedRun, 'automation.edit'>
}
