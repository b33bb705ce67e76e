import { sql } from 'kysely'
import type { Instant } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import { linkAddress, sealedToken } from '../sessions/actions-links.ts'
import { tellDelivery } from '../tickets/actions-delivery.ts'
import { heldByRestore } from './access-held.ts'
import { threadIds } from './access-letters.ts'
import { hasWayOut } from './access-reachable.ts'
import { sideThreadIds } from './access-sides.ts'
import { codeMark, type Enclosed, type Invitation, linkMark, type SealedLink, sendJob } from './actions-outbox.ts'
import type { OutMail } from './compose.ts'
import type { Handed } from './outside.ts'
import { lateAfter, type MailState, nextTry, type RecipientState, stateOf } from './rules.ts'
import './events.ts'

/**
 * Claiming and settling one outgoing mail. Between the two lies the hand-over, outside any transaction. A row found in
 * `sending` was claimed by a worker that died: nobody knows whether the relay has it, so it goes once more under the same
 * Message-ID, and never a second time by itself (FT-37, FT-40).
 */
export type Claimed = OutMail & {
  ticketId: string | null
  mailboxId: string | null
  reportedMessageId: string | null
  attempts: number
  created: Instant
  attachmentFiles: { name: string; mediaType: string; sha256: string }[]
  instance: string
  enclosed: Enclosed[]
  secret?: SealedLink
}
type Row = {
  id: string
  kind: string
  ticket_id: string | null
  created_message_id: string | null
  side_id: string | null
  files: Claimed['attachmentFiles']
  mailbox_id: string | null
  message_id: string
  sender: Claimed['sender'] & { secret?: SealedLink }
  subject: string
  body: string
  html: string | null
  headers: Record<string, string>
  attachment_ids: string[]
  calendar: Invitation | null
  enclosed: Enclosed[]
  state: MailState
  attempts: number
  uncertain: boolean
  due: boolean
  stale: boolean
  wayOut: boolean
  /** A backup was restored and nobody has confirmed yet that mail may go out: what it holds may have been sent before. */
  restored: boolean
  created_at: Instant
}

export async function claimMail(context: Context, id: string): Promise<Claimed | null> {
  const found =
    await sql<Row>`select id, kind, ticket_id, created_message_id, side_id, files, mailbox_id, message_id, sender, subject, body, html, headers, attachment_ids::text[], calendar, enclosed, state, attempts, created_at,
    uncertain_at is not null as uncertain, not_before <= ${context.now.toString()}::timestamptz as due, abs(extract(epoch from clock_timestamp() - claimed_at)) > 15 as stale,
    ${hasWayOut(context)} as "wayOut", exists (select 1 from setting where name = 'restored') as restored
    from outbound_mail o where id = ${id} for update`.execute(context.db)
  const row = found.rows[0]
  if (!row || !mayGo(row)) return null
  if (!row.wayOut) return giveUp(context, row, 'held', '')
  if (row.restored) return giveUp(context, row, 'held', heldByRestore)
  if (row.state === 'sending' && row.uncertain)
    return giveUp(context, row, 'uncertain', 'The program stopped while the mail was handed over.')
  const { secret } = row.sender
  if (secret && Date.parse(secret.expiresAt) < context.now.epochMilliseconds)
    return giveUp(context, row, 'withdrawn', 'The link has expired.')
  await sql`update outbound_mail set state = 'sending', attempts = attempts + 1, claimed_at = clock_timestamp(),
    uncertain_at = case when state = 'sending' then ${context.now.toString()}::timestamptz else uncertain_at end where id = ${id}`.execute(
    context.db,
  )
  if (isTold(row)) await tellDelivery(context, row.created_message_id, 'sending', '')
  return loaded(context, row)
}

const mayGo = (row: Row): boolean =>
  (row.due && (row.state === 'waiting' || row.state === 'ready')) || (row.state === 'sending' && row.stale)
/** Only an answer's own mail says how that answer fares; a notification about it does not. */
const isTold = (row: { kind: string; created_message_id: string | null }): row is { kind: string; created_message_id: string } =>
  row.kind === 'reply' && row.created_message_id !== null

