import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'

/** Time spent on a merged ticket counts on the other, and goes home when that is undone. A running clock runs on there for good. */
export async function carryTime(context: Context, fromId: string, intoId: string): Promise<void> {
  await sql`update time_entry set ticket_id = ${intoId}, merged_from_id = coalesce(merged_from_id, ${fromId}::bigint) where ticket_id = ${fromId}`.execute(
    context.db,
  )
  // Two clocks of one person become one: the seconds add up, and it runs if either did.
  await sql`with gone as (delete from timer where ticket_id = ${fromId} returning person_id, seconds, running_since, started_at)
    insert into timer (person_id, ticket_id, seconds, running_since, started_at) select person_id, ${intoId}, seconds, running_since, started_at from gone
    on conflict (person_id, ticket_id) do update set seconds = timer.seconds + excluded.seconds,
      running_since = coalesce(timer.running_since, excluded.running_since), started_at = least(timer.started_at, excluded.started_at), task_id = null`.execute(
    context.db,
  )
}

export async function bringTimeBack(context: Context, merge: { fromId: string; intoId: string; homes: string[] }): Promise<void> {
  await sql`update time_entry set ticket_id = ${merge.fromId}, merged_from_id = nullif(merged_from_id, ${merge.fromId}::bigint)
    where ticket_id = ${merge.intoId} and merged_from_id = any(${merge.homes}::bigint[])`.execute(context.db)
}
