import { type RawBuilder, sql } from 'kysely'
import type { Mailbox } from '../../../contract/mail.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { notAllowed, notFound } from '../../kernel/problem.ts'

/** The desk's mailboxes. The secret never leaves: only that there is one. */
export const secretPlace = (id: string) => ({ table: 'mailbox', column: 'secret', row: id })

const ref = (id: string, name: string): RawBuilder<unknown> =>
  sql.raw(`case when ${id} is null then null else json_build_object('id', ${id}::text, 'name', ${name}) end`)
const columns = sql`b.id, b.version, b.name, b.address::text as address, b.way, ${ref('t.id', 't.name')} as team, ${ref('o.id', 'o.name')} as organisation, b.language,
  b.acknowledge = 'on' as acknowledge, b.wording, b.signature, b.connection, b.secret is not null as "hasSecret", b.proved_at is not null as proved, b.arrived_at is not null as arrived,
  json_build_object('state', coalesce(b.condition ->> 'state', 'idle'), 'at', b.condition ->> 'at', 'cause', coalesce(b.condition ->> 'cause', ''), 'detail', coalesce(b.condition ->> 'detail', ''), 'expiresAt', b.condition ->> 'expiresAt') as condition`
const joined = sql`mailbox b left join team t on t.id = b.team_id left join organisation o on o.id = b.organisation_id`

export async function listMailboxes(context: Context): Promise<Mailbox[]> {
  return (await sql<Mailbox>`select ${columns} from ${joined} where b.archived_at is null order by b.id`.execute(context.db)).rows
}

export async function readMailbox(context: Context, id: string): Promise<Mailbox> {
  const found = await sql<Mailbox>`select ${columns} from ${joined} where b.id = ${id}`.execute(context.db)
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}

export type MailboxFacts = {
  id: string
  version: number
  name: string
  address: string
  way: Mailbox['way']
  language: 'en' | 'de'
  connection: Mailbox['connection']
  secret: Buffer | null
}

export async function accessMailbox(context: Context, id: string): Promise<Granted<MailboxFacts, 'mailbox.edit'>> {
  const found =
    await sql<MailboxFacts>`select id, version, name, address::text as address, way, language, connection, secret from mailbox where id = ${id} and archived_at is null for no key update`.execute(
      context.db,
    )
  if (!found.rows[0]) throw notFound()
  if (!context.actor.rights.has('mailbox.edit')) throw notAllowed()
  return found.rows[0] as unknown as Granted<MailboxFacts, 'mailbox.edit'>
}