/** Nothing is handed over this time. */
async function giveUp(context: Context, row: Row, state: MailState, answer: string): Promise<null> {
  await sql`update outbound_mail set state = ${state}, last_answer = ${answer} where id = ${row.id}`.execute(context.db)
  if (!isTold(row)) return null
  await tellDelivery(context, row.created_message_id, state, answer)
  await context.record({
    type: 'mail.delivery-changed',
    subject: { kind: 'message', id: row.created_message_id },
    ticketId: row.ticket_id,
    audience: 'everyone',
    data: { messageId: row.created_message_id, state },
  })
  return null
}

/** What stands in the mail instead of its mark. */
function opened({ kernel }: Context, secret: SealedLink): [string, string] {
  if (secret.is === 'code') return [codeMark, sealedToken(kernel, secret)]
  if (secret.is === 'confirmation') return [linkMark, `${kernel.settings.baseUrl}/confirm/${sealedToken(kernel, secret)}`]
  if (secret.is === 'survey') return [linkMark, `${kernel.settings.baseUrl}/survey/${sealedToken(kernel, secret)}`]
  if (secret.is === 'page') return [linkMark, `${kernel.settings.baseUrl}/page/${sealedToken(kernel, secret)}`]
  return [linkMark, linkAddress(kernel, secret)]
}

async function loaded(context: Context, row: Row): Promise<Claimed> {
  const recipients = await sql<OutMail['recipients'][number]>`select name, address::text as address, field from outbound_recipient
    where outbound_mail_id = ${row.id} and state in ('pending', 'deferred') order by field desc, address`.execute(context.db)
  const attachments = [...(await attachmentsOf(context.db, row.attachment_ids)), ...row.files]
  const thread = await threadFor(context.db, row)
  const instance = await sql<{ id: string | null }>`select value ->> 'id' as id from setting where name = 'instance'`.execute(context.db)
  const { secret, ...sender } = row.sender
  const [mark, open] = secret ? opened(context, secret) : [linkMark, '']
  const references = thread.references.filter((one) => one !== row.message_id)
  return {
    id: row.id,
    kind: row.kind,
    ticketId: row.ticket_id,
    mailboxId: row.mailbox_id,
    reportedMessageId: isTold(row) ? row.created_message_id : null,
    attempts: row.attempts + 1,
    created: row.created_at,
    messageId: row.message_id,
    sender,
    subject: row.subject,
    text: row.body.replaceAll(mark, open),
    html: row.html?.replaceAll(mark, open) ?? null,
    headers: row.headers,
    createdAt: new Date(row.created_at.epochMilliseconds),
    inReplyTo: thread.inReplyTo === row.message_id ? (references.at(-1) ?? null) : thread.inReplyTo,
    references,
    recipients: recipients.rows,
    attachments: [],
    attachmentFiles: attachments,
    calendar: row.calendar,
    enclosed: row.enclosed,
    instance: instance.rows[0]?.id ?? '',
  }
}

/** A side conversation's mail names its own thread only: the other side learns no Message-ID of the ticket's. */
function threadFor(db: Db, row: Row): Promise<{ references: string[]; inReplyTo: string | null }> {
  if (row.side_id !== null) return sideThreadIds(db, row.side_id)
  return row.ticket_id === null ? Promise.resolve({ references: [], inReplyTo: null }) : threadIds(db, row.ticket_id)
}

async function attachmentsOf(db: Db, ids: string[]): Promise<Claimed['attachmentFiles']> {
  if (ids.length === 0) return []
  return (
    await sql<
      Claimed['attachmentFiles'][number]
    >`select name, media_type as "mediaType", sha256 from attachment where id = any(${ids}::bigint[]) order by id`.execute(db)
  ).rows
}

