import { sql } from 'kysely'
import type { z } from 'zod'
import type { tasks } from '../../../contract/tasks.ts'
import type { Context } from '../../kernel/context.ts'
import { invalid, Problem } from '../../kernel/problem.ts'
import type { TicketFacts } from '../tickets/access.ts'
import { type GrantedTask, type GrantedTicket, readTask } from './access.ts'
import './events.ts'

type Input = z.output<(typeof tasks)['POST /api/tickets/:id/tasks']['body']>
type Change = z.output<(typeof tasks)['PATCH /api/tasks/:id']['body']>

/** So many fit on one ticket; more are a project, not a ticket. */
const most = 500

export const about = (ticket: TicketFacts, taskId: string) => ({
  subject: { kind: 'task', id: taskId },
  ticketId: ticket.id,
  organisationId: ticket.organisation_id,
  audience: 'staff' as const,
})

export async function addTask(context: Context, ticket: GrantedTicket, input: Input, templateId: string | null = null): Promise<string> {
  await refuseUnfit(context, ticket, input)
  const made = await sql<{ id: string }>`
    with made as (insert into task (ticket_id, position, title, note, mandatory, team_id, assignee_id, due_at, after_id, created_at, created_by_id)
      select ${ticket.id}::bigint, coalesce(max(position), 0) + 1, ${input.title}::text, ${input.text ?? ''}::text, ${input.mandatory ? 'yes' : 'no'},
        ${input.teamId ?? null}::bigint, ${input.assigneeId ?? null}::bigint, ${input.dueAt ?? null}::timestamptz, ${input.afterId ?? null}::bigint,
        ${context.now.toString()}::timestamptz, ${context.actor.id}::bigint
      from task where ticket_id = ${ticket.id} having count(*) < ${most} returning id),
    items as (insert into task_item (task_id, position, title) select made.id, x.position, x.title from made, unnest(${input.items}::text[]) with ordinality as x (title, position))
    select id from made`.execute(context.db)
  const id = made.rows[0]?.id
  if (id === undefined) throw invalid('title', 'too_many', `A ticket holds at most ${most} tasks.`)
  const holder = { teamId: input.teamId ?? null, assigneeId: input.assigneeId ?? null }
  await context.record({
    type: 'task.added',
    ...about(ticket, id),
    data: { taskId: id, ...holder, mandatory: input.mandatory === true, templateId },
  })
  return id
}

const columnOf = {
  title: 'title',
  text: 'note',
  teamId: 'team_id',
  assigneeId: 'assignee_id',
  dueAt: 'due_at',
  afterId: 'after_id',
} as const

export async function changeTask(context: Context, task: GrantedTask, version: number, change: Change): Promise<void> {
  if (task.version !== version)
    throw new Problem('version_stale', 'Somebody changed this task meanwhile.', { details: { current: await readTask(context, task.id) } })
  await refuseUnfit(context, task.ticket, change, task)
  const sets = (Object.keys(columnOf) as (keyof typeof columnOf)[]).flatMap((field) => {
    const column = columnOf[field]
    return change[field] === undefined || same(field, task[column], change[field])
      ? []
      : [{ field: field as string, set: sql`${sql.ref(column)} = ${change[field]}` }]
  })
  const mandatory = change.mandatory === undefined ? task.mandatory : change.mandatory ? 'yes' : 'no'
  if (mandatory !== task.mandatory) sets.push({ field: 'mandatory', set: sql`mandatory = ${mandatory}` })
  if (sets.length === 0) return
  await sql`update task set version = version + 1, ${sql.join(sets.map(({ set }) => set))} where id = ${task.id}`.execute(context.db)
  await context.record({
    type: 'task.changed',
    ...about(task.ticket, task.id),
    data: {
      taskId: task.id,
      fields: sets.map(({ field }) => field),
      teamId: change.teamId === undefined ? task.team_id : change.teamId,
      assigneeId: change.assigneeId === undefined ? task.assignee_id : change.assigneeId,
      fromTeamId: task.team_id,
      fromAssigneeId: task.assignee_id,
    },
  })
}
const same = (field: string, a: string | null, b: string | null | undefined) =>
  a === b || (field === 'dueAt' && a !== null && b != null && Date.parse(a) === Date.parse(b))

/** Done, or found not to be needed. One that waits for another cannot be done before it. */
export async function settleTask(context: Context, task: GrantedTask, state: 'done' | 'not-needed'): Promise<void> {
  if (task.state === state) return
  if (state === 'done') await refuseWaiting(context, task)
  await sql`update task set state = ${state}, settled_at = ${context.now.toString()}, settled_by_id = ${context.actor.id} where id = ${task.id}`.execute(
    context.db,
  )
  await context.record({ type: 'task.done', ...about(task.ticket, task.id), data: { taskId: task.id, state } })
}

