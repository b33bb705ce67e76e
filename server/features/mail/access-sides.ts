import { sql } from 'kysely'
import type { Db } from '../../kernel/db.ts'

/** Message-IDs of a side conversation, oldest first, and the newest that came in: what our mail there answers. */
export async function sideThreadIds(db: Db, sideId: string): Promise<{ references: string[]; inReplyTo: string | null }> {
  const found = await sql<{ message_id: string; ours: string }>`select message_id, ours from known_side_message
    where side_id = ${sideId} order by at desc, message_id limit 21`.execute(db)
  const ids = found.rows.toReversed()
  return {
    references: ids.map((row) => row.message_id),
    inReplyTo: (ids.findLast((row) => row.ours === 'no') ?? ids.at(-1))?.message_id ?? null,
  }
}
