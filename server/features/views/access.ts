import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { SavedView, ViewQuery } from '../../../contract/views.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notAllowed, notFound } from '../../kernel/problem.ts'
import { mayEdit } from '../readymade/access.ts'

/**
 * The only place where views are fetched on somebody's behalf. Private ones are their owner's alone, those of a team its
 * members'. A view never widens what one sees: its tickets are asked for with the reader's own eyes.
 */
export function visibleView(actor: Actor): RawBuilder<SqlBool> {
  if (!actor.rights.has('ticket.work')) return sql`false`
  if (actor.kind === 'system') return sql`true`
  const every = actor.rights.has('template.edit') && actor.rights.has('category.edit')
  const team = every ? sql<SqlBool>`true` : sql<SqlBool>`w.team_id = any(${actor.teams}::bigint[])`
  return sql`(w.scope = 'everyone' or (w.scope = 'private' and w.owner_id = ${actor.id}) or (w.scope = 'team' and ${team}))`
}

export type ViewFacts = {
  id: string
  version: number
  scope: SavedView['scope']
  owner_id: string
  team_id: string | null
  name: string
  query: ViewQuery
  columns: SavedView['columns']
  sort: SavedView['sort']
  grouping: SavedView['grouping']
}
export type ViewRight = 'view.use' | 'view.edit'

const editable = (actor: Actor) => mayEdit(actor, sql`w.scope`, sql`w.team_id`, sql`w.owner_id`)

export async function accessView<R extends ViewRight>(context: Context, id: string, right: R): Promise<Granted<ViewFacts, R>> {
  const { actor } = context
  const edits = right === 'view.edit'
  const found = await sql<
    ViewFacts & { allowed: boolean }
  >`select w.id, w.version, w.scope, w.owner_id, w.team_id, w.name, w.query, w.columns, w.sort, w.grouping, ${edits ? editable(actor) : sql`true`} as allowed
    from ticket_view w where w.id = ${id} and ${visibleView(actor)} ${edits ? sql`for no key update of w` : sql``}`.execute(context.db)
  const row = found.rows[0]
  if (!row) throw notFound()
  if (!row.allowed) throw notAllowed('Only the lead of its team, or a lead of the desk, changes this view. Keep a private copy.')
  return row as unknown as Granted<ViewFacts, R>
}

const columns = (context: Context) =>
  sql`w.id, w.version, w.name, w.icon, w.scope, case when tm.id is null then null else json_build_object('id', tm.id::text, 'name', tm.name) end as team,
    json_build_object('id', w.owner_id::text, 'name', coalesce(firstline.name_of(w.owner_id), '')) as owner, w.query, w.columns, w.sort, w.grouping, w.position,
    w.pinned = 'yes' as pinned, case a.at_once when 'yes' then 'at-once' when 'no' then 'daily' end as alert, json_build_object('edit', ${editable(context.actor)}) as can`
const joins = ({ actor }: Context) =>
  sql`ticket_view w left join team tm on tm.id = w.team_id left join view_alert a on a.view_id = w.id and a.person_id = ${actor.id}`

/** More than anybody reads through. */
const most = 200

export async function listViews(context: Context): Promise<SavedView[]> {
  const found = await sql<SavedView>`select ${columns(context)} from ${joins(context)} where ${visibleView(context.actor)}
    order by w.position, w.id limit ${sql.lit(most)}`.execute(context.db)
  return found.rows
}

export async function readView(context: Context, id: string): Promise<SavedView> {
  const found =
    await sql<SavedView>`select ${columns(context)} from ${joins(context)} where w.id = ${id} and ${visibleView(context.actor)}`.execute(
      context.db,
    )
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}
