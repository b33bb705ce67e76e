import { type RawBuilder, sql } from 'kysely'
import type { Message } from '../../../contract/messages.ts'
import type { Context } from '../../kernel/context.ts'
import { eyes } from './access-visibility.ts'

/** Reads messages for a reader. The timestamps come as text: a Temporal object for each costs more than the query. */
export const wireTime = (column: string) =>
  sql<string | null>`to_char(${sql.raw(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
/** The same from a timestamptz that was selected as text, which costs PostgreSQL a tenth; connections speak UTC. */
export const wireTimeOf = (text: string) =>
  `${text.slice(0, 10)}T${text.slice(11, 19)}.${(text[19] === '.' ? text.slice(20, text.indexOf('+')) : '').padEnd(3, '0').slice(0, 3)}Z`

type Contact = { name: string; email: string }
type Row = {
  as_staff: boolean | null
  id: string
  at: string
  kind: Message['kind']
  direction: Message['direction']
  audience: string
  author_id: string | null
  author_name: string | null
  from_name: string
  from_address: string
  recipients: { to: Contact[]; cc: Contact[] }
  subject: string
  body: string
  visible_body: string
  html: string | null
  automatic: string | null
  bounce: Message['bounce']
  unverified: string | null
  inbound_mail_id: string | null
  handoff_id: string | null
  handoff_name: string | null
  delivery: NonNullable<Message['delivery']>['state'] | null
  delivery_answer: string
  undo_until: string | null
  merged_from_id: string | null
  attachments: Message['attachments'] | null
}

export type MessagePage = { items: Message[]; more: boolean }

/** The newest `limit` messages (before an id), oldest first. `asStaff` decides whether internal ones are among them,
 * and those that can still be taken back. */
export async function messagesOf(
  context: Context,
  ticketId: string,
  asStaff: boolean,
  limit: number,
  before?: string,
): Promise<MessagePage> {
  const seen = asStaff ? sql`` : sql`and ${shownToRequester(context)}`
  const rows = await messageRows(context, ticketId, sql`message m`, seen, limit, before)
  return pageOf(rows, limit, asStaff)
}

/** The same with the reader's own eyes, for whoever reads the ticket at the same moment: the two queries travel together. */
export async function messagesSeen(context: Context, ticketId: string, limit: number): Promise<MessagePage> {
  const from = sql`ticket t cross join lateral ${eyes(context.actor)} v join message m on m.ticket_id = t.id`
  const rows = await messageRows(
    context,
    ticketId,
    from,
    sql`and (v.staff or (v.requester and ${shownToRequester(context)}))`,
    limit,
    undefined,
    sql`v.staff`,
  )
  return pageOf(rows, limit, rows[0]?.as_staff === true)
}

/** No note, and nothing that can still be taken back. */
const shownToRequester = ({ now }: Context) =>
  sql`m.audience = 'everyone' and (m.delivery is distinct from 'waiting' or m.undo_until <= ${now.toString()}::timestamptz)`

async function messageRows(
  context: Context,
  ticketId: string,
  from: RawBuilder<unknown>,
  seen: RawBuilder<unknown>,
  limit: number,
  before?: string,
  asStaff: RawBuilder<unknown> = sql`null`,
): Promise<Row[]> {
  const found = await sql<Row>`
    select ${asStaff} as as_staff, m.id, m.at::text as at, m.kind, m.direction, m.audience, m.author_id, p.name as author_name, m.from_name, m.from_address, m.recipients,
      m.subject, m.body, m.visible_body, m.html, m.automatic, m.bounce, m.unverified, m.inbound_mail_id, m.handoff_to_team_id as handoff_id, h.name as handoff_name,
      m.delivery, m.delivery_answer, m.undo_until::text as undo_until, m.merged_from_id, a.attachments
    from ${from}
    left join person p on p.id = m.author_id
    left join team h on h.id = m.handoff_to_team_id
    left join lateral (select json_agg(json_build_object('id', x.id::text, 'name', x.name, 'size', x.size, 'mediaType', x.media_type,
      'contentId', x.content_id, 'inline', x.shown_inline = 'yes') order by x.id) as attachments from attachment x where x.message_id = m.id) a on true
    where m.ticket_id = ${ticketId} and m.withdrawn_at is null ${seen}
      ${before === undefined ? sql`` : sql`and m.id < ${before}`}
    order by m.id desc limit ${sql.raw(String(limit + 1))}`.execute(context.db)
  return found.rows
}

const pageOf = (rows: Row[], limit: number, asStaff: boolean): MessagePage => ({
  items: rows
    .slice(0, limit)
    .reverse()
    .map((row) => asMessage(row, asStaff)),
  more: rows.length > limit,
})

export async function messageById(context: Context, ticketId: string, id: string, asStaff: boolean): Promise<Message | undefined> {
  const near = await messagesOf(context, ticketId, asStaff, 1, (BigInt(id) + 1n).toString())
  return near.items.find((message) => message.id === id)
}

/** What a requester gets of a message: never who read, what the program thinks of the sender, or how delivery fares. */
function asMessage(row: Row, asStaff: boolean): Message {
  return {
    id: row.id,
    at: wireTimeOf(row.at),
    kind: row.kind,
    internal: row.audience === 'staff',
    direction: row.direction,
    author: row.author_id === null ? null : { id: row.author_id, name: row.author_name ?? '' },
    // An agent's own address is not the requester's business: answers come from the desk's (E-056).
    from: { name: row.from_name, email: asStaff || row.direction === 'in' ? row.from_address : '' },
    to: row.recipients.to,
    cc: row.recipients.cc,
    subject: row.subject,
    text: row.body,
    visibleText: row.visible_body,
    html: row.html,
    attachments: row.attachments ?? [],
    automatic: row.automatic,
    bounce: asStaff ? row.bounce : null,
    unverified: asStaff ? row.unverified : null,
    handoffTo: row.handoff_id === null ? null : { id: row.handoff_id, name: row.handoff_name ?? '' },
    journalId: asStaff ? row.inbound_mail_id : null,
    ...(asStaff && row.merged_from_id !== null ? { mergedFrom: row.merged_from_id } : {}),
    delivery:
      asStaff && row.delivery !== null
        ? { state: row.delivery, undoUntil: row.undo_until && wireTimeOf(row.undo_until), answer: row.delivery_answer }
        : null,
  }
}
