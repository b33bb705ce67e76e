import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'

const tables = [sql.table('call'), sql.table('call_back')]

/** Calls and call-backs of a ticket that is merged away. What is verified of a person is theirs and needs no moving. */
export async function carryCalls(context: Context, fromId: string, intoId: string): Promise<void> {
  for (const table of tables)
    await sql`update ${table} set ticket_id = ${intoId}, merged_from_id = coalesce(merged_from_id, ${fromId}::bigint) where ticket_id = ${fromId}`.execute(
      context.db,
    )
}

export async function bringCallsBack(context: Context, merge: { fromId: string; intoId: string; homes: string[] }): Promise<void> {
  for (const table of tables)
    await sql`update ${table} set ticket_id = ${merge.fromId}, merged_from_id = nullif(merged_from_id, ${merge.fromId}::bigint)
      where ticket_id = ${merge.intoId} and merged_from_id = any(${merge.homes}::bigint[])`.execute(context.db)
}
