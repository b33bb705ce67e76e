import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { notFound } from '../../kernel/problem.ts'
import type { FileOut, Upload } from '../../kernel/routes.ts'
import { attachmentName } from '../mail/file-name.ts'
import { visibleAsStaff, visibleTo } from './visibility.ts'
import { keepFiles } from './writing.ts'

/** An attachment is as visible as its message; an upload not yet sent belongs to its uploader alone. */
type Row = { name: string; media_type: string; size: string; sha256: string }

export async function attachmentFile(context: Context, id: string): Promise<FileOut> {
  const { actor } = context
  const found = await sql<Row>`select a.name, a.media_type, a.size, a.sha256 from attachment a left join message m on m.id = a.message_id left join ticket t on t.id = m.ticket_id
    where a.id = ${id} and ((a.message_id is null and a.uploaded_by_id = ${actor.id})
      or (m.withdrawn_at is null and ${visibleTo(actor)} and (m.audience = 'everyone' or ${visibleAsStaff(actor)})))`.execute(context.db)
  const row = found.rows[0]
  if (!row) throw notFound()
  return { content: context.kernel.files.stream(row.sha256), name: row.name, mediaType: row.media_type, size: Number(row.size), inline: true }
}

export async function keepUploads(context: Context, uploads: Upload[]): Promise<{ id: string; name: string; size: number; mediaType: string }[]> {
  await keepFiles(context, uploads)
  const rows = uploads.map((u) => ({ name: attachmentName(u.name, u.mediaType), media_type: u.mediaType.slice(0, 200), size: u.size, sha256: u.sha256 }))
  const made = await sql<{ id: string; name: string; size: string; media_type: string }>`insert into attachment (uploaded_by_id, name, media_type, size, sha256, created_at)
    select ${context.actor.id}::bigint, u.name, u.media_type, u.size, u.sha256, ${context.now.toString()} from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as u (name text, media_type text, size bigint, sha256 text) returning id, name, size, media_type`.execute(context.db)
  return made.rows.map((row) => ({ id: row.id, name: row.name, size: Number(row.size), mediaType: row.media_type }))
}
