import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { z } from 'zod'
import type { Content, Readymade, readymades } from '../../../contract/readymade.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, notAllowed, notFound } from '../../kernel/problem.ts'
import type { Ref } from './rules-references.ts'

/**
 * The only place where ready-made things are fetched on somebody's behalf. Private ones are their owner's alone; those
 * of a team are its members'; who looks after all ready-made things of the desk sees those of every team.
 */
type Condition = RawBuilder<SqlBool>
const overseer = (actor: Actor): boolean => actor.rights.has('template.edit') && actor.rights.has('category.edit')

export function visibleReadymade(actor: Actor): Condition {
  if (!actor.rights.has('ticket.work')) return sql`false`
  if (actor.kind === 'system') return sql`true`
  const teams = overseer(actor) ? sql<SqlBool>`true` : sql<SqlBool>`r.team_id = any(${actor.teams}::bigint[])`
  return sql`(r.scope = 'everyone' or (r.scope = 'private' and r.owner_id = ${actor.id}) or (r.scope = 'team' and ${teams}))`
}

/** A team's is changed by its lead, and by those who look after the desk's; also while it is not yet written. */
export function mayEdit(actor: Actor, scope = sql`r.scope`, teamId = sql`r.team_id`, ownerId = sql`r.owner_id`): Condition {
  if (actor.kind === 'system') return sql`true`
  const right = actor.rights.has('template.edit')
  const team = overseer(actor)
    ? sql`true`
    : right
      ? sql`${teamId} = any(${actor.teams}::bigint[])`
      : sql`exists (select 1 from team_member lm where lm.team_id = ${teamId} and lm.person_id = ${actor.id} and lm.is_lead = 'yes')`
  return sql`case ${scope} when 'private' then ${ownerId} = ${actor.id} when 'team' then ${team} else ${sql.lit(right)} end`
}

export type ReadymadeFacts = {
  id: string
  version: number
  kind: Readymade['kind']
  scope: Readymade['scope']
  owner_id: string
  team_id: string | null
  name: { en: string; de: string }
  content: Content
  used_count: number
  archived_at: unknown
  switched_off_at: unknown
}
export type ReadymadeRight = 'readymade.use' | 'readymade.edit'

export async function accessReadymade<R extends ReadymadeRight>(
  context: Context,
  id: string,
  right: R,
): Promise<Granted<ReadymadeFacts, R>> {
  const { actor } = context
  const found = await sql<
    ReadymadeFacts & { allowed: boolean }
  >`select r.id, r.version, r.kind, r.scope, r.owner_id, r.team_id, r.name, r.content,
      r.used_count, r.archived_at, r.switched_off_at, ${right === 'readymade.edit' ? mayEdit(actor) : sql`true`} as allowed
    from readymade r where r.id = ${id} and ${visibleReadymade(actor)} ${right === 'readymade.edit' ? sql`for no key update of r` : sql``}`.execute(
    context.db,
  )
  const row = found.rows[0]
  if (!row) throw notFound()
  if (!row.allowed) throw notAllowed('Only the lead of its team, or a lead of the desk, changes this one. Make a private copy.')
  if (right === 'readymade.use' && (row.archived_at !== null || row.switched_off_at !== null))
    throw invalid(
      'readymadeId',
      'switched_off',
      'This is switched off, because something that it needs is no longer there. Choose another.',
    )
  return row as unknown as Granted<ReadymadeFacts, R>
}

/** Whether the actor may keep one in this scope at all. */
export async function maySave(context: Context, scope: string, teamId: string | null): Promise<boolean> {
  const me = sql`${context.actor.id}::bigint`
  const found = await sql<{
    may: boolean
  }>`select ${mayEdit(context.actor, sql`${scope}::text`, sql`${teamId}::bigint`, me)} as may`.execute(context.db)
  return found.rows[0]?.may === true
}

type Row = Omit<Readymade, 'names' | 'broken'> & { targets: { kind: string; id: string; name: string | null }[] }

