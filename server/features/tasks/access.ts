import { type RawBuilder, sql } from 'kysely'
import type { Task } from '../../../contract/tasks.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notFound } from '../../kernel/problem.ts'
import { accessTicket, type TicketFacts } from '../tickets/access.ts'
import { wireTime } from '../tickets/access-messages.ts'

/** A task is seen by the staff who see its ticket, and by nobody else. */
export type TaskFacts = {
  id: string
  version: number
  ticket_id: string
  title: string
  note: string
  state: 'open' | 'done' | 'not-needed'
  mandatory: 'yes' | 'no'
  team_id: string | null
  assignee_id: string | null
  due_at: string | null
  after_id: string | null
}
export type GrantedTicket = Granted<TicketFacts, 'ticket.edit'>
export type GrantedTask = Granted<TaskFacts, 'task.edit'> & { ticket: GrantedTicket }

/** To look at what only staff see of a ticket; who sees it as its requester alone is told nothing of it. */
export async function accessTicketAsStaff(context: Context, id: string): Promise<Granted<TicketFacts, 'ticket.see'>> {
  const ticket = await accessTicket(context, id, 'ticket.see')
  if (!ticket.as_staff) throw notFound()
  return ticket
}

/** To be changed: its ticket is locked first, so that nothing is resolved or closed meanwhile. */
export async function accessTask(context: Context, id: string): Promise<GrantedTask> {
  const of = await sql<{ ticket_id: string }>`select ticket_id from task where id = ${id}`.execute(context.db)
  if (!of.rows[0]) throw notFound()
  const ticket = await accessTicket(context, of.rows[0].ticket_id, 'ticket.edit')
  const found =
    await sql<TaskFacts>`select id, version, ticket_id, title, note, state, mandatory, team_id, assignee_id, ${wireTime('due_at')} as due_at, after_id
    from task where id = ${id}`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return { ...found.rows[0], ticket } as unknown as GrantedTask
}

export type ItemFacts = { id: string; title: string; ticked: boolean }
export async function accessItem(context: Context, id: string): Promise<{ item: Granted<ItemFacts, 'task.edit'>; task: GrantedTask }> {
  const of = await sql<{ task_id: string }>`select task_id from task_item where id = ${id}`.execute(context.db)
  if (!of.rows[0]) throw notFound()
  const task = await accessTask(context, of.rows[0].task_id)
  const found = await sql<ItemFacts>`select id, title, ticked_at is not null as ticked from task_item where id = ${id}`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return { item: found.rows[0] as unknown as Granted<ItemFacts, 'task.edit'>, task }
}

/** A task as it goes over the wire, on `k` and its ticket `t`. */
export const taskColumns = sql`k.id, k.version, json_build_object('id', t.id::text, 'number', t.id, 'subject', t.subject) as ticket, k.title, k.note as text, k.state,
  k.mandatory = 'yes' as mandatory, case when tm.id is null then null else json_build_object('id', tm.id::text, 'name', tm.name) end as team,
  case when k.assignee_id is null then null else json_build_object('id', k.assignee_id::text, 'name', firstline.name_of(k.assignee_id)) end as assignee,
  ${wireTime('k.due_at')} as "dueAt", case when b.id is null then null else json_build_object('id', b.id::text, 'title', b.title, 'open', b.state = 'open') end as after,
  ${wireTime('k.created_at')} as "createdAt",
  case when k.created_by_id is null then null else json_build_object('id', k.created_by_id::text, 'name', firstline.name_of(k.created_by_id)) end as "createdBy",
  ${wireTime('k.settled_at')} as "settledAt",
  case when k.settled_by_id is null then null else json_build_object('id', k.settled_by_id::text, 'name', firstline.name_of(k.settled_by_id)) end as "settledBy",
  coalesce((select json_agg(json_build_object('id', i.id::text, 'title', i.title, 'ticked', case when i.ticked_at is null then null else json_build_object(
    'at', ${wireTime('i.ticked_at')}, 'by', case when i.ticked_by_id is null then null else json_build_object('id', i.ticked_by_id::text, 'name', firstline.name_of(i.ticked_by_id)) end) end)
    order by i.position, i.id) from task_item i where i.task_id = k.id), '[]') as items`
export const taskJoins: RawBuilder<unknown> = sql`left join team tm on tm.id = k.team_id left join task b on b.id = k.after_id`

export async function readTask(context: Context, id: string): Promise<Task> {
  const found =
    await sql<Task>`select ${taskColumns} from task k join ticket t on t.id = k.ticket_id ${taskJoins} where k.id = ${id}`.execute(
      context.db,
    )
  const row = found.rows[0]
  if (!row) throw notFound()
  return asTask(row)
}

export const asTask = (row: Task): Task => ({ ...row, ticket: { ...row.ticket, number: Number(row.ticket.number) } })

type TasksOfTicket = { items: Task[]; settled: number; total: number; can: { edit: boolean } }

export async function tasksOf(context: Context, ticket: Granted<TicketFacts, 'ticket.see'> | GrantedTicket): Promise<TasksOfTicket> {
  const found = await sql<Task>`select ${taskColumns} from task k join ticket t on t.id = k.ticket_id ${taskJoins}
    where k.ticket_id = ${ticket.id} order by k.position, k.id limit 500`.execute(context.db)
  const items = found.rows.map(asTask)
  const edit = ticket.meaning !== 'closed' && ticket.deleted_at === null && ticket.merged_into_id === null
  return { items, settled: items.filter((task) => task.state !== 'open').length, total: items.length, can: { edit } }
}

/** Titles of what must be done before the ticket may be resolved. */
export async function openMandatory(context: Context, ticketId: string): Promise<string[]> {
  const found = await sql<{ title: string }>`select title from task where ticket_id = ${ticketId} and state = 'open' and mandatory = 'yes'
    order by position, id limit 20`.execute(context.db)
  return found.rows.map((row) => row.title)
}
