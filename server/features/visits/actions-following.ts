import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'

/** A merged ticket's visits go with it, and home again when that is undone. */
export async function carryVisits(context: Context, fromId: string, intoId: string): Promise<void> {
  await sql`update visit set ticket_id = ${intoId}, merged_from_id = coalesce(merged_from_id, ${fromId}::bigint) where ticket_id = ${fromId}`.execute(
    context.db,
  )
}

export async function bringVisitsBack(context: Context, merge: { fromId: string; intoId: string; homes: string[] }): Promise<void> {
  await sql`update visit set ticket_id = ${merge.fromId}, merged_from_id = nullif(merged_from_id, ${merge.fromId}::bigint)
    where ticket_id = ${merge.intoId} and merged_from_id = any(${merge.homes}::bigint[])`.execute(context.db)
}
