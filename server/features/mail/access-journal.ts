import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { JournalRow, OutboxRow } from '../../../contract/mail.ts'
import type { Context } from '../../kernel/context.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid, notAllowed, notFound } from '../../kernel/problem.ts'
import { wireTime } from '../tickets/access-messages.ts'
import { visibleAsStaff, visibleTo } from '../tickets/access-visibility.ts'

/**
 * The mail journal and the outbox, by keyset on the id, newest first. An entry that became part of a ticket is as
 * visible as that ticket: a restricted one does not exist here either.
 */
type Page<T> = { items: T[]; next: string | null }
type Condition = RawBuilder<SqlBool>
/** The search looks at this many of the newest entries, so that it never reads the whole journal. */
const searched = 20_000

/** Whoever sees a ticket as its requester alone sees none of its side conversations. */
const asVisibleAs = (context: Context, row: 'i' | 'o'): Condition =>
  sql`(${sql.raw(`${row}.ticket_id`)} is null or exists (select 1 from ticket t where t.id = ${sql.raw(`${row}.ticket_id`)} and ${visibleTo(context.actor)}
    and (${sql.raw(`${row}.side_id`)} is null or ${visibleAsStaff(context.actor)})))`

const columns = sql`i.id, ${wireTime('i.received_at')} as "receivedAt", i.source, case when b.id is null then null else json_build_object('id', b.id::text, 'name', b.name) end as mailbox,
  i.message_id as "messageId", json_build_object('name', i.from_name, 'email', i.from_address) as "from", i.subject, i.size::int as size, i.verdict, i.reason, i.detail,
  i.ticket_id as "ticketId", ${wireTime('i.judged_at')} as "judgedAt"`

type Search = {
  limit: number
  after?: string | undefined
  messageId?: string | undefined
  verdict?: string | undefined
  mailboxId?: string | undefined
  q?: string | undefined
}

export async function listJournal(context: Context, search: Search): Promise<Page<JournalRow>> {
  const where: Condition[] = [asVisibleAs(context, 'i')]
  if (search.after !== undefined) where.push(sql`i.id < ${cursor(search.after)}`)
  if (search.messageId !== undefined) where.push(sql`i.message_id = ${search.messageId.trim().replace(/^<|>$/g, '')}`)
  if (search.verdict !== undefined) where.push(sql`i.verdict = ${search.verdict}`)
  if (search.mailboxId !== undefined) where.push(sql`i.mailbox_id = ${search.mailboxId}`)
  if (search.q?.trim()) where.push(wordIn(search.q.trim()))
  const found = await sql<JournalRow>`select ${columns} from inbound_mail i left join mailbox b on b.id = i.mailbox_id
    where ${sql.join(where, sql` and `)} order by i.id desc limit ${sql.raw(String(search.limit + 1))}`.execute(context.db)
  return paged(found.rows, search.limit)
}

function wordIn(q: string): Condition {
  const like = `%${q.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`
  return sql`i.id > (select coalesce(max(id), 0) - ${sql.lit(searched)} from inbound_mail) and (i.subject ilike ${like} or i.from_address ilike ${like} or i.from_name ilike ${like} or i.message_id = ${q.replace(/^<|>$/g, '')})`
}

function cursor(after: string): string {
  if (!/^\d{1,19}$/.test(after)) throw invalid('query.after', 'invalid_cursor', 'This page does not exist.')
  return after
}
function paged<T extends { id: string }>(rows: T[], limit: number): Page<T> {
  const items = rows.slice(0, limit)
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

export type JournalFacts = JournalRow & {
  envelopeFrom: string
  envelopeTo: string[]
  clientAddress: string
  authentication: Record<string, unknown>
  /** Null: erased. */
  sha256: string | null
  createdMessageId: string | null
  text: string | null
}
export type JournalRight = 'journal.see' | 'quarantine.open'

export async function accessEntry<R extends JournalRight>(context: Context, id: string, right: R): Promise<Granted<JournalFacts, R>> {
  const found =
    await sql<JournalFacts>`select ${columns}, i.envelope_from as "envelopeFrom", i.envelope_to as "envelopeTo", i.client_address as "clientAddress", i.authentication, i.sha256,
      i.created_message_id as "createdMessageId", m.body as text
    from inbound_mail i left join mailbox b on b.id = i.mailbox_id left join message m on m.id = i.created_message_id
    where i.id = ${id} and ${asVisibleAs(context, 'i')}`.execute(context.db)
  const row = found.rows[0]
  if (!row) throw notFound()
  if (!context.actor.rights.has(right)) throw notAllowed()
  return row as unknown as Granted<JournalFacts, R>
}

export async function journalRow(context: Context, id: string): Promise<JournalRow> {
  const found =
    await sql<JournalRow>`select ${columns} from inbound_mail i left join mailbox b on b.id = i.mailbox_id where i.id = ${id}`.execute(
      context.db,
    )
  if (!found.rows[0]) throw notFound()
  return found.rows[0]
}

const outColumns = sql`o.id, ${wireTime('o.created_at')} as "createdAt", o.kind, o.state, o.subject, o.ticket_id as "ticketId", o.attempts, o.last_answer as "lastAnswer",
  ${wireTime('o.not_before')} as "notBefore", ${wireTime('o.sent_at')} as "sentAt",
  coalesce((select json_agg(json_build_object('address', r.address, 'field', r.field, 'state', r.state, 'answer', r.answer) order by r.field desc, r.address) from outbound_recipient r where r.outbound_mail_id = o.id), '[]') as recipients`

export async function listOutbox(
  context: Context,
  search: { limit: number; after?: string | undefined; state?: string | undefined; ticketId?: string | undefined },
): Promise<Page<OutboxRow>> {
  const where: Condition[] = [asVisibleAs(context, 'o')]
  if (search.after !== undefined) where.push(sql`o.id < ${cursor(search.after)}`)
  if (search.state !== undefined) where.push(sql`o.state = ${search.state}`)
  if (search.ticketId !== undefined) where.push(sql`o.ticket_id = ${search.ticketId}`)
  const found =
    await sql<OutboxRow>`select ${outColumns} from outbound_mail o where ${sql.join(where, sql` and `)} order by o.id desc limit ${sql.raw(String(search.limit + 1))}`.execute(
      context.db,
    )
  return paged(found.rows, search.limit)
}

export async function accessOutMail(context: Context, id: string): Promise<Granted<OutboxRow, 'mailbox.edit'>> {
  const found = await sql<OutboxRow>`select ${outColumns} from outbound_mail o where o.id = ${id} and ${asVisibleAs(context, 'o')}`.execute(
    context.db,
  )
  if (!found.rows[0]) throw notFound()
  return found.rows[0] as unknown as Granted<OutboxRow, 'mailbox.edit'>
}
