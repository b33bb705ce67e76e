import { sql } from 'kysely'
import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { job } from '../../kernel/jobs.ts'
import { hashOf } from '../../kernel/secrets.ts'
import { tellDelivery } from '../tickets/actions-delivery.ts'
import { mailboxHasWayOut } from './access-reachable.ts'
import { headerText } from './layout.ts'
import { messageIdWith, newMailToken } from './reply-address.ts'
import { laneOf, type MailState, priorityOf } from './rules.ts'
import './events.ts'

/**
 * The outbox. A mail's life: waiting (undo time) -> ready -> sending -> sent, partly or failed; back to ready with a
 * later time after a temporary refusal; uncertain when the wire broke after the last byte; withdrawn by undo; held while
 * there is no way out. The row, its recipients and its secrets are one statement; the job exists exactly when they do.
 */
export type OutKind =
  | 'reply'
  | 'acknowledgement'
  | 'resolved'
  | 'notice'
  | 'sign-in'
  | 'invitation'
  | 'reset'
  | 'test'
  | 'system'
  | 'visit'
  | 'work-report'
  | 'survey'
  | 'side'
  | 'page'
export type OutRecipient = { name: string; address: string; field: 'to' | 'cc'; personId?: string | null }
/**
 * A link that signs somebody in lies here sealed; the mail's text has `linkMark` in its place until it is sent. So does a
 * one-time code, with `codeMark`, and a link that asks for a manager's word: whoever reads the outbox learns neither.
 */
export type SealedLink = { link: string; linkId: string; expiresAt: string; is?: 'code' | 'confirmation' | 'survey' | 'page' }
/** An appointment for the reader's calendar (RFC 6047), and small files made for this mail alone. */
export type Invitation = { method: 'REQUEST' | 'CANCEL'; text: string }
export type Enclosed = { name: string; mediaType: string; base64: string }
export const linkMark = 'https://link.invalid/'
export const codeMark = '••••••'
export type NewOutMail = {
  kind: OutKind
  ticketId: string | null
  messageId: string | null
  mailboxId: string | null
  sender: { name: string; address: string; plus: boolean; secret?: SealedLink }
  subject: string
  text: string
  html: string
  headers?: Record<string, string>
  attachmentIds?: string[]
  /** Files that are no attachments of a message. */
  files?: { name: string; mediaType: string; sha256: string }[]
  /** It belongs to a side conversation of the ticket: answers find that, and never the ticket. */
  side?: { id: string; messageId: string | null }
  calendar?: Invitation
  enclosed?: Enclosed[]
  /** The message of the pager that it is: how it fares is looked up by that. */
  pageMessageId?: string
  /** For colleagues only: what one of them answers is an internal note. */
  inside?: boolean
  recipients: OutRecipient[]
  /** Not before; absent: now. */
  notBefore?: Instant
}

export async function enqueueMail(context: Context, mail: NewOutMail): Promise<void> {
  const { kernel, now } = context
  const token = newMailToken()
  const at = mail.notBefore ?? now
  const waits = at.epochMilliseconds > now.epochMilliseconds
  const held = !waits && !(await mailboxHasWayOut(context, mail.mailboxId))
  const state: MailState = waits ? 'waiting' : held ? 'held' : 'ready'
  const recipients = mail.recipients.map((one) => ({
    address: one.address,
    name: headerText(one.name, 200),
    field: one.field,
    person_id: one.personId ?? null,
  }))
  const making = sql<{ id: string }>`
    with o as (insert into outbound_mail (kind, ticket_id, created_message_id, mailbox_id, message_id, sender, subject, body, html, headers, attachment_ids, calendar, enclosed, files, side_id, side_message_id, page_message_id, state, priority, not_before, created_at)
      values (${mail.kind}, ${mail.ticketId}::bigint, ${mail.messageId}::bigint, ${mail.mailboxId}::bigint, ${messageIdWith(token, kernel.settings.mailDomain)},
        ${JSON.stringify({ ...mail.sender, name: headerText(mail.sender.name, 200), ...(mail.sender.plus ? { token } : {}) })}::jsonb, ${headerText(mail.subject)}, ${mail.text}, ${mail.html},
        ${JSON.stringify(mail.headers ?? {})}::jsonb, ${mail.attachmentIds ?? []}::bigint[], ${mail.calendar ? JSON.stringify(mail.calendar) : null}::jsonb, ${JSON.stringify(mail.enclosed ?? [])}::jsonb, ${JSON.stringify(mail.files ?? [])}::jsonb, ${mail.side?.id ?? null}::bigint, ${mail.side?.messageId ?? null}::bigint, ${mail.pageMessageId ?? null}::bigint, ${state}, ${-priorityOf(mail.kind)}, ${at.toString()}::timestamptz, ${now.toString()}::timestamptz)
      returning id, message_id, ticket_id, created_message_id, side_id),
    r as (insert into outbound_recipient (outbound_mail_id, address, name, field, person_id)
      select distinct on (x.address) o.id, x.address, x.name, x.field, x.person_id from o, jsonb_to_recordset(${JSON.stringify(recipients)}::jsonb) as x (address citext, name text, field text, person_id bigint)
      where ${mail.kind === 'test'} or not exists (select 1 from mailbox b where b.address = x.address) order by x.address, x.field desc),
    k as (insert into known_message (message_id, ticket_id, created_message_id, ours, at, inside) select o.message_id, o.ticket_id, o.created_message_id, 'yes', ${now.toString()}::timestamptz, ${mail.inside ?? false} from o where o.ticket_id is not null and o.side_id is null),
    ks as (insert into known_side_message (message_id, side_id, ours, at) select o.message_id, o.side_id, 'yes', ${now.toString()}::timestamptz from o where o.side_id is not null),
    t as (insert into mail_token (token_hash, ticket_id, side_id, created_message_id, outbound_mail_id, at, inside) select ${hashOf(token)}, case when o.side_id is null then o.ticket_id end, o.side_id, o.created_message_id, o.id, ${now.toString()}::timestamptz, ${mail.inside ?? false} from o)
    select id from o`.execute(context.db)
  const made = making.then(({ rows }) => {
    if (!held) context.later(sendJob(mail.kind, rows[0]!.id, waits ? at : undefined))
  })
  await context.alongside(made)
  if (held && mail.kind === 'reply' && mail.messageId !== null) await tellDelivery(context, mail.messageId, 'held', '')
}

export const sendJob = (kind: string, id: string, at?: Instant) =>
  job('mail.send', { outboundMailId: id }, { queue: laneOf(kind, id), priority: priorityOf(kind), ...(at ? { at } : {}) })

/** Undo: the mail of this message stays here. */
export async function withdrawMail(context: Context, messageId: string): Promise<void> {
  await sql`with o as (update outbound_mail set state = 'withdrawn' where created_message_id = ${messageId} and kind = 'reply' and state in ('waiting', 'ready', 'held') returning id)
    update outbound_recipient r set state = 'withdrawn' from o where r.outbound_mail_id = o.id`.execute(context.db)
}

/** C-031: one more automatic answer to this address, if there may be one. Kept for each address by itself, so that two at once count as two. */
export async function mayAnswer(context: Context, address: string, most: number): Promise<boolean> {
  const now = context.now.toString()
  const taken = await sql`insert into automatic_answer (address, times) values (${address}, array[${now}::timestamptz])
    on conflict (address) do update set times = (array[${now}::timestamptz] || automatic_answer.times)[1:10]
    where coalesce(automatic_answer.times[${sql.lit(most)}] < ${now}::timestamptz - interval '1 hour', true) returning 1`.execute(
    context.db,
  )
  return taken.rows.length > 0
}
