import { sql } from 'kysely'
import type { z } from 'zod'
import type { Content, readymades } from '../../../contract/readymade.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { type Issue, notAllowed, Problem } from '../../kernel/problem.ts'
import { maySave, missingTargets, type ReadymadeFacts, readReadymade } from './access.ts'
import { switchOffBroken } from './actions-switch-off.ts'
import { categoryOf, referencesOf, wrongTexts } from './rules-references.ts'
import './events.ts'

type Input = z.output<(typeof readymades)['POST /api/readymade']['body']>
type Change = z.output<(typeof readymades)['PATCH /api/readymade/:id']['body']>
type Editable = Granted<ReadymadeFacts, 'readymade.edit'>

const about = (id: string) => ({ subject: { kind: 'readymade', id }, audience: 'staff' as const })

export async function addReadymade(context: Context, input: Input): Promise<string> {
  await refuseScope(context, input.scope, input.teamId)
  await refuseContent(context, input.content)
  const made = await sql<{
    id: string
  }>`insert into readymade (kind, scope, owner_id, team_id, name, folder, position, content, category_id, created_at)
    values (${input.content.kind}, ${input.scope}, ${context.actor.id}, ${input.scope === 'team' ? input.teamId : null}, ${JSON.stringify(input.name)}, ${input.folder},
      ${input.position}, ${JSON.stringify(input.content)}, ${categoryOf(input.content)}, ${context.now.toString()}) returning id`.execute(
    context.db,
  )
  const id = made.rows[0]!.id
  await keepReferences(context, id, input.content)
  await context.record({ type: 'readymade.created', ...about(id), data: { kind: input.content.kind, scope: input.scope } })
  return id
}

export async function changeReadymade(context: Context, row: Editable, version: number, change: Change): Promise<void> {
  if (row.version !== version)
    throw new Problem('version_stale', 'Somebody else changed this meanwhile.', {
      details: { current: await readReadymade(context, row.id) },
    })
  const scope = change.scope ?? row.scope
  const teamId = scope === 'team' ? (change.teamId ?? row.team_id) : null
  if (change.scope !== undefined || change.teamId !== undefined) await refuseScope(context, scope, teamId)
  if (change.content && change.content.kind !== row.kind)
    throw refusal([{ path: 'content.kind', code: 'fixed', message: `This stays a ${row.kind}. Add a new one instead.` }])
  const content = change.content ?? row.content
  // What comes back has to be whole: its content is looked at again, also where it was not changed.
  if (change.content || change.on === true || change.archived === false) await refuseContent(context, content, row.id)
  if (change.content) await keepReferences(context, row.id, content)
  const at = context.now.toString()
  const off =
    change.on === false
      ? sql`, switched_off_at = coalesce(switched_off_at, ${at}::timestamptz)`
      : change.on || change.content
        ? sql`, switched_off_at = null`
        : sql``
  const archived = change.archived === undefined ? sql`` : sql`, archived_at = ${change.archived ? at : null}::timestamptz`
  await sql`update readymade set version = version + 1, scope = ${scope}, team_id = ${teamId}, name = coalesce(${change.name ? JSON.stringify(change.name) : null}::jsonb, name),
    folder = coalesce(${change.folder ?? null}, folder), position = coalesce(${change.position ?? null}::int, position), content = ${JSON.stringify(content)}::jsonb,
    category_id = ${categoryOf(content)}::bigint ${off} ${archived} where id = ${row.id}`.execute(context.db)
  await context.record({ type: 'readymade.changed', ...about(row.id), data: { fields: Object.keys(change) } })
  if (change.archived) await leave(context, row.id)
}

/** Gone for good only while nobody ever used it: else a timeline would name something that nobody can look up. */
export async function removeReadymade(context: Context, row: Editable): Promise<void> {
  if (row.used_count > 0) {
    await sql`update readymade set archived_at = ${context.now.toString()}, version = version + 1 where id = ${row.id}`.execute(context.db)
    return leave(context, row.id)
  }
  await sql`update readymade set archived_at = ${context.now.toString()} where id = ${row.id}`.execute(context.db)
  await switchOffBroken(context, 'readymade', row.id)
  await sql`delete from readymade r where id = ${row.id} and not exists (select 1 from recurring_ticket c where c.template_id = r.id)`.execute(
    context.db,
  )
  await context.record({ type: 'readymade.removed', ...about(row.id), data: {} })
}

async function leave(context: Context, id: string): Promise<void> {
  await context.record({ type: 'readymade.archived', ...about(id), data: {} })
  await switchOffBroken(context, 'readymade', id)
}

export async function countUse(context: Context, row: Granted<ReadymadeFacts, 'readymade.use'>): Promise<void> {
  await sql`update readymade set used_count = used_count + 1 where id = ${row.id}`.execute(context.db)
}

async function refuseScope(context: Context, scope: string, teamId: string | null): Promise<void> {
  if (scope === 'team' && teamId === null) throw refusal([{ path: 'teamId', code: 'missing', message: 'Choose the team.' }])
  const gone = scope === 'team' && teamId !== null ? await missingTargets(context, [{ kind: 'team', id: teamId, path: 'teamId' }]) : []
  if (gone.length > 0) throw refusal([{ path: 'teamId', code: 'unknown', message: 'This team does not exist any more. Choose another.' }])
  if (!(await maySave(context, scope, teamId)))
    throw notAllowed(
      scope === 'team' ? 'Only a lead of this team keeps something ready for it.' : 'Only a lead keeps something ready for everybody.',
    )
}

/** All that is wrong with it at once: variables that may not stand there, and what it refers to and is gone. */
async function refuseContent(context: Context, content: Content, own?: string): Promise<void> {
  const refs = referencesOf(content)
  const gone = [...(await missingTargets(context, refs)), ...refs.filter((ref) => ref.kind === 'readymade' && ref.id === own)]
  const issues = [
    ...wrongTexts(content),
    ...gone.map(({ path }) => ({ path, code: 'unknown', message: 'This does not exist any more. Choose another.' })),
  ]
  if (issues.length > 0) throw refusal(issues)
}
const refusal = (issues: Issue[]) => new Problem('validation_failed', issues[0]!.message, { issues })

async function keepReferences(context: Context, id: string, content: Content): Promise<void> {
  const refs = referencesOf(content)
  await sql`delete from readymade_reference where readymade_id = ${id}`.execute(context.db)
  await sql`insert into readymade_reference (readymade_id, kind, to_id) select ${id}::bigint, x.kind, x.id
    from unnest(${refs.map((r) => r.kind)}::text[], ${refs.map((r) => r.id)}::bigint[]) as x (kind, id) on conflict do nothing`.execute(
    context.db,
  )
}
