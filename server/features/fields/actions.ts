import { sql } from 'kysely'
import type { z } from 'zod'
import type { Field, fields } from '../../../contract/fields.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { fieldUse, readField } from './access.ts'
import './events.ts'

/** What a desk asks of its tickets. What tickets hold already stays readable: fields and choices are archived, never deleted. */
type New = z.output<(typeof fields)['POST /api/fields']['body']>
type Change = z.output<(typeof fields)['PATCH /api/fields/:id']['body']>
type Editable = Granted<Field, 'category.edit'>

const most = 200
const about = (id: string) => ({ subject: { kind: 'field', id }, audience: 'staff' as const })

export async function addField(context: Context, input: New): Promise<string> {
  refuseChoices(input.type, input.choices ?? [])
  await refuseCategories(context, input.categoryIds)
  const made = await sql<{
    id: string
  }>`insert into field (key, label, help, type, choices, kinds, category_ids, audience, mandatory_in, position, created_at)
    select ${input.key}::text, ${JSON.stringify(input.label)}::jsonb, ${JSON.stringify(input.help ?? { en: '', de: '' })}::jsonb, ${input.type}::text,
      ${JSON.stringify(input.choices ?? [])}::jsonb, ${input.kinds ?? ['incident', 'request']}::text[], ${input.categoryIds ?? []}::bigint[],
      ${input.audience ?? 'staff'}::text, ${input.mandatoryIn ?? []}::text[], coalesce(max(position), 0) + 1, ${context.now.toString()}::timestamptz
    from field having count(*) < ${most} on conflict (key) do nothing returning id`.execute(context.db)
  const id = made.rows[0]?.id
  if (id === undefined) throw await whyNotAdded(context, input.key)
  await context.record({ type: 'field.added', ...about(id), data: { type: input.type } })
  return id
}

async function whyNotAdded(context: Context, key: string): Promise<Problem> {
  const taken = await sql`select 1 from field where key = ${key}`.execute(context.db)
  return taken.rows.length > 0
    ? invalid('key', 'taken', 'Another field, perhaps an archived one, has this key. Choose another key.')
    : invalid('key', 'too_many', `A desk has at most ${most} fields.`)
}

export async function changeField(context: Context, field: Editable, version: number, change: Change): Promise<void> {
  if (field.version !== version)
    throw new Problem('version_stale', 'Somebody changed this field meanwhile.', {
      details: { current: await readField(context, field.id) },
    })
  const type = change.type ?? field.type
  if (change.type !== undefined || change.choices !== undefined) refuseChoices(type, change.choices ?? field.choices)
  await refuseCategories(context, change.categoryIds)
  await refuseLosing(context, field, change)
  const json = (value: unknown) => sql`${JSON.stringify(value)}::jsonb`
  const sets = [
    ...(change.label === undefined ? [] : [sql`label = ${json(change.label)}`]),
    ...(change.help === undefined ? [] : [sql`help = ${json(change.help)}`]),
    ...(change.type === undefined ? [] : [sql`type = ${change.type}`]),
    ...(change.choices === undefined ? [] : [sql`choices = ${json(change.choices)}`]),
    ...(change.kinds === undefined ? [] : [sql`kinds = ${change.kinds}::text[]`]),
    ...(change.categoryIds === undefined ? [] : [sql`category_ids = ${change.categoryIds}::bigint[]`]),
    ...(change.audience === undefined ? [] : [sql`audience = ${change.audience}`]),
    ...(change.mandatoryIn === undefined ? [] : [sql`mandatory_in = ${change.mandatoryIn}::text[]`]),
    ...(change.archived === undefined ? [] : [sql`archived_at = ${change.archived ? context.now.toString() : null}::timestamptz`]),
  ]
  if (sets.length === 0) return
  await sql`update field set version = version + 1, ${sql.join(sets)} where id = ${field.id}`.execute(context.db)
  await context.record({ type: 'field.changed', ...about(field.id), data: { fields: Object.keys(change) } })
}

function refuseChoices(type: Field['type'], choices: Field['choices']): void {
  if (type === 'choice' && !choices.some((one) => !one.archived))
    throw invalid('choices', 'missing', 'Give at least one choice that is not archived.')
  if (type !== 'choice' && choices.length > 0)
    throw invalid('choices', 'not_asked', 'Only a field of the type choice has choices. Leave them out.')
  const twice = choices.findIndex((one, n) => choices.findIndex((other) => other.key === one.key) < n)
  if (twice >= 0) throw invalid(`choices.${twice}.key`, 'taken', 'Two choices have this key. Give each its own.')
}

async function refuseCategories(context: Context, ids: string[] | undefined): Promise<void> {
  if (!ids?.length) return
  const found = await sql<{ id: string }>`select id from category where id = any(${ids}::bigint[])`.execute(context.db)
  if (found.rows.length !== new Set(ids).size) throw invalid('categoryIds', 'unknown', 'One of these categories does not exist.')
}

/** Nothing that a ticket holds becomes unreadable: another type, or a choice taken away, is refused with the number of tickets. */
async function refuseLosing(context: Context, field: Field, change: Change): Promise<void> {
  const gone = change.choices && field.choices.filter((one) => !change.choices?.some((kept) => kept.key === one.key))
  const retyped = change.type !== undefined && change.type !== field.type
  if (!retyped && !gone?.length) return
  const use = await fieldUse(context, field)
  if (retyped && use.tickets > 0)
    throw new Problem(
      'still_in_use',
      `${use.tickets} tickets hold something in this field: its type stays. Archive it and add another field.`,
      {
        details: { tickets: use.tickets },
      },
    )
  const used = use.choices.filter((one) => one.tickets > 0 && gone?.some((other) => other.key === one.key))
  if (used.length > 0)
    throw new Problem(
      'still_in_use',
      `Tickets hold this choice: ${used.map((one) => `${one.key} (${one.tickets})`).join(', ')}. Archive it instead.`,
      {
        details: { tickets: used.reduce((sum, one) => sum + one.tickets, 0), names: used.map((one) => one.key) },
      },
    )
}

/** Every field has its place: an order that misses one was made from an old list. */
export async function orderFields(context: Context, ids: string[]): Promise<void> {
  const known = await sql<{ id: string }>`select id from field where archived_at is null for no key update`.execute(context.db)
  if (new Set(ids).size !== ids.length || known.rows.length !== ids.length || known.rows.some((row) => !ids.includes(row.id)))
    throw invalid('ids', 'not_all', 'Name each field once. Read the list again: somebody changed it meanwhile.')
  await sql`update field f set position = x.position from unnest(${ids}::bigint[]) with ordinality as x (id, position) where f.id = x.id`.execute(
    context.db,
  )
  await context.record({ type: 'fields.ordered', ...about(ids[0] ?? '0'), data: { ids } })
}
