import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'

/**
 * Writes what search reads. The functions stand in the migration, because they see rows that whoever acts may not.
 * Each says whether the message has files worth reading, which a job does later.
 */
const readable = sql`a.shown_inline = 'no' and lower(split_part(a.media_type, ';', 1)) in ('text/plain', 'text/html', 'text/csv', 'text/markdown')`
const hasFiles = (messageId: string | null) =>
  sql<boolean>`exists (select 1 from attachment a where a.message_id = ${messageId}::bigint and ${readable})`

export async function indexTicket(context: Context, ticketId: string, messageId: string | null = null): Promise<{ files: boolean }> {
  const done = await sql<{ files: boolean }>`select firstline.index_ticket(${ticketId}), ${hasFiles(messageId)} as files`.execute(
    context.db,
  )
  return { files: done.rows[0]?.files === true }
}

/** With a message: that one. Without: all of the ticket that are not there yet. */
export async function indexMessages(context: Context, ticketId: string, messageId: string | null): Promise<{ files: boolean }> {
  const done = await sql<{
    files: boolean
  }>`select firstline.index_messages(${ticketId}, ${messageId}::bigint), ${hasFiles(messageId)} as files`.execute(context.db)
  return { files: done.rows[0]?.files === true }
}

/** A message that now belongs to another ticket, and the ticket that it left. */
export async function moveMessage(context: Context, messageId: string, fromTicketId: string): Promise<void> {
  await sql`delete from search_document where message_id = ${messageId} and kind in ('message', 'attachment')`.execute(context.db)
  const to = await sql<{ ticket_id: string }>`select ticket_id from message where id = ${messageId}`.execute(context.db)
  for (const ticketId of [fromTicketId, ...to.rows.map((row) => row.ticket_id)]) {
    await indexTicket(context, ticketId)
    await indexMessages(context, ticketId, null)
  }
}

/** After merging and splitting: what is known of a message says on which ticket it lies now. */
export async function followMessages(context: Context, fromId: string, toId: string): Promise<void> {
  await sql`update search_document d set ticket_id = m.ticket_id from message m
    where d.ticket_id in (${fromId}, ${toId}) and m.id = d.message_id and m.ticket_id in (${fromId}, ${toId}) and m.ticket_id <> d.ticket_id`.execute(
    context.db,
  )
  for (const id of [fromId, toId]) await indexMessages(context, id, null)
}

export async function forgetMessage(context: Context, messageId: string): Promise<void> {
  await sql`delete from search_document where message_id = ${messageId} and kind in ('message', 'attachment')`.execute(context.db)
}

export async function indexPerson(context: Context, personId: string): Promise<void> {
  await sql`select firstline.index_people(array[${personId}::bigint])`.execute(context.db)
}

export async function indexOrganisation(context: Context, organisationId: string): Promise<void> {
  await sql`select firstline.index_organisations(array[${organisationId}::bigint])`.execute(context.db)
}

export type ReadableFile = {
  id: string
  name: string
  mediaType: string
  sha256: string
  ticketId: string
  messageId: string
  audience: string
}

/** Files whose text is worth searching, of one message. */
export async function readableFiles(context: Context, messageId: string): Promise<ReadableFile[]> {
  const found =
    await sql<ReadableFile>`select a.id, a.name, a.media_type as "mediaType", a.sha256, m.ticket_id as "ticketId", m.id as "messageId", m.audience
    from attachment a join message m on m.id = a.message_id where m.id = ${messageId} and m.withdrawn_at is null and ${readable}`.execute(
      context.db,
    )
  return found.rows
}

export async function indexFile(context: Context, file: ReadableFile, text: string): Promise<void> {
  await sql`insert into search_document (kind, row_id, ticket_id, message_id, audience, vector)
    values ('attachment', ${file.id}, ${file.ticketId}, ${file.messageId}, ${file.audience}, firstline.vector(${file.name}, ${text}))
    on conflict (kind, row_id) do update set vector = excluded.vector`.execute(context.db)
}

/** One batch of a new index of everything; returns where to go on, undefined at the end. */
export async function indexBatch(context: Context, what: 'ticket' | 'person' | 'organisation', after: string): Promise<string | undefined> {
  const ids = sql`array(select id from ${sql.table(what)} where id > ${after} order by id limit 500)`
  if (what === 'ticket') {
    const done = await sql<{ last: string | null }>`with batch as materialized (select unnest(${ids}) as id),
      first as materialized (select id, firstline.index_ticket(id) as done from batch), rest as materialized (select id, firstline.index_messages(id, null) as done from first)
      select max(id) as last from rest`.execute(context.db)
    return done.rows[0]?.last ?? undefined
  }
  const index = what === 'person' ? sql`firstline.index_people` : sql`firstline.index_organisations`
  const done = await sql<{
    last: string | null
  }>`with batch as materialized (select ${ids} as ids), done as materialized (select ids, ${index}(ids) as done from batch)
    select (select max(x) from unnest(ids) x) as last from done`.execute(context.db)
  return done.rows[0]?.last ?? undefined
}

export async function emptyIndex(context: Context): Promise<void> {
  await sql`delete from search_document`.execute(context.db)
}

export async function messagesWithFiles(context: Context): Promise<string[]> {
  const found = await sql<{
    id: string
  }>`select distinct a.message_id as id from attachment a where a.message_id is not null and ${readable}`.execute(context.db)
  return found.rows.map((row) => row.id)
}

export async function peopleOf(context: Context, organisationId: string): Promise<string[]> {
  const found = await sql<{ id: string }>`select id from person where organisation_id = ${organisationId}`.execute(context.db)
  return found.rows.map((row) => row.id)
}
