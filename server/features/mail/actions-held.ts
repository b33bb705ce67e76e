import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { heldByRestore, heldForWant } from './access-held.ts'
import { hasWayOut } from './access-reachable.ts'
import { sendJob } from './actions-outbox.ts'
import { freshDays } from './rules.ts'
import './events.ts'

/**
 * Mail that was held because there was no way out. Once there is one, what is younger than three days goes by itself;
 * what is older waits for a person's yes, because an answer of last month may be worse than none.
 */
const mostAtOnce = 5000

export async function releaseHeld(context: Context, which: 'all' | 'fresh'): Promise<number> {
  const now = context.now.toString()
  const young = which === 'all' ? sql`` : sql`and o.created_at > ${now}::timestamptz - make_interval(days => ${freshDays})`
  const released = await sql<{
    id: string
    kind: string
  }>`update outbound_mail set state = 'ready', last_answer = '', not_before = ${now}::timestamptz
    where id in (select o.id from outbound_mail o where ${heldForWant} and ${hasWayOut(context)} ${young} order by o.created_at limit ${sql.lit(mostAtOnce)} for update skip locked)
    returning id, kind`.execute(context.db)
  for (const { id, kind } of released.rows) context.later(sendJob(kind, id))
  const count = released.rows.length
  if (count > 0)
    await context.record({ type: 'mail.held-released', subject: { kind: 'outbox', id: '0' }, audience: 'staff', data: { count } })
  return count
}

/** Once the restore is confirmed, what it held goes out. */
export async function releaseRestored(context: Context): Promise<void> {
  const released = await sql<{ id: string; kind: string }>`update outbound_mail set state = 'ready', last_answer = ''
    where state = 'held' and last_answer = ${heldByRestore} and not exists (select 1 from setting where name = 'restored') returning id, kind`.execute(
    context.db,
  )
  for (const { id, kind } of released.rows) context.later(sendJob(kind, id))
}

/** C-039: where all mail leaves is a setting and no form; that it changed is told as a mailbox's would be. */
export async function noteRelay(context: Context): Promise<void> {
  const url = context.kernel.settings.SMTP_URL
  const { host = '', username = '' } = url === undefined ? {} : new URL(url)
  const value = JSON.stringify({ of: createHash('sha256').update(`${host} ${username}`).digest('hex') })
  const before = await sql<{ same: boolean }>`select value = ${value}::jsonb as same from setting where name = 'relay' for update`.execute(
    context.db,
  )
  if (before.rows[0]?.same) return
  await sql`insert into setting (name, value, changed_at) values ('relay', ${value}::jsonb, ${context.now.toString()})
    on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at`.execute(context.db)
  if (before.rows.length > 0)
    await context.record({ type: 'mail.relay-changed', subject: { kind: 'setting', id: '0' }, audience: 'staff', data: {} })
}
