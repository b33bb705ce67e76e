import { sql } from 'kysely'
import type { z } from 'zod'
import type { ViewQuery, views } from '../../../contract/views.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { type Issue, notAllowed, Problem } from '../../kernel/problem.ts'
import { fieldFacts } from '../fields/access.ts'
import { maySave } from '../readymade/access.ts'
import { readView, type ViewFacts } from './access.ts'
import { inViews, matching, viewerOf } from './access-query.ts'
import { namedIn } from './rules.ts'
import { wrongOwn } from './rules-own.ts'
import './events.ts'

type Input = z.output<(typeof views)['POST /api/views']['body']>
type Change = z.output<(typeof views)['PATCH /api/views/:id']['body']>

const about = (id: string) => ({ subject: { kind: 'view', id }, audience: 'staff' as const })
const refusal = (issues: Issue[]) => new Problem('validation_failed', issues[0]!.message, { issues })

export async function addView(context: Context, input: Input): Promise<string> {
  await refuseScope(context, input.scope, input.teamId)
  await refuseQuery(context, input.query)
  await refuseColumns(context, input.columns)
  const made = await sql<{
    id: string
  }>`insert into ticket_view (scope, owner_id, team_id, name, icon, query, columns, sort, grouping, position, pinned, created_at)
    values (${input.scope}, ${context.actor.id}, ${input.scope === 'team' ? input.teamId : null}, ${input.name}, ${input.icon}, ${JSON.stringify(input.query)},
      ${JSON.stringify(input.columns)}, ${input.sort}, ${input.grouping}, ${input.position}, ${input.pinned ? 'yes' : 'no'}, ${context.now.toString()}) returning id`.execute(
    context.db,
  )
  const id = made.rows[0]!.id
  await context.record({ type: 'view.created', ...about(id), data: { scope: input.scope } })
  return id
}

export async function changeView(context: Context, view: Granted<ViewFacts, 'view.edit'>, version: number, change: Change): Promise<void> {
  if (view.version !== version)
    throw new Problem('version_stale', 'Somebody else changed this view meanwhile.', {
      details: { current: await readView(context, view.id) },
    })
  const scope = change.scope ?? view.scope
  const teamId = scope === 'team' ? (change.teamId ?? view.team_id) : null
  if (change.scope !== undefined || change.teamId !== undefined) await refuseScope(context, scope, teamId)
  if (change.query) await refuseQuery(context, change.query)
  if (change.columns) await refuseColumns(context, change.columns)
  const grouping = change.grouping === undefined ? view.grouping : change.grouping
  const pinned = change.pinned === undefined ? null : change.pinned ? 'yes' : 'no'
  await sql`update ticket_view set version = version + 1, scope = ${scope}, team_id = ${teamId}, name = coalesce(${change.name ?? null}, name),
    icon = coalesce(${change.icon ?? null}, icon), query = coalesce(${change.query ? JSON.stringify(change.query) : null}::jsonb, query),
    columns = coalesce(${change.columns ? JSON.stringify(change.columns) : null}::jsonb, columns), sort = coalesce(${change.sort ?? null}, sort),
    grouping = ${grouping}, position = coalesce(${change.position ?? null}::int, position), pinned = coalesce(${pinned}, pinned) where id = ${view.id}`.execute(
    context.db,
  )
  await context.record({ type: 'view.changed', ...about(view.id), data: { fields: Object.keys(change) } })
}

export async function removeView(context: Context, view: Granted<ViewFacts, 'view.edit'>): Promise<void> {
  await sql`delete from ticket_view where id = ${view.id}`.execute(context.db)
  await context.record({ type: 'view.removed', ...about(view.id), data: {} })
}

async function refuseScope(context: Context, scope: string, teamId: string | null): Promise<void> {
  if (scope === 'team') {
    const found =
      teamId === null ? undefined : await sql`select 1 from team where id = ${teamId} and archived_at is null`.execute(context.db)
    if (!found?.rows.length) throw refusal([{ path: 'teamId', code: 'missing', message: 'Choose a team.' }])
  }
  if (!(await maySave(context, scope, teamId)))
    throw notAllowed(scope === 'team' ? 'Only a lead of this team keeps a view for it.' : 'Only a lead keeps a view for everybody.')
}

async function refuseColumns(context: Context, columns: Input['columns']): Promise<void> {
  if (!columns.some(({ key }) => key.startsWith('own:'))) return
  const known = new Set((await fieldFacts(context)).map(({ id }) => `own:${id}`))
  const issues = columns.flatMap(({ key }, n) =>
    key.startsWith('own:') && !known.has(key)
      ? [{ path: `columns.${n}.key`, code: 'unknown', message: 'There is no such field. Leave the column out.' }]
      : [],
  )
  if (issues.length > 0) throw refusal(issues)
}

/** What it names has to be there; all that is not is told at once. */
async function refuseQuery(context: Context, query: ViewQuery): Promise<void> {
  const named = namedIn(query)
  const own = named.some(({ kind }) => kind.startsWith('field-')) ? wrongOwn(query, await fieldFacts(context)) : []
  const found = await sql<{
    n: number
  }>`select x.n::int as n from unnest(${named.map((one) => one.kind)}::text[], ${named.map((one) => one.id)}::bigint[])
    with ordinality as x (kind, id, n) where not case x.kind
      when 'status' then exists (select 1 from status s where s.id = x.id)
      when 'category' then exists (select 1 from category c where c.id = x.id)
      when 'person' then exists (select 1 from person p where p.id = x.id)
      when 'team' then exists (select 1 from team m where m.id = x.id)
      when 'organisation' then exists (select 1 from organisation o where o.id = x.id)
      when 'site' then exists (select 1 from site s where s.id = x.id) else true end`.execute(context.db)
  const issues = found.rows.map(({ n }) => ({
    path: named[n - 1]?.path ?? 'query',
    code: 'unknown',
    message: 'This does not exist any more. Choose another.',
  }))
  if (own.length + issues.length > 0) throw refusal([...own, ...issues])
}

/** What is in the view now is not news. */
export async function setAlert(context: Context, view: Granted<ViewFacts, 'view.use'>, when: 'at-once' | 'daily' | null): Promise<void> {
  const me = context.actor.id
  await sql`delete from view_alert where view_id = ${view.id} and person_id = ${me}`.execute(context.db)
  if (when === null) return
  await sql`insert into view_alert (view_id, person_id, at_once, looked_at)
    values (${view.id}, ${me}, ${when === 'at-once' ? 'yes' : 'no'}, ${context.now.toString()})`.execute(context.db)
  await sql`insert into view_alert_seen (view_id, person_id, ticket_id) select ${view.id}::bigint, ${me}::bigint, t.id from ticket t
    where ${inViews(context)} and ${matching(view.query, viewerOf(context))} order by t.id desc limit 10000`.execute(context.db)
}
