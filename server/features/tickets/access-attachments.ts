import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { notFound } from '../../kernel/problem.ts'
import type { FileOut } from '../../kernel/routes.ts'
import { visibleAsStaff, visibleTo } from './access-visibility.ts'

/**
 * An attachment is as visible as its message; an upload not yet sent belongs to its uploader alone. Without a message
 * there is no ticket to judge by, and conditions on a row of nulls say nothing: hence `m.id is not null`.
 */
type Row = { name: string; media_type: string; size: string; sha256: string }

export async function attachmentFile(context: Context, id: string): Promise<FileOut> {
  const { actor } = context
  const found =
    await sql<Row>`select a.name, a.media_type, a.size, a.sha256 from attachment a left join message m on m.id = a.message_id left join ticket t on t.id = m.ticket_id
    where a.id = ${id} and ((a.message_id is null and a.uploaded_by_id = ${actor.id})
      or (m.id is not null and m.withdrawn_at is null and ${visibleTo(actor)} and (m.audience = 'everyone' or ${visibleAsStaff(actor)})))`.execute(
      context.db,
    )
  const row = found.rows[0]
  if (!row) throw notFound()
  return {
    content: context.kernel.files.stream(row.sha256),
    name: row.name,
    mediaType: row.media_type,
    size: Number(row.size),
    inline: true,
  }
}
