import { sql } from 'kysely'
import type { TaskTemplate } from '../../../contract/tasks.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notAllowed, notFound } from '../../kernel/problem.ts'

/** Templates belong to the whole desk: all staff use them, who holds the right changes them. */
export type TemplateFacts = { id: string; version: number }

export async function accessTemplate(context: Context, id: string): Promise<Granted<TemplateFacts, 'template.edit'>> {
  if (!context.actor.rights.has('template.edit')) throw notAllowed()
  const found =
    await sql<TemplateFacts>`select id, version from task_template where id = ${id} and archived_at is null for no key update`.execute(
      context.db,
    )
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<TemplateFacts, 'template.edit'>
}

const columns = sql`p.id, p.version, p.name, coalesce((select json_agg(json_build_object('title', k.title, 'text', k.note,
    'team', case when tm.id is null then null else json_build_object('id', tm.id::text, 'name', tm.name) end, 'dueHours', k.due_hours,
    'mandatory', k.mandatory = 'yes', 'after', k.after_position, 'items', k.items) order by k.position)
  from task_template_task k left join team tm on tm.id = k.team_id and tm.archived_at is null where k.template_id = p.id), '[]') as tasks`

export async function listTemplates(context: Context): Promise<TaskTemplate[]> {
  const found = await sql<TaskTemplate>`select ${columns} from task_template p where p.archived_at is null
    order by coalesce(nullif(p.name ->> ${context.actor.language}, ''), p.name ->> 'en', p.name ->> 'de') collate "und-x-icu", p.id limit 500`.execute(
    context.db,
  )
  return found.rows
}

export async function readTemplate(context: Context, id: string): Promise<TaskTemplate> {
  const found = await sql<TaskTemplate>`select ${columns} from task_template p where p.id = ${id} and p.archived_at is null`.execute(
    context.db,
  )
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}
