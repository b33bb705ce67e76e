import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'

/** Tasks of a merged ticket stand after the other's own; its home has them back when that is undone. */
export async function carryTasks(context: Context, fromId: string, intoId: string): Promise<void> {
  await sql`update task set ticket_id = ${intoId}, merged_from_id = coalesce(merged_from_id, ${fromId}::bigint),
      position = position + (select coalesce(max(k.position), 0) from task k where k.ticket_id = ${intoId})
    where ticket_id = ${fromId}`.execute(context.db)
}

export async function bringTasksBack(context: Context, merge: { fromId: string; intoId: string; homes: string[] }): Promise<void> {
  await sql`update task set ticket_id = ${merge.fromId}, merged_from_id = nullif(merged_from_id, ${merge.fromId}::bigint)
    where ticket_id = ${merge.intoId} and merged_from_id = any(${merge.homes}::bigint[])`.execute(context.db)
}
