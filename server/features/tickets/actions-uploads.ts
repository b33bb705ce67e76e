import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { attachmentName } from '../../kernel/file-name.ts'
import type { Upload } from '../../kernel/routes.ts'
import { keepFiles } from './actions-writing.ts'

/** Uploads wait for the message that takes them; after a day without one they are swept. */
export async function keepUploads(
  context: Context,
  uploads: Upload[],
): Promise<{ id: string; name: string; size: number; mediaType: string }[]> {
  await keepFiles(context, uploads)
  const rows = uploads.map((u) => ({
    name: attachmentName(u.name, u.mediaType),
    media_type: u.mediaType.slice(0, 200),
    size: u.size,
    sha256: u.sha256,
  }))
  const made = await sql<{
    id: string
    name: string
    size: string
    media_type: string
  }>`insert into attachment (uploaded_by_id, name, media_type, size, sha256, created_at)
    select ${context.actor.id}::bigint, u.name, u.media_type, u.size, u.sha256, ${context.now.toString()} from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as u (name text, media_type text, size bigint, sha256 text) returning id, name, size, media_type`.execute(context.db)
  return made.rows.map((row) => ({ id: row.id, name: row.name, size: Number(row.size), mediaType: row.media_type }))
}