async function refuseWaiting(context: Context, task: GrantedTask): Promise<void> {
  if (task.after_id === null) return
  const found = await sql<{ title: string }>`select title from task where id = ${task.after_id} and state = 'open'`.execute(context.db)
  const before = found.rows[0]
  if (before) throw new Problem('task_waits', `“${before.title}” comes first.`, { details: { names: [before.title] } })
}

export async function reopenTask(context: Context, task: GrantedTask): Promise<void> {
  if (task.state === 'open') return
  await sql`update task set state = 'open', settled_at = null, settled_by_id = null where id = ${task.id}`.execute(context.db)
  await context.record({ type: 'task.reopened', ...about(task.ticket, task.id), data: { taskId: task.id } })
}

export async function removeTask(context: Context, task: GrantedTask): Promise<void> {
  await context.db.deleteFrom('task').where('id', '=', task.id).execute()
  await context.record({ type: 'task.removed', ...about(task.ticket, task.id), data: { taskId: task.id } })
}

/** Every task has its place: an order that misses one was made from an old list. */
export async function orderTasks(context: Context, ticket: GrantedTicket, ids: string[]): Promise<void> {
  const known = await sql<{ id: string }>`select id from task where ticket_id = ${ticket.id}`.execute(context.db)
  if (new Set(ids).size !== ids.length || known.rows.length !== ids.length || known.rows.some((row) => !ids.includes(row.id)))
    throw invalid('ids', 'not_all', 'Name each task once. Read the list again: somebody changed it meanwhile.')
  await sql`update task k set position = x.position from unnest(${ids}::bigint[]) with ordinality as x (id, position) where k.id = x.id`.execute(
    context.db,
  )
  await context.record({ type: 'tasks.ordered', ...about(ticket, ids[0] ?? '0'), data: { ids } })
}

type Holder = { teamId?: string | null | undefined; assigneeId?: string | null | undefined; afterId?: string | null | undefined }

/**
 * A task is no way round the ticket's walls: it goes only to a person who sees the ticket, and to a team of which
 * somebody does. Everything that does not fit is told at once.
 */
async function refuseUnfit(context: Context, ticket: TicketFacts, input: Holder, task?: GrantedTask): Promise<void> {
  if (!input.teamId && !input.assigneeId && !input.afterId) return
  const found = await sql<{ person: boolean | null; team: boolean | null; team_name: string | null; after: boolean }>`select
    (select firstline.staff_sees(p.id, t) from person p where p.id = ${input.assigneeId ?? null}::bigint and p.archived_at is null) as person,
    (select not exists (select 1 from team_member m where m.team_id = x.id)
        or exists (select 1 from team_member m where m.team_id = x.id and firstline.staff_sees(m.person_id, t))
      from team x where x.id = ${input.teamId ?? null}::bigint and x.archived_at is null) as team,
    (select x.name from team x where x.id = ${input.teamId ?? null}::bigint) as team_name,
    exists (select 1 from task b where b.id = ${input.afterId ?? null}::bigint and b.ticket_id = t.id) as after
    from ticket t where t.id = ${ticket.id}`.execute(context.db)
  const { person, team, team_name, after } = found.rows[0]!
  const issues = []
  if (input.assigneeId && person !== true)
    issues.push(
      person === null
        ? { path: 'assigneeId', code: 'unknown', message: 'This person does not exist any more. Choose another.' }
        : { path: 'assigneeId', code: 'sees_not', message: 'This person does not see this ticket. Choose another.' },
    )
  if (input.teamId && team !== true)
    issues.push(
      team === null
        ? { path: 'teamId', code: 'unknown', message: 'This team does not exist any more. Choose another.' }
        : { path: 'teamId', code: 'team_sees_not', message: `Nobody of ${team_name} sees this ticket. Choose another team.` },
    )
  if (input.afterId && !after) issues.push({ path: 'afterId', code: 'unknown', message: 'Choose a task of the same ticket.' })
  else if (input.afterId && task && (await leadsTo(context, input.afterId, task.id)))
    issues.push({ path: 'afterId', code: 'circle', message: 'These tasks would wait for each other. Choose another.' })
  if (issues.length > 0) throw new Problem('validation_failed', issues[0]!.message, { issues })
}

async function leadsTo(context: Context, from: string, to: string): Promise<boolean> {
  const found = await sql`with recursive chain as (select id, after_id from task where id = ${from}
      union select k.id, k.after_id from task k join chain c on k.id = c.after_id)
    select 1 from chain where id = ${to}`.execute(context.db)
  return found.rows.length > 0
}
