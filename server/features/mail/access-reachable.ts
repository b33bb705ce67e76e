import { sql } from 'kysely'
import type { Db } from '../../kernel/db.ts'
import type { Reached } from './imap-connect.ts'

/** A mailbox with what is needed to reach it; secrets still sealed. */
export async function reachableMailbox(
  db: Db,
  id: string,
): Promise<(Omit<Reached, 'way'> & { way: 'smtp' | 'imap' | 'microsoft' | 'google' }) | undefined> {
  return (
    await sql<
      Omit<Reached, 'way'> & { way: 'smtp' | 'imap' | 'microsoft' | 'google' }
    >`select id, address::text as address, way, connection, secret, grant_tokens from mailbox where id = ${id} and archived_at is null`.execute(
      db,
    )
  ).rows[0]
}
