import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import type { Reached } from './imap-connect.ts'

type Way = 'smtp' | 'imap' | 'microsoft' | 'google'

/** A mailbox with what is needed to reach it; secrets still sealed. */
export async function reachableMailbox(db: Db, id: string): Promise<(Omit<Reached, 'way'> & { way: Way }) | undefined> {
  return (
    await sql<
      Omit<Reached, 'way'> & { way: Way }
    >`select id, address::text as address, way, connection, secret, grant_tokens from mailbox where id = ${id} and archived_at is null`.execute(
      db,
    )
  ).rows[0]
}

/** Connected by OAuth, it sends through its provider, unless it was told to use the relay. */
export const sendsItself = (mailbox: string): RawBuilder<SqlBool> =>
  sql`(${sql.raw(mailbox)}.way in ('microsoft', 'google') and ${sql.raw(mailbox)}.grant_tokens is not null and ${sql.raw(mailbox)}.archived_at is null
    and coalesce(${sql.raw(mailbox)}.connection ->> 'sends', 'itself') = 'itself')`

/** Whether mail `o` could be handed to anybody now. */
export const hasWayOut = (context: Context): RawBuilder<SqlBool> =>
  context.kernel.outside.mailTransport === null
    ? sql`exists (select 1 from mailbox w where w.id = o.mailbox_id and ${sendsItself('w')})`
    : sql`true`

export async function mailboxHasWayOut(context: Context, mailboxId: string | null): Promise<boolean> {
  if (context.kernel.outside.mailTransport !== null) return true
  if (mailboxId === null) return false
  const found = await sql`select 1 from mailbox w where w.id = ${mailboxId} and ${sendsItself('w')}`.execute(context.db)
  return found.rows.length > 0
}
