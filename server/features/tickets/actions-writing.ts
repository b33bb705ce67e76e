import { sql } from 'kysely'
import type { Meaning } from '../../../contract/tickets.ts'
import type { Context } from '../../kernel/context.ts'
import type { Stored } from '../../kernel/files.ts'
import type { Granted } from '../../kernel/granted.ts'
import { invalid } from '../../kernel/problem.ts'
import type { Values } from '../fields/rules.ts'
import type { TicketFacts } from './access.ts'
import type { TicketRight } from './access-visibility.ts'

/**
 * The two writes that every channel ends in: a ticket with its first message, and a further message. The mail feature, the portal, the staff screens and the API all come through here.
 */
export type Contact = { name: string; email: string }
export type NewFile = Stored & { name: string; mediaType: string; contentId?: string | undefined; inline?: boolean }
export type NewMessage = {
  kind: 'mail' | 'note' | 'phone' | 'portal' | 'api' | 'counter' | 'chat'
  direction: 'in' | 'out' | 'inside'
  audience: 'everyone' | 'staff'
  authorId: string | null
  from: Contact
  to?: Contact[]
  cc?: Contact[]
  subject?: string
  body: string
  visibleBody?: string
  html?: string | null
  automatic?: string | null
  bounce?: { recipients: string[]; hard: boolean; status: string; reason: string } | null
  unverified?: string | null
  inboundMailId?: string | null
  /** The merged ticket to whose thread it came, which has it back when merging is undone. */
  homeId?: string | null
  handoffToTeamId?: string | null
  /** Whether a mail will carry it; the mail feature tells on from there. */
  delivery?: 'waiting' | null
  undoUntil?: string | null
  at?: string
  files?: NewFile[]
  uploadIds?: string[]
}
export type NewTicket = {
  kind: 'incident' | 'request'
  subject: string
  meaning: Meaning
  impact: number
  urgency: number
  priority: number
  categoryId: string | null
  channel: 'mail' | 'portal' | 'phone' | 'counter' | 'chat' | 'api' | 'monitoring'
  requesterId: string
  onBehalfOfId: string | null
  organisationId: string | null
  siteId: string | null
  teamId: string | null
  assigneeId: string | null
  mailboxId: string | null
  language: string
  tags: string[]
  waiting: boolean
  /** Own fields by their ids, judged already. */
  fields?: Values
}

const messageColumns = sql.raw(
  `id, ticket_id, at, kind, direction, audience, author_id, from_name, from_address, recipients, subject, body, visible_body, html, automatic,
   bounce, unverified, inbound_mail_id, handoff_to_team_id, delivery, undo_until, merged_from_id`,
)
const messageValues = (
  context: Context,
  m: NewMessage,
) => sql`${m.at ?? context.now.toString()}::timestamptz, ${m.kind}, ${m.direction}, ${m.audience},
  ${m.authorId}::bigint, ${m.from.name}, ${m.from.email}, ${JSON.stringify({ to: m.to ?? [], cc: m.cc ?? [] })}::jsonb, ${m.subject ?? ''}, ${m.body},
  ${m.visibleBody ?? m.body}, ${m.html ?? null}, ${m.automatic ?? null}, ${m.bounce ? JSON.stringify(m.bounce) : null}::jsonb, ${m.unverified ?? null},
  ${m.inboundMailId ?? null}::bigint, ${m.handoffToTeamId ?? null}::bigint, ${m.delivery ?? null}, ${m.undoUntil ?? null}::timestamptz, ${m.homeId ?? null}::bigint`

/** asks: some own field is mandatory in the status that it begins with. */
export type Made = { id: string; messageId: string; asks: boolean }

export async function insertTicket(context: Context, ticket: NewTicket, message: NewMessage): Promise<Made> {
  const at = message.at ?? context.now.toString()
  // Row-level security lets a message in by its audience alone: the ticket of the same statement is not visible yet.
  const made = await sql<{ id: string; message_id: string; asks: boolean }>`
    with t as (insert into ticket (kind, subject, status_id, meaning, impact, urgency, priority, initial_priority, category_id, channel, requester_id,
      on_behalf_of_id, organisation_id, site_id, team_id, assignee_id, mailbox_id, language, tags, created_by_id, created_at, changed_at,
      last_message_id, last_message_at, waiting_since, category_at_open_id, fields)
    select ${ticket.kind}, ${ticket.subject}, s.id, s.meaning, ${ticket.impact}::int, ${ticket.urgency}::int, ${ticket.priority}::int, ${ticket.priority}::int,
      ${ticket.categoryId}::bigint, ${ticket.channel}, ${ticket.requesterId}::bigint, ${ticket.onBehalfOfId}::bigint, ${ticket.organisationId}::bigint,
      ${ticket.siteId}::bigint, ${ticket.teamId}::bigint, ${ticket.assigneeId}::bigint, ${ticket.mailboxId}::bigint, ${ticket.language}, ${ticket.tags}::text[],
      ${context.actor.id}::bigint, ${at}::timestamptz, ${at}::timestamptz, nextval(pg_get_serial_sequence('message', 'id')), ${at}::timestamptz,
      ${ticket.waiting ? at : null}::timestamptz, ${ticket.categoryId}::bigint, ${JSON.stringify(ticket.fields ?? {})}::jsonb
    from (select id, meaning from status where meaning = ${ticket.meaning} and archived_at is null order by position limit 1) s
    returning id, last_message_id as message_id),
    m as (insert into message (${messageColumns}) overriding system value select t.message_id, t.id, ${messageValues(context, message)} from t)
    select id, message_id, exists (select 1 from field f where ${ticket.meaning} = any(f.mandatory_in) and f.archived_at is null) as asks from t`.execute(
    context.db,
  )
  const row = made.rows[0]
  if (!row) throw new Error(`No status has the meaning ${ticket.meaning}.`)
  await attach(context, row.message_id, message)
  return { id: row.id, messageId: row.message_id, asks: row.asks }
}

