import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid } from '../../kernel/problem.ts'
import type { GrantedTask, ItemFacts } from './access.ts'
import { about } from './actions.ts'
import './events.ts'

/** The points of a task, ticked one by one. Ticking changes nothing of the task itself. */
type Item = Granted<ItemFacts, 'task.edit'>
type What = 'added' | 'ticked' | 'unticked' | 'reworded' | 'removed'
const most = 50

const tell = (context: Context, task: GrantedTask, itemId: string, what: What): Promise<void> =>
  context.record({ type: 'task.item-changed', ...about(task.ticket, task.id), data: { taskId: task.id, itemId, what } })

export async function addItem(context: Context, task: GrantedTask, title: string): Promise<void> {
  const made = await sql<{ id: string }>`insert into task_item (task_id, position, title)
    select ${task.id}::bigint, coalesce(max(position), 0) + 1, ${title}::text from task_item where task_id = ${task.id} having count(*) < ${most} returning id`.execute(
    context.db,
  )
  if (!made.rows[0]) throw invalid('title', 'too_many', `A task holds at most ${most} check items.`)
  await tell(context, task, made.rows[0].id, 'added')
}

export async function changeItem(
  context: Context,
  task: GrantedTask,
  item: Item,
  change: { ticked?: boolean | undefined; title?: string | undefined },
): Promise<void> {
  if (change.title !== undefined && change.title !== item.title) {
    await sql`update task_item set title = ${change.title} where id = ${item.id}`.execute(context.db)
    await tell(context, task, item.id, 'reworded')
  }
  if (change.ticked === undefined || change.ticked === item.ticked) return
  const at = change.ticked ? context.now.toString() : null
  await sql`update task_item set ticked_at = ${at}, ticked_by_id = ${change.ticked ? context.actor.id : null} where id = ${item.id}`.execute(
    context.db,
  )
  await tell(context, task, item.id, change.ticked ? 'ticked' : 'unticked')
}

export async function removeItem(context: Context, task: GrantedTask, item: Item): Promise<void> {
  await context.db.deleteFrom('task_item').where('id', '=', item.id).execute()
  await tell(context, task, item.id, 'removed')
}
