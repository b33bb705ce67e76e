import { sql } from 'kysely'
import type { z } from 'zod'
import type { tasks } from '../../../contract/tasks.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import { companySettings } from '../company/access.ts'
import type { GrantedTicket } from './access.ts'
import { readTemplate, type TemplateFacts } from './access-templates.ts'
import { addTask } from './actions.ts'
import { wordsIn } from './rules.ts'
import './events.ts'

type Input = z.output<(typeof tasks)['POST /api/task-templates']['body']>
type Change = z.output<(typeof tasks)['PATCH /api/task-templates/:id']['body']>
type Template = Granted<TemplateFacts, 'template.edit'>

const about = (id: string) => ({ subject: { kind: 'task-template', id }, audience: 'staff' as const })

export async function addTemplate(context: Context, input: Input): Promise<string> {
  await refuseUnfit(context, input.tasks)
  const made = await sql<{
    id: string
  }>`insert into task_template (name, created_at) values (${JSON.stringify(input.name)}, ${context.now.toString()})
    returning id`.execute(context.db)
  const id = made.rows[0]!.id
  await writeTasks(context, id, input.tasks)
  await context.record({ type: 'task-template.added', ...about(id), data: {} })
  return id
}

export async function changeTemplate(context: Context, template: Template, version: number, change: Change): Promise<void> {
  if (template.version !== version)
    throw new Problem('version_stale', 'Somebody else changed this template meanwhile.', {
      details: { current: await readTemplate(context, template.id) },
    })
  if (change.tasks) await refuseUnfit(context, change.tasks)
  const name = change.name ? JSON.stringify(change.name) : null
  await sql`update task_template set version = version + 1, name = coalesce(${name}::jsonb, name) where id = ${template.id}`.execute(
    context.db,
  )
  if (change.tasks) {
    await context.db.deleteFrom('task_template_task').where('template_id', '=', template.id).execute()
    await writeTasks(context, template.id, change.tasks)
  }
  await context.record({ type: 'task-template.changed', ...about(template.id), data: { fields: Object.keys(change) } })
}

export async function removeTemplate(context: Context, template: Template): Promise<void> {
  await sql`update task_template set archived_at = ${context.now.toString()} where id = ${template.id}`.execute(context.db)
  await context.record({ type: 'task-template.removed', ...about(template.id), data: {} })
}

async function writeTasks(context: Context, templateId: string, list: Input['tasks']): Promise<void> {
  const rows = list.map((task, position) => ({ ...task, position, mandatory: task.mandatory ? 'yes' : 'no' }))
  await sql`insert into task_template_task (template_id, position, title, note, team_id, due_hours, mandatory, after_position, items)
    select ${templateId}::bigint, x.position, x.title, x.text, x."teamId", x."dueHours", x.mandatory, x.after, x.items
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x (position int, title jsonb, text text, "teamId" bigint, "dueHours" int, mandatory text, after int, items jsonb)`.execute(
    context.db,
  )
}

async function refuseUnfit(context: Context, list: Input['tasks']): Promise<void> {
  const teamIds = [...new Set(list.flatMap((task) => task.teamId ?? []))]
  const found = await sql<{ id: string }>`select id from team where id = any(${teamIds}::bigint[]) and archived_at is null`.execute(
    context.db,
  )
  const issues = list.flatMap((task, i) => [
    ...(task.teamId !== null && !found.rows.some((row) => row.id === task.teamId)
      ? [{ path: `tasks.${i}.teamId`, code: 'unknown', message: 'This team does not exist any more. Choose another.' }]
      : []),
    ...(task.after !== null && task.after >= i
      ? [{ path: `tasks.${i}.after`, code: 'comes_later', message: 'Only a task that stands before this one can come first.' }]
      : []),
  ])
  if (issues.length > 0) throw new Problem('validation_failed', issues[0]!.message, { issues })
}

/** All tasks of the template, in the desk's language, due from now on. A ticket may take several templates, and one twice. */
export async function addTasksFromTemplate(context: Context, ticket: GrantedTicket, templateId: string): Promise<string[]> {
  const template = await readTemplate(context, templateId).catch(() => {
    throw invalid('templateId', 'unknown', 'This template does not exist any more. Choose another.')
  })
  const { language } = await companySettings(context.db)
  const ids: string[] = []
  for (const task of template.tasks)
    ids.push(
      await addTask(
        context,
        ticket,
        {
          title: wordsIn(task.title, language),
          text: task.text,
          teamId: task.team?.id ?? null,
          dueAt: task.dueHours === null ? null : context.now.add({ hours: task.dueHours }).toString(),
          mandatory: task.mandatory,
          afterId: task.after === null ? null : ids[task.after]!,
          items: task.items.map((item) => wordsIn(item, language)),
        },
        templateId,
      ),
    )
  return ids
}