/** What a message changes on its ticket, decided by rules.ts. */
export type TicketTouch = {
  meaning: Meaning | null
  waitingSince: string | null
  firstAnswered: boolean
  statusId?: string
  reopened?: boolean
}

export async function insertMessage(
  context: Context,
  ticket: Granted<TicketFacts, TicketRight>,
  message: NewMessage,
  touch: TicketTouch,
): Promise<string> {
  return (await insertTouching(context, ticket, message, touch)).id
}

/** As insertMessage, and says which status the ticket has after it. */
export async function insertTouching(
  context: Context,
  ticket: Granted<TicketFacts, TicketRight>,
  message: NewMessage,
  touch: TicketTouch,
): Promise<{ id: string; statusId: string; meaning: Meaning }> {
  const at = message.at ?? context.now.toString()
  const made = await sql<{ id: string; statusId: string; meaning: Meaning }>`
    with m as (insert into message (${messageColumns}) overriding system value
      select nextval(pg_get_serial_sequence('message', 'id')), ${ticket.id}::bigint, ${messageValues(context, message)} returning id, ticket_id),
    s as (select id, meaning from status where ${touch.statusId === undefined ? sql`meaning = ${touch.meaning ?? ''} and archived_at is null` : sql`id = ${touch.statusId}`} order by position limit 1),
    t as (update ticket set last_message_id = m.id, last_message_at = ${at}::timestamptz, changed_at = ${context.now.toString()}::timestamptz,
      waiting_since = ${touch.waitingSince}::timestamptz, status_id = coalesce((select id from s), status_id), meaning = coalesce((select meaning from s), meaning),
      first_answered_at = case when ${touch.firstAnswered} then coalesce(first_answered_at, ${at}::timestamptz) else first_answered_at end,
      reopened_count = reopened_count + ${touch.reopened ? 1 : 0},
      resolved_at = case when ${touch.reopened ?? false} then null else resolved_at end,
      category_at_close_id = case when ${touch.reopened ?? false} then null else category_at_close_id end,
      revisit_at = case when ${message.direction === 'in'} then null else revisit_at end
      from m where ticket.id = m.ticket_id returning ticket.status_id, ticket.meaning),
    r as (insert into ticket_read (person_id, ticket_id, message_id, at) select ${context.actor.id}::bigint, m.ticket_id, m.id, ${at}::timestamptz
      from m where ${context.actor.staff && context.actor.id !== null}
      on conflict (person_id, ticket_id) do update set message_id = excluded.message_id, at = excluded.at)
    select m.id, t.status_id as "statusId", t.meaning${message.direction === 'in' ? sql`, firstline.wake_snoozed(m.ticket_id)` : sql``} from m, t`.execute(
    context.db,
  )
  const row = made.rows[0]
  if (row === undefined) throw new Error('The message was not written.')
  await attach(context, row.id, message)
  return row
}

/** Files of a mail become attachments; uploads become this message's, if they are the writer's own and still free. */
async function attach(context: Context, messageId: string, message: NewMessage): Promise<void> {
  if (message.files?.length) {
    const files = message.files.map((f) => ({
      name: f.name,
      media_type: f.mediaType,
      size: f.size,
      sha256: f.sha256,
      content_id: f.contentId ?? null,
      shown_inline: f.inline ? 'yes' : 'no',
    }))
    await keepFiles(context, message.files)
    await sql`insert into attachment (message_id, name, media_type, size, sha256, content_id, shown_inline, created_at)
      select ${messageId}, f.name, f.media_type, f.size, f.sha256, f.content_id, f.shown_inline, ${context.now.toString()}
      from jsonb_to_recordset(${JSON.stringify(files)}::jsonb) as f (name text, media_type text, size bigint, sha256 text, content_id text, shown_inline text)`.execute(
      context.db,
    )
  }
  if (!message.uploadIds?.length) return
  const taken =
    await sql`update attachment set message_id = ${messageId} where id = any(${message.uploadIds}::bigint[]) and message_id is null
    and uploaded_by_id is not distinct from ${context.actor.id}`.execute(context.db)
  if (taken.numAffectedRows !== BigInt(new Set(message.uploadIds).size))
    throw invalid('uploadIds', 'unknown', 'One of the files is no longer there. Attach it again.')
}

export async function keepFiles(context: Context, files: Stored[]): Promise<void> {
  await sql`insert into file (sha256, size, created_at) select distinct f.sha256, f.size, ${context.now.toString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(files.map(({ sha256, size }) => ({ sha256, size })))}::jsonb) as f (sha256 text, size bigint) on conflict do nothing`.execute(
    context.db,
  )
}