const columns = (actor: Actor) => sql`r.id, r.version, r.kind, r.scope, r.name, r.folder, r.position, r.used_count as used, r.content,
  r.archived_at is not null as archived, r.switched_off_at is null as on,
  case when tm.id is null then null else json_build_object('id', tm.id::text, 'name', tm.name) end as team,
  json_build_object('id', r.owner_id::text, 'name', firstline.name_of(r.owner_id)) as owner,
  coalesce((select json_agg(json_build_object('kind', f.kind, 'id', f.to_id::text, 'name', firstline.readymade_target(f.kind, f.to_id, ${actor.language})))
    from readymade_reference f where f.readymade_id = r.id), '[]') as targets,
  json_build_object('edit', ${mayEdit(actor)}) as can`

function asReadymade({ targets, ...row }: Row): Readymade {
  const keyed = targets.map((target) => ({ ...target, key: `${target.kind}:${target.id}` }))
  return {
    ...row,
    names: Object.fromEntries(keyed.flatMap(({ key, name }) => (name === null ? [] : [[key, name]]))),
    broken: keyed.filter(({ name }) => name === null).map(({ key }) => key),
  }
}

type Query = z.output<(typeof readymades)['GET /api/readymade']['query']>

export async function listReadymade(context: Context, query: Query): Promise<{ items: Readymade[]; next: string | null }> {
  const { actor } = context
  const parts: Condition[] = [
    visibleReadymade(actor),
    query.archived === true ? sql`r.archived_at is not null` : sql`r.archived_at is null`,
  ]
  if (query.kind) parts.push(sql`r.kind = ${query.kind}`)
  if (query.on !== undefined) parts.push(query.on ? sql`r.switched_off_at is null` : sql`r.switched_off_at is not null`)
  if (query.categoryId) parts.push(sql`r.category_id in (${categoriesAbove(query.categoryId)})`)
  if (query.after !== undefined) parts.push(past(query.after))
  const found = await sql<Row>`select ${columns(actor)} from readymade r left join team tm on tm.id = r.team_id
    where ${sql.join(parts, sql` and `)} order by r.folder, r.position, r.id limit ${sql.lit(query.limit + 1)}`.execute(context.db)
  const rows = found.rows.slice(0, query.limit)
  const last = rows.at(-1)
  const next = found.rows.length > query.limit && last ? mark([last.folder, last.position, last.id]) : null
  return { items: rows.map(asReadymade), next }
}

export const categoriesAbove = (id: string) => sql`with recursive above as (select id, parent_id from category where id = ${id}
  union select c.id, c.parent_id from category c join above a on c.id = a.parent_id) select id from above`

const mark = (place: [string, number, string]) => Buffer.from(JSON.stringify(place)).toString('base64url')
function past(cursor: string): Condition {
  try {
    const [folder, position, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, number, string]
    if (typeof folder !== 'string' || !Number.isInteger(position) || !/^\d{1,19}$/.test(id)) throw new Error()
    return sql`(r.folder, r.position, r.id) > (${folder}::text, ${position}::int, ${id}::bigint)`
  } catch {
    throw invalid('query.after', 'cursor', 'This is not a page mark of this list.')
  }
}

export async function readReadymade(context: Context, id: string): Promise<Readymade> {
  const found = await sql<Row>`select ${columns(context.actor)} from readymade r left join team tm on tm.id = r.team_id
    where r.id = ${id} and ${visibleReadymade(context.actor)}`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return asReadymade(found.rows[0])
}

/** Those that are no longer there, or that nobody but their owner may use. */
export async function missingTargets(context: Context, refs: readonly Ref[]): Promise<Ref[]> {
  if (refs.length === 0) return []
  const found = await sql<{
    n: number
  }>`select x.n::int as n from unnest(${refs.map((r) => r.kind)}::text[], ${refs.map((r) => r.id)}::bigint[])
    with ordinality as x (kind, id, n) where firstline.readymade_target(x.kind, x.id, 'en') is null`.execute(context.db)
  return found.rows.map((row) => refs[row.n - 1]).filter((ref) => ref !== undefined)
}
