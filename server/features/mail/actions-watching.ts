import { sql } from 'kysely'
import type { Mailbox } from '../../../contract/mail.ts'
import { onWire } from '../../kernel/clock.ts'
import type { Kernel } from '../../kernel/context.ts'
import './events.ts'
import type { TroubleCause } from './mailbox-trouble.ts'

/** What the watchers of fetched mailboxes keep in the database: who watches (a lease), how far it has read, how it is. */
export type Watched = {
  id: string
  version: number
  address: string
  way: 'imap' | 'microsoft' | 'google'
  connection: Mailbox['connection']
  secret: Buffer | null
  grant_tokens: Buffer | null
  /** Milliseconds. */
  createdAt: number
}
export type Condition = { state: 'watching' | 'connecting' | 'failing' | 'not-connected'; cause: TroubleCause | ''; detail: string }
export type Position = { uidValidity: bigint; lastUid: number }

export async function mailboxesToWatch(kernel: Kernel): Promise<Watched[]> {
  return kernel.transactor.transaction(
    async (db) =>
      (
        await sql<Watched>`select id, version, address::text as address, way, connection, secret, grant_tokens, extract(epoch from created_at)::float8 * 1000 as "createdAt" from mailbox
      where way in ('imap', 'microsoft', 'google') and archived_at is null order by id`.execute(db)
      ).rows,
  )
}

const held = '45 seconds'

/** One node watches one mailbox; another takes over when this one has not been heard of for 45 s. */
export async function takeWatch(kernel: Kernel, mailboxId: string, node: string): Promise<boolean> {
  return kernel.transactor.transaction(async (db) => {
    const taken =
      await sql`insert into lease (name, holder, until) values (${`mailbox:${mailboxId}`}, ${node}, clock_timestamp() + ${held}::interval)
      on conflict (name) do update set until = excluded.until, holder = excluded.holder, fence = lease.fence + (lease.holder <> excluded.holder)::int
      where lease.holder = excluded.holder or lease.until < clock_timestamp() returning 1`.execute(db)
    return taken.rows.length > 0
  })
}

export async function dropWatch(kernel: Kernel, mailboxId: string, node: string): Promise<void> {
  await kernel.transactor.transaction((db) =>
    sql`delete from lease where name = ${`mailbox:${mailboxId}`} and holder = ${node}`.execute(db),
  )
}

export async function positionOf(kernel: Kernel, mailboxId: string, folder: string): Promise<Position | undefined> {
  return kernel.transactor.transaction(async (db) => {
    const found = await sql<{
      uid_validity: string
      last_uid: string
    }>`select uid_validity, last_uid from imap_position where mailbox_id = ${mailboxId} and folder = ${folder}`.execute(db)
    const row = found.rows[0]
    return row && { uidValidity: BigInt(row.uid_validity), lastUid: Number(row.last_uid) }
  })
}

/** Moves forward only, after what lies before it is committed. */
export async function keepPosition(kernel: Kernel, mailboxId: string, folder: string, at: Position): Promise<void> {
  await kernel.transactor.transaction((db) =>
    sql`insert into imap_position (mailbox_id, folder, uid_validity, last_uid) values (${mailboxId}, ${folder}, ${at.uidValidity.toString()}, ${at.lastUid})
      on conflict (mailbox_id, folder) do update set uid_validity = excluded.uid_validity,
        last_uid = case when imap_position.uid_validity = excluded.uid_validity then greatest(imap_position.last_uid, excluded.last_uid) else excluded.last_uid end`.execute(
      db,
    ),
  )
}

/** A try alone does not make it connected again: that is for the first success to say. */
export async function keepCondition(kernel: Kernel, mailboxId: string, condition: Condition): Promise<void> {
  await kernel.asSystem(({ db, now }) =>
    sql`update mailbox set condition = jsonb_strip_nulls(jsonb_build_object('expiresAt', condition -> 'expiresAt')) || ${JSON.stringify({ ...condition, at: onWire(now) })}::jsonb
      where id = ${mailboxId} and not (${condition.state} = 'connecting' and coalesce(condition ->> 'state', '') = 'not-connected')`.execute(
      db,
    ),
  )
}

/** Told once, when it has failed for five minutes. */
export async function tellFailing(kernel: Kernel, mailboxId: string): Promise<void> {
  await kernel.asSystem((context) =>
    context.record({ type: 'mailbox.failing', subject: { kind: 'mailbox', id: mailboxId }, audience: 'staff', data: {} }),
  )
}
