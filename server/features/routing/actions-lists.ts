import { sql } from 'kysely'
import type { z } from 'zod'
import type { routing } from '../../../contract/desk.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid } from '../../kernel/problem.ts'
import type { CategoryFacts } from './access.ts'
import './events.ts'

/** The category tree. What tickets already carry stays theirs: categories are archived, never deleted. */
type NewCategory = z.output<(typeof routing)['POST /api/categories']['body']>
type Change = z.output<(typeof routing)['PATCH /api/categories/:id']['body']>
type Category = Granted<CategoryFacts, 'category.edit'>

export async function addCategory(context: Context, input: NewCategory): Promise<string> {
  await refuseParent(context, null, input.parentId)
  const slug =
    input.name.en
      .toLowerCase()
      .normalize('NFKD')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'category'
  const made = await sql<{ id: string }>`insert into category (parent_id, key, name, position)
    select ${input.parentId}::bigint, case when exists (select 1 from category where key = ${slug}::text) then ${slug}::text || '-' || (select count(*) from category) else ${slug}::text end,
      ${JSON.stringify(input.name)}::jsonb, coalesce((select max(position) from category where parent_id is not distinct from ${input.parentId}::bigint), 0) + 1 returning id`.execute(
    context.db,
  )
  const id = made.rows[0]!.id
  await context.record({
    type: 'category.created',
    subject: { kind: 'category', id },
    audience: 'staff',
    data: { parentId: input.parentId },
  })
  return id
}

export async function changeCategory(context: Context, category: Category, change: Change): Promise<void> {
  if (change.parentId !== undefined) await refuseParent(context, category.id, change.parentId)
  const sets = [
    ...(change.parentId === undefined ? [] : [sql`parent_id = ${change.parentId}`]),
    ...(change.name === undefined ? [] : [sql`name = ${JSON.stringify(change.name)}::jsonb`]),
    ...(change.position === undefined ? [] : [sql`position = ${change.position}`]),
    ...(change.archived === undefined ? [] : [sql`archived_at = ${change.archived ? context.now.toString() : null}`]),
  ]
  if (sets.length === 0) return
  await sql`update category set ${sql.join(sets)} where id = ${category.id}`.execute(context.db)
  await context.record({
    type: 'category.changed',
    subject: { kind: 'category', id: category.id },
    audience: 'staff',
    data: { fields: Object.keys(change) },
  })
}

/** The tree stays a tree: nothing stands below itself. */
async function refuseParent(context: Context, id: string | null, parentId: string | null): Promise<void> {
  if (parentId === null) return
  const above = await sql<{
    id: string
  }>`with recursive above as (select id, parent_id from category where id = ${parentId} and archived_at is null
    union select c.id, c.parent_id from category c join above a on c.id = a.parent_id) select id from above`.execute(context.db)
  if (above.rows.length === 0) throw invalid('parentId', 'unknown', 'This category does not exist.')
  if (above.rows.some((row) => row.id === id)) throw invalid('parentId', 'below_itself', 'A category cannot stand below itself.')
}
