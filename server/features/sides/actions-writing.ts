import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { invalid } from '../../kernel/problem.ts'
import { mailBeside } from '../mail/actions-sides.ts'

/** Writes messages of side conversations: ours with their mail, and those that came in. */
export type KeptFile = { name: string; mediaType: string; size: number; sha256: string }
type Writable = { id: string; ticket_id: string; subject: string }
type Contact = { name: string; email: string }

/** Files of the ticket that were chosen, and one's own uploads, which belong to the message from now on. */
export async function filesFor(
  context: Context,
  ticketId: string,
  chosen: { attachmentIds: string[]; uploadIds: string[] },
): Promise<KeptFile[]> {
  const { attachmentIds, uploadIds } = chosen
  if (attachmentIds.length + uploadIds.length === 0) return []
  const found = await sql<{ of: 'ticket' | 'upload'; name: string; mediaType: string; size: string; sha256: string }>`
    with mine as (delete from attachment where id = any(${uploadIds}::bigint[]) and message_id is null and uploaded_by_id = ${context.actor.id} returning id, name, media_type, size, sha256)
    select 'ticket' as of, a.name, a.media_type as "mediaType", a.size, a.sha256, a.id from attachment a join message m on m.id = a.message_id
      where a.id = any(${attachmentIds}::bigint[]) and m.ticket_id = ${ticketId} and m.withdrawn_at is null
    union all select 'upload', name, media_type, size, sha256, id from mine order by 1, 6`.execute(context.db)
  const count = (of: string) => found.rows.filter((row) => row.of === of).length
  if (count('ticket') !== new Set(attachmentIds).size)
    throw invalid('attachmentIds', 'unknown', 'One of the files is not of this ticket. Choose it again.')
  if (count('upload') !== new Set(uploadIds).size)
    throw invalid('uploadIds', 'unknown', 'One of the files is no longer there. Attach it again.')
  return found.rows.map(({ of: _, ...file }) => ({ ...file, size: Number(file.size) }))
}

type NewSideMessage = {
  direction: 'in' | 'out' | 'inside'
  authorId: string | null
  from: Contact
  to: Contact[]
  cc: Contact[]
  subject: string
  body: string
  visibleBody: string
  automatic?: string | null
  unverified?: string | null
  reminder?: 'yes' | 'no'
  inboundMailId?: string | null
  at?: string
  files: KeptFile[]
}

export async function insertSideMessage(context: Context, sideId: string, m: NewSideMessage): Promise<string> {
  const files = JSON.stringify(m.files.map(({ name, mediaType, size, sha256 }) => ({ name, media_type: mediaType, size, sha256 })))
  const made = await sql<{
    id: string
  }>`with m as (insert into side_message (side_id, at, direction, author_id, from_name, from_address, recipients, subject, body, visible_body,
        automatic, unverified, reminder, inbound_mail_id)
      values (${sideId}, ${m.at ?? context.now.toString()}::timestamptz, ${m.direction}, ${m.authorId}::bigint, ${m.from.name}, ${m.from.email}, ${JSON.stringify({ to: m.to, cc: m.cc })}::jsonb,
        ${m.subject}, ${m.body}, ${m.visibleBody}, ${m.automatic ?? null}, ${m.unverified ?? null}, ${m.reminder ?? 'no'}, ${m.inboundMailId ?? null}::bigint) returning id),
    f as (insert into side_file (side_message_id, name, media_type, size, sha256) select m.id, x.name, x.media_type, x.size, x.sha256
      from m, jsonb_to_recordset(${files}::jsonb) as x (name text, media_type text, size bigint, sha256 text))
    select id from m`.execute(context.db)
  return made.rows[0]!.id
}

/** Ours, to everybody of this side conversation, by mail. */
export async function writeOut(
  context: Context,
  side: Writable,
  body: string,
  files: KeptFile[],
  reminder: 'yes' | 'no' = 'no',
): Promise<string> {
  const found = await sql<
    Contact & { field: 'to' | 'cc' }
  >`with written as (update side set answered_at = null where id = ${side.id} returning id)
    select y.name, y.address::text as email, y.field from written w join side_party y on y.side_id = w.id order by y.address`.execute(
    context.db,
  )
  const of = (field: 'to' | 'cc') => found.rows.filter((row) => row.field === field).map(({ name, email }) => ({ name, email }))
  const messageId = await insertSideMessage(context, side.id, {
    direction: 'out',
    authorId: context.actor.id,
    from: { name: context.actor.name, email: context.actor.email ?? '' },
    to: of('to'),
    cc: of('cc'),
    subject: side.subject,
    body,
    visibleBody: body,
    reminder,
    files,
  })
  await mailBeside(context, {
    ticketId: side.ticket_id,
    side: { id: side.id, messageId },
    subject: side.subject,
    body,
    agent: context.actor.name,
    files,
    recipients: found.rows.map(({ name, email, field }) => ({ name, address: email, field })),
  })
  return messageId
}
