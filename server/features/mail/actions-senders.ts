import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { invalid, notFound, Problem } from '../../kernel/problem.ts'
import { wireTime } from '../tickets/access-messages.ts'
import './events.ts'

/** Blocked addresses (a@b.example) and domains (@b.example): their mail is kept in the journal and goes no further. */
export type Blocked = { id: string; pattern: string; createdAt: string }

export async function listBlocked(context: Context): Promise<Blocked[]> {
  return (
    await sql<Blocked>`select id, pattern::text as pattern, ${wireTime('created_at')} as "createdAt" from blocked_sender order by pattern limit 5000`.execute(
      context.db,
    )
  ).rows
}

export async function blockSender(context: Context, given: string): Promise<Blocked> {
  const pattern = given.trim().toLowerCase()
  if (!/^[^\s@]*@[^\s@]+$/.test(pattern))
    throw invalid('pattern', 'invalid_format', 'An address like a@b.example, or a domain like @b.example.')
  const own =
    await sql`select 1 from mailbox where address = ${pattern}::citext or ('@' || split_part(address::text, '@', 2)) = ${pattern}`.execute(
      context.db,
    )
  if (own.rows.length > 0) throw new Problem('own_address', 'This is an address of the desk itself.')
  const made =
    await sql<Blocked>`insert into blocked_sender (pattern, created_at, created_by_id) values (${pattern}, ${context.now.toString()}, ${context.actor.id})
    on conflict (pattern) do update set pattern = excluded.pattern returning id, pattern::text as pattern, ${wireTime('created_at')} as "createdAt"`.execute(
      context.db,
    )
  const row = made.rows[0]!
  await context.record({ type: 'sender.blocked', subject: { kind: 'blocked-sender', id: row.id }, audience: 'staff', data: {} })
  return row
}

export async function unblockSender(context: Context, id: string): Promise<void> {
  const gone = await sql`delete from blocked_sender where id = ${id} returning 1`.execute(context.db)
  if (gone.rows.length === 0) throw notFound()
  await context.record({ type: 'sender.unblocked', subject: { kind: 'blocked-sender', id }, audience: 'staff', data: {} })
}