export async function settleSent(context: Context, mail: Claimed, handed: Handed): Promise<void> {
  await sql`update outbound_recipient r set state = x.state, answer = x.answer from jsonb_to_recordset(${JSON.stringify(handed.recipients)}::jsonb) as x (address citext, state text, answer text)
    where r.outbound_mail_id = ${mail.id} and r.address = x.address`.execute(context.db)
  const all = await sql<{
    state: RecipientState
    answer: string
  }>`select state, answer from outbound_recipient where outbound_mail_id = ${mail.id}`.execute(context.db)
  let state = all.rows.length === 0 ? 'withdrawn' : stateOf(all.rows.map((one) => one.state))
  const again = state === 'ready' ? nextTry(mail.attempts, context.now) : null
  if (state === 'ready' && again === null) state = await failDeferred(context, mail.id)
  const answer =
    (all.rows.find((one) => one.state === 'failed') ?? all.rows.find((one) => one.state === 'deferred'))?.answer ?? handed.answer
  await sql`update outbound_mail set state = ${state}, last_answer = ${answer}, not_before = ${again?.toString() ?? sql`not_before`}, sent_at = case when ${state} in ('sent', 'partly') then ${context.now.toString()}::timestamptz else sent_at end
    where id = ${mail.id}`.execute(context.db)
  if (again !== null) context.later(sendJob(mail.kind, mail.id, again))
  await tell(context, mail, state, answer)
}

async function failDeferred(context: Context, id: string): Promise<MailState> {
  await sql`update outbound_recipient set state = 'failed' where outbound_mail_id = ${id} and state in ('pending', 'deferred')`.execute(
    context.db,
  )
  const all = await sql<{ state: RecipientState }>`select state from outbound_recipient where outbound_mail_id = ${id}`.execute(context.db)
  return stateOf(all.rows.map((one) => one.state))
}

/** The wire broke after the last byte: once more in ten minutes, under the same Message-ID; after that a person decides. */
export async function settleUncertain(context: Context, mail: Claimed, cause: string): Promise<void> {
  const marked = await sql<{
    again: boolean
  }>`with old as (select id, uncertain_at is null as first from outbound_mail where id = ${mail.id} for update)
    update outbound_mail o set state = case when old.first then 'ready' else 'uncertain' end, uncertain_at = coalesce(o.uncertain_at, ${context.now.toString()}::timestamptz),
      not_before = ${context.now.add({ minutes: 10 }).toString()}::timestamptz, last_answer = ${`uncertain: ${cause}`.slice(0, 500)} from old where o.id = old.id returning old.first as again`.execute(
    context.db,
  )
  if (marked.rows[0]?.again) context.later(sendJob(mail.kind, mail.id, context.now.add({ minutes: 10 })))
  await tell(context, mail, 'uncertain', cause)
}

async function tell(context: Context, mail: Claimed, state: MailState, answer: string): Promise<void> {
  const { reportedMessageId: messageId, ticketId } = mail
  const subject = { kind: 'outbound-mail', id: mail.id }
  if (messageId !== null) {
    await tellDelivery(context, messageId, state, state === 'sent' ? '' : answer)
    await context.record({
      type: 'mail.delivery-changed',
      subject: { kind: 'message', id: messageId },
      ticketId,
      // The requester's portal looks anew: the answer can no longer be taken back.
      audience: 'everyone',
      data: { messageId, state },
    })
  }
  if (state === 'failed' || state === 'partly')
    await context.record({
      type: 'mail.undelivered',
      subject,
      ticketId,
      audience: 'staff',
      data: { messageId, outboundMailId: mail.id, bounced: false },
    })
  if (state === 'ready' && messageId !== null) await tellDelay(context, mail, messageId)
}

/** FT-34: after a quarter of an hour the writer is told that the mail is late. */
async function tellDelay(context: Context, mail: Claimed, messageId: string): Promise<void> {
  if (context.now.since(mail.created.add(lateAfter)).sign < 0) return
  const first =
    await sql`update outbound_mail set delayed_at = ${context.now.toString()} where id = ${mail.id} and delayed_at is null returning 1`.execute(
      context.db,
    )
  if (first.rows.length > 0)
    await context.record({
      type: 'mail.delayed',
      subject: { kind: 'outbound-mail', id: mail.id },
      ticketId: mail.ticketId,
      audience: 'staff',
      data: { messageId },
    })
}
