import { sql } from 'kysely'
import type { DemoMailbox, DemoMailRow } from '../../../contract/demo.ts'
import { type Instant, onWire } from '../../kernel/clock.ts'
import type { Context, Kernel } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import { notFound, Problem } from '../../kernel/problem.ts'
import { demoCards } from '../people/access-me.ts'

/** What the sample company shows of itself: only in a database that --demo made, and only on this machine. */
export type ScriptState = { next: number; startedAt: string | null; pausedAt: string | null; nextAt: string | null; things: string[] }
export type Sample = { cards: { key: string; name: string; role: string; personId: string }[]; madeAt: string; seed: string }

export async function refuseOutside(context: Context): Promise<void> {
  if ((await demoCards(context.db, context.kernel.settings)) === null)
    throw new Problem('demo_only', 'This is only in the sample company, and only on this machine.')
}

export async function sampleOf(db: Db): Promise<Sample> {
  const found = await sql<{ value: Partial<Sample> }>`select value from setting where name = 'demo'`.execute(db)
  if (!found.rows[0]?.value.cards) throw new Problem('demo_only', 'This is only in the sample company, and only on this machine.')
  return found.rows[0].value as Sample
}

export async function scriptState(db: Db): Promise<ScriptState> {
  const found = await sql<{ value: ScriptState }>`select value from setting where name = 'demo_script'`.execute(db)
  return found.rows[0]?.value ?? { next: 0, startedAt: null, pausedAt: null, nextAt: null, things: [] }
}

/** The ticket that a mail of this Message-ID opened or joined. */
export async function ticketOfMail(db: Db, messageId: string): Promise<string | null> {
  const found = await sql<{
    ticket_id: string | null
  }>`select ticket_id from inbound_mail where message_id = ${messageId} order by id limit 1`.execute(db)
  return found.rows[0]?.ticket_id ?? null
}

export async function wasAnswered(db: Db, ticketId: string): Promise<boolean> {
  const found =
    await sql`select 1 from message where ticket_id = ${ticketId} and direction = 'out' and audience = 'everyone' and author_id is not null and withdrawn_at is null limit 1`.execute(
      db,
    )
  return found.rows.length > 0
}

export async function wasRead(db: Db, address: string): Promise<boolean> {
  return (await sql`select 1 from demo_mail where address = ${address} and read_at is not null limit 1`.execute(db)).rows.length > 0
}

type MailboxRow = Omit<DemoMailbox, 'lastAt'> & { last_at: Instant | null }
/** Those that hold mail; with words, also empty ones of people whose name or address has them. */
export async function mailboxesWithMail(context: Context, q: string | undefined): Promise<DemoMailbox[]> {
  const words = `%${(q ?? '').trim().replace(/[\\%_]/g, '\\$&')}%`
  const found = await sql<MailboxRow>`
    with held as (select address, count(*)::int as total, count(*) filter (where read_at is null)::int as unread, max(at) as last_at from demo_mail group by address),
      listed as (select h.address::text as address, h.total, h.unread, h.last_at from held h
        ${q?.trim() ? sql`union select p.email::text, 0, 0, null from person p where p.email is not null and not exists (select 1 from held h where h.address = p.email)` : sql``})
    select l.address, coalesce(p.name, l.address) as name, p.id as "personId", l.unread, l.total, l.last_at
    from listed l left join person p on p.email = l.address::citext
    where ${q?.trim() ? sql`(p.name ilike ${words} or l.address ilike ${words})` : sql`true`} order by l.last_at desc nulls last, l.address limit 200`.execute(
    context.db,
  )
  return found.rows.map(({ last_at, ...row }) => ({ ...row, lastAt: last_at === null ? null : onWire(last_at) }))
}

type MailRow = {
  id: string
  at: Instant
  address: string
  from_name: string
  from_address: string
  subject: string
  read_at: Instant | null
  sha256: string
}
const columns = sql.raw('id, at, address::text as address, from_name, from_address, subject, read_at, sha256')
const asRow = (row: MailRow): DemoMailRow => ({
  id: row.id,
  at: onWire(row.at),
  address: row.address,
  from: { name: row.from_name, email: row.from_address },
  subject: row.subject,
  read: row.read_at !== null,
})

export async function mailsIn(
  context: Context,
  address: string,
  limit: number,
  after: string | undefined,
): Promise<{ items: DemoMailRow[]; next: string | null }> {
  const before = after !== undefined && /^\d{1,19}$/.test(after) ? sql`and id < ${after}` : sql``
  const found =
    await sql<MailRow>`select ${columns} from demo_mail where address = ${address}::citext ${before} order by id desc limit ${sql.lit(limit + 1)}`.execute(
      context.db,
    )
  const rows = found.rows.slice(0, limit)
  return { items: rows.map(asRow), next: found.rows.length > limit ? (rows.at(-1)?.id ?? null) : null }
}

export async function sampleMail(db: Db, id: string): Promise<DemoMailRow & { sha256: string }> {
  const found = await sql<MailRow>`select ${columns} from demo_mail where id = ${id}`.execute(db)
  const row = found.rows[0]
  if (!row) throw notFound()
  return { ...asRow(row), sha256: row.sha256 }
}

/** The newest mail in somebody's mailbox that speaks of a ticket, as raw bytes; for the script, which answers it. */
export async function newestMailOf(kernel: Kernel, addresses: string[]): Promise<Buffer | undefined> {
  const found = await kernel.asSystem(({ db }) =>
    sql<{
      sha256: string
    }>`select sha256 from demo_mail where (${addresses.length === 0} or address = any(${addresses}::citext[])) and subject like '%[#%' order by id desc limit 1`.execute(
      db,
    ),
  )
  return found.rows[0] ? kernel.files.read(found.rows[0].sha256) : undefined
}

export async function writerOf(context: Context, address: string): Promise<{ name: string; address: string }> {
  const found = await sql<{
    name: string
    address: string
  }>`select name, email::text as address from person where email = ${address}::citext and archived_at is null`.execute(context.db)
  if (!found.rows[0])
    throw new Problem('validation_failed', 'Nobody in the sample company has this address.', {
      issues: [{ path: 'from', code: 'unknown', message: 'Nobody in the sample company has this address.' }],
    })
  return found.rows[0]
}

export async function isDeskAddress(context: Context, address: string): Promise<boolean> {
  return (await sql`select 1 from mailbox where address = ${address}::citext and archived_at is null`.execute(context.db)).rows.length > 0
}
