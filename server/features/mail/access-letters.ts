import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import { sendsItself } from './access-reachable.ts'
import type { Language, Wording } from './wording.ts'

/** What our own mails are made of: one query each. */
export type Desk = { company: string; language: Language; closeAfterDays: number }
export type LetterFacts = Desk & {
  ticketId: string
  subject: string
  ticketLanguage: Language
  requesterId: string
  organisationId: string | null
  siteId: string | null
  teamId: string | null
  name: string
  email: string | null
  personLanguage: Language
  verified: boolean
  /** The first message came from a program: it gets no mail of ours by itself. */
  automatic: boolean
  mailboxId: string | null
  address: string | null
  mailboxName: string | null
  way: string | null
  acknowledge: 'on' | 'off'
  wording: Wording
  signature: Partial<Record<Language, string>>
  resolution: string | null
}

const company = sql`coalesce((select value from setting where name = 'company'), '{}') as company_row`

/** The ticket's mailbox; for one that came another way, the first of the customer's own, then the first of all. */
const mailboxFor = sql`left join lateral (select b.id, b.address::text as address, b.name, b.way, b.acknowledge, b.wording, b.signature from mailbox b
  where b.id = t.mailbox_id or (t.mailbox_id is null and b.archived_at is null and (b.organisation_id is null or b.organisation_id = t.organisation_id))
  order by b.organisation_id nulls last, b.id limit 1) mb on true`

export async function letterFacts(db: Db, ticketId: string): Promise<LetterFacts | undefined> {
  const found = await sql<
    LetterFacts & { company_row: CompanyRow }
  >`select t.id as "ticketId", t.subject, t.language as "ticketLanguage", t.resolution, p.id as "requesterId", p.name, p.email::text as email,
      t.organisation_id as "organisationId", p.site_id as "siteId", t.team_id as "teamId",
      p.language as "personLanguage", p.verified_at is not null as verified, coalesce((select m.automatic is not null from message m where m.ticket_id = t.id order by m.id limit 1), false) as automatic,
      mb.id as "mailboxId", mb.address, mb.name as "mailboxName", mb.way, coalesce(mb.acknowledge, 'on') as acknowledge, coalesce(mb.wording, '{}') as wording, coalesce(mb.signature, '{}') as signature, ${company}
    from ticket t join person p on p.id = t.requester_id ${mailboxFor} where t.id = ${ticketId}`.execute(db)
  const row = found.rows[0]
  return row && { ...row, ...deskOf(row.company_row) }
}

type CompanyRow = { name?: string; language?: Language; closeAfterDays?: number }
const deskOf = (row: CompanyRow): Desk => ({
  company: row.name ?? 'Firstline',
  language: row.language ?? 'en',
  closeAfterDays: row.closeAfterDays ?? 5,
})

export type ReplyFacts = LetterFacts & {
  body: string
  agent: string
  undoUntil: string | null
  recipients: { to: Contact[]; cc: Contact[] }
  attachmentIds: string[]
  /** Written by a rule: nothing automatic is to answer it. */
  byProgram: boolean
}
type Contact = { name: string; email: string }

/** Only a public answer whose mail is still to be written: an internal note has none. */
export async function replyFacts(db: Db, messageId: string): Promise<ReplyFacts | undefined> {
  const found = await sql<
    ReplyFacts & { company_row: CompanyRow }
  >`select t.id as "ticketId", t.subject, t.language as "ticketLanguage", t.requester_id as "requesterId",
      (select p.name from person p where p.id = t.requester_id) as name, m.body, m.from_name as agent, m.undo_until::text as "undoUntil", m.recipients, m.automatic is not null as "byProgram",
      array(select a.id::text from attachment a where a.message_id = m.id order by a.id) as "attachmentIds",
      mb.id as "mailboxId", mb.address, mb.name as "mailboxName", mb.way, coalesce(mb.wording, '{}') as wording, coalesce(mb.signature, '{}') as signature, ${company}
    from message m join ticket t on t.id = m.ticket_id ${mailboxFor}
    where m.id = ${messageId} and m.audience = 'everyone' and m.direction = 'out' and m.delivery = 'waiting' and m.withdrawn_at is null`.execute(
    db,
  )
  const row = found.rows[0]
  return row && { ...row, ...deskOf(row.company_row) }
}

/** Mail that belongs to no ticket. Without a relay it leaves by a mailbox that can send, if there is one. */
export async function deskFacts(
  context: Context,
): Promise<Desk & { address: string | null; mailboxName: string | null; mailboxId: string | null }> {
  const found = await sql<{
    company_row: CompanyRow
    id: string | null
    address: string | null
    name: string | null
  }>`select ${company}, b.id, b.address, b.name from (select 1) one
    left join lateral (select id, address::text as address, name from mailbox where archived_at is null
      order by ${context.kernel.outside.mailTransport === null ? sql`${sendsItself('mailbox')} desc,` : sql``} organisation_id nulls first, id limit 1) b on true`.execute(
    context.db,
  )
  const row = found.rows[0]!
  return { ...deskOf(row.company_row), address: row.address, mailboxName: row.name, mailboxId: row.id }
}

/** Message-IDs of the ticket's public mails, oldest first, and the newest that came in: what our mail answers. */
export async function threadIds(db: Db, ticketId: string): Promise<{ references: string[]; inReplyTo: string | null }> {
  const found = await sql<{
    message_id: string
    ours: string
  }>`select k.message_id, k.ours from known_message k left join message m on m.id = k.created_message_id
    where k.ticket_id in (select firstline.merged_with(${ticketId})) and coalesce(m.audience, 'everyone') = 'everyone' and m.withdrawn_at is null order by k.at desc, k.message_id limit 21`.execute(
    db,
  )
  const ids = found.rows.toReversed()
  return {
    references: ids.map((row) => row.message_id),
    inReplyTo: (ids.findLast((row) => row.ours === 'no') ?? ids.at(-1))?.message_id ?? null,
  }
}
